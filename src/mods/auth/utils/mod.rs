pub mod current_user_extractor_util;
mod hash_password_util;
mod postgres_session_store_util;
pub mod session_util;

pub use hash_password_util::{hash_password_util, verify_password_util};
pub use postgres_session_store_util::PostgresSessionStore;
