mod change_password_service;
mod check_master_key_service;
mod check_password_service;
mod clean_up_sign_ins_service;
mod create_organization_service;
mod create_user_service;
mod end_access_service;
mod find_current_user_service;
mod find_user;
mod forget_sealed_values_service;
mod is_signed_in_service;
mod log_in_service;
mod remove_user_service;
mod rotate_master_key_service;
mod sealed_values;
mod set_password_service;
mod set_role_service;
mod sign_in_attempt;
mod sign_out_user_service;

pub use change_password_service::change_password_service;
pub use clean_up_sign_ins_service::clean_up_sign_ins_service;
pub use create_user_service::{NewUser, create_user_service};
pub use end_access_service::{end_access_service, log_out_service};
pub use find_current_user_service::find_current_user_service;
pub use is_signed_in_service::is_signed_in_service;
pub use log_in_service::{SignedIn, log_in_service};
pub use remove_user_service::remove_user_service;
pub use set_password_service::set_password_service;
pub use set_role_service::set_role_service;
pub use sign_in_attempt::SignInOrigin;
pub use sign_out_user_service::sign_out_user_service;

pub use check_master_key_service::{
    KeyCheckError, adopt_master_key_service, check_master_key_service,
};
pub use create_organization_service::create_organization_service;
pub use forget_sealed_values_service::forget_sealed_values_service;
pub use rotate_master_key_service::{Rotation, rotate_master_key_service};
