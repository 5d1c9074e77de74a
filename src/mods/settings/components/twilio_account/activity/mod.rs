//! What Loquent changed at Twilio, and how to take it back.

mod activity_row_component;
mod activity_section_component;

pub use activity_section_component::ActivitySection;
