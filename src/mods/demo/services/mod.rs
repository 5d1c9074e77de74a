mod fill_simulator_service;
mod find_demo_organization_service;
mod forward_simulator_events_service;
mod insert_demo_audit_service;
mod insert_demo_contacts_service;
mod insert_demo_messages_service;
mod insert_demo_numbers_service;
mod reset_demo_service;
mod seed_demo_service;

pub use fill_simulator_service::fill_simulator_service;
pub use find_demo_organization_service::{DEMO_ORGANIZATION, find_demo_organization_service};
pub use forward_simulator_events_service::forward_simulator_events_service;
pub use insert_demo_audit_service::insert_demo_audit_service;
pub use insert_demo_contacts_service::insert_demo_contacts_service;
pub use insert_demo_messages_service::{DemoMessage, insert_demo_messages_service};
pub use insert_demo_numbers_service::insert_demo_numbers_service;
pub use reset_demo_service::reset_demo_service;
pub use seed_demo_service::seed_demo_service;
