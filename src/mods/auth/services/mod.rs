mod clean_up_sign_ins_service;
mod create_user_service;
mod find_current_user_service;
mod log_in_service;
mod set_password_service;

pub use clean_up_sign_ins_service::clean_up_sign_ins_service;
pub use create_user_service::{NewUser, create_user_service};
pub use find_current_user_service::find_current_user_service;
pub use log_in_service::log_in_service;
pub use set_password_service::set_password_service;
