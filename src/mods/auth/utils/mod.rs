mod device_cookie_util;
mod hash_password_util;
mod password_rules_util;
mod postgres_session_store_util;
mod session_key_util;
pub mod session_util;

pub use device_cookie_util::DeviceToken;
pub use hash_password_util::{
    HashingPlace, HashingQueue, hash_password_util, verify_password_util,
};
pub use password_rules_util::{check_new_password, may_be_password};
pub use postgres_session_store_util::PostgresSessionStore;
pub use session_key_util::SessionKey;
