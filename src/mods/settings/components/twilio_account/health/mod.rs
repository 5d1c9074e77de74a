//! What is not as it should be at Twilio.

mod finding_row_component;
mod health_section_component;

pub use health_section_component::HealthSection;
