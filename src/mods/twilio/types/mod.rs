mod import_pace_type;
mod import_sum_type;
mod number_history_type;
mod reconciliation_type;
mod sync_message_history_progress_type;
mod sync_message_history_response_type;
mod twilio_event_type;

pub use number_history_type::NumberHistory;
pub use reconciliation_type::{
    NumberReconciliation, ReconcileIn, Reconciliation, ReconciliationOverview,
};
pub use sync_message_history_progress_type::SmsSyncProgress;
pub use sync_message_history_response_type::{
    ImportOfNumberIn, SyncMessageHistoryIn, SyncMessageHistoryResponse,
};
pub use twilio_event_type::{
    ProcessedAgain, TwilioEventCounts, TwilioEventDetail, TwilioEventPage, TwilioEventRow,
};

pub use import_pace_type::ImportPace;
pub use import_sum_type::ImportSum;
