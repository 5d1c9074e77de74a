mod use_reconciliations;
mod use_sms_syncs;
mod use_twilio_events;

pub use use_reconciliations::{Reconciliations, use_reconciliations};
pub use use_sms_syncs::{SmsSyncs, SyncAction, use_sms_syncs};
pub use use_twilio_events::{TwilioEvents, use_twilio_events};
