//! Whether Twilio sends its events to Loquent.

mod event_types_component;
mod forwarding_facts_component;
mod forwarding_section_component;
mod test_event_component;

pub use forwarding_section_component::ForwardingSection;
