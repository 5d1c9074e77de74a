mod assign_number_service;
mod create_organization_service;
mod set_shared_twilio_service;

pub use assign_number_service::{assign_number_service, unassign_number_service};
pub use create_organization_service::create_organization_service;
pub use set_shared_twilio_service::set_shared_twilio_service;
