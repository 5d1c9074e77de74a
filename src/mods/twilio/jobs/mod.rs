mod clean_up_reconciliations_job;
mod clean_up_twilio_events_job;
mod import_task;
mod media_task;
mod message_fetch_task;
mod process_twilio_events_task;
mod reconciliation_task;

pub use clean_up_reconciliations_job::CleanUpReconciliationsJob;
pub use clean_up_twilio_events_job::CleanUpTwilioEventsJob;
pub use import_task::import_task;
pub use media_task::media_task;
pub use message_fetch_task::message_fetch_task;
pub use process_twilio_events_task::process_twilio_events_task;
pub use reconciliation_task::reconciliation_task;
