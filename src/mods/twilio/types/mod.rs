mod message_sid_type;
mod phone_number_type;
mod reconciliation_type;
mod sync_message_history_progress_type;
mod sync_message_history_response_type;

pub use message_sid_type::{MessageSid, MessageSidError};
pub use phone_number_type::PhoneNumber;
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
