mod change_password_api;
#[cfg(feature = "server")]
mod current_user_extractor;
mod get_current_user_api;
mod login_api;
mod logout_api;
#[cfg(feature = "server")]
mod require_login;
#[cfg(feature = "server")]
mod sign_in_form_api;

pub use change_password_api::change_password_api;
pub use get_current_user_api::get_current_user_api;
pub use login_api::login_api;
pub use logout_api::logout_api;
#[cfg(feature = "server")]
pub use require_login::require_login;
#[cfg(feature = "server")]
pub use sign_in_form_api::{open_sign_in_form_api, sign_in_form_api};
