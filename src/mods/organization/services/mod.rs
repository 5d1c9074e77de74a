mod assign_number_service;
mod check_master_key_service;
mod create_organization_service;
mod forget_sealed_values_service;
mod rotate_master_key_service;
mod sealed_values;
mod set_shared_twilio_service;

pub use assign_number_service::{assign_number_service, unassign_number_service};
pub use check_master_key_service::{
    KeyCheckError, adopt_master_key_service, check_master_key_service,
};
pub use create_organization_service::create_organization_service;
pub use forget_sealed_values_service::forget_sealed_values_service;
pub use rotate_master_key_service::{Rotation, rotate_master_key_service};
pub use set_shared_twilio_service::set_shared_twilio_service;
