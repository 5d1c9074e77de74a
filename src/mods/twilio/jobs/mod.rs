mod process_twilio_events_task;

pub use process_twilio_events_task::process_twilio_events_task;
