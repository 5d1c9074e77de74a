mod get_current_user_api;
mod login_api;
mod logout_api;

pub use get_current_user_api::get_current_user_api;
pub use login_api::login_api;
pub use logout_api::logout_api;
