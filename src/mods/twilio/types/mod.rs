mod account_change_type;
#[cfg(feature = "server")]
mod account_sid_type;
mod available_number_type;
mod event_forwarding_type;
mod masked_sid_type;
mod message_sid_type;
mod number_action_type;
mod number_routing_type;
mod number_settings_type;
mod number_suspension_type;
mod phone_number_type;
mod reconciliation_type;
mod sync_message_history_progress_type;
mod sync_message_history_response_type;
mod twilio_connection_type;
mod twilio_event_type;
mod twilio_health_type;
mod twilio_plan_type;

pub use account_change_type::{
    AccountChange, AccountChangeKind, AccountChangePage, AccountChangeState,
    AccountChangeWordError, UndoAccountChangeIn,
};
#[cfg(feature = "server")]
pub use account_sid_type::{AccountSid, AccountSidError};
pub use event_forwarding_type::{
    EventForwarding, EventForwardingState, EventSinkStatus, FORWARDED_EVENT_TYPES,
    ForwardedEventType, SetupEventSinkIn, TestEventAnswer,
};
pub use masked_sid_type::MaskedSid;
mod unsynced_number_type;

pub use available_number_type::{
    AvailableNumber, AvailableNumbers, MonthlyPrice, NumberCapabilities, NumberKind,
    SearchAvailableNumbersIn,
};
pub use message_sid_type::{MessageSid, MessageSidError};
pub use number_action_type::{
    BuyPhoneNumberIn, BuyPhoneNumberOut, ConfiguredSms, ConfiguredVoice, PhoneWebhookIn,
    ReleasePhoneNumberIn, RemovePhoneNumberIn,
};
pub use number_routing_type::NumberRouting;
pub use number_settings_type::{
    MAX_NUMBER_NAME, MAX_SENTENCE, NumberSettingsIn, NumberVoiceAnswer, VoiceAnswer,
};
pub use number_suspension_type::NumberSuspension;
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
pub use twilio_connection_type::{
    ConnectTwilioIn, ConnectionMode, DisconnectTwilioIn, TwilioAccountFacts, TwilioAccountStatus,
    TwilioConnection,
};
pub use twilio_event_type::{
    ProcessedAgain, TwilioEventCounts, TwilioEventDetail, TwilioEventPage, TwilioEventRow,
    TwilioEventState, TwilioEventStateError,
};
pub use twilio_health_type::{
    HealthFinding, HealthFix, HealthReason, HealthSeverity, NumberHealth, RepairPhoneNumberIn,
    TwilioHealth,
};
pub use twilio_plan_type::{
    ChangeVerb, PlanOptions, PlannedChange, TwilioActionAnswer, TwilioPlan, ValueChange,
};
pub use unsynced_number_type::{
    ImportedNumber, MAX_NUMBERS_AT_ONCE, RefusedNumber, SyncNumbersIn, SyncNumbersOut,
    UnsyncedNumber,
};
