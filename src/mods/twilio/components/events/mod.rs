//! The list of events from Twilio, with filter and payload.

mod twilio_event_filter_component;
mod twilio_event_list_component;
mod twilio_event_payload_component;
mod twilio_event_row_component;

pub use twilio_event_list_component::TwilioEventList;
