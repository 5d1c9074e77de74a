mod clean_up_reconciliations_job;
mod clean_up_twilio_events_job;
mod media_task;
mod message_fetch_task;
mod process_twilio_events_task;
mod reconciliation_task;
mod sms_sync_task;

pub use clean_up_reconciliations_job::CleanUpReconciliationsJob;
pub use clean_up_twilio_events_job::CleanUpTwilioEventsJob;
pub use media_task::media_task;
pub use message_fetch_task::message_fetch_task;
pub use process_twilio_events_task::process_twilio_events_task;
pub use reconciliation_task::reconciliation_task;
pub use sms_sync_task::sms_sync_task;
