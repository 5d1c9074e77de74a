mod number_history_type;
mod reconciliation_type;
mod sync_message_history_progress_type;
mod sync_message_history_response_type;
mod sync_pace_type;
mod sync_sum_type;
mod twilio_event_type;

pub use number_history_type::NumberHistory;
pub use reconciliation_type::{
    NumberReconciliation, ReconcileIn, Reconciliation, ReconciliationOverview, ReconciliationState,
    ReconciliationStateError,
};
pub use sync_message_history_progress_type::{
    SmsSyncPhase, SmsSyncProgress, SmsSyncState, SmsSyncWordError,
};
pub use sync_message_history_response_type::{
    SmsSyncOfNumberIn, SyncMessageHistoryIn, SyncMessageHistoryResponse,
};
pub use twilio_event_type::{
    ProcessedAgain, TwilioEventCounts, TwilioEventDetail, TwilioEventPage, TwilioEventRow,
    TwilioEventState, TwilioEventStateError,
};

pub use sync_pace_type::SyncPace;
pub use sync_sum_type::SyncSum;
