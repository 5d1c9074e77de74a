mod available_number_type;
mod message_sid_type;
mod number_action_type;
mod number_routing_type;
mod number_settings_type;
mod phone_number_type;
mod sync_message_history_progress_type;
mod sync_message_history_response_type;
mod unsynced_number_type;

pub use available_number_type::{
    AvailableNumber, AvailableNumbers, MonthlyPrice, NumberCapabilities, NumberKind,
    SearchAvailableNumbersIn,
};
pub use message_sid_type::{MessageSid, MessageSidError};
pub use number_action_type::{
    BoughtNumber, BuyPhoneNumberIn, ConfiguredSms, ConfiguredVoice, PhoneWebhookIn,
    ReleasePhoneNumberIn,
};
pub use number_routing_type::NumberRouting;
pub use number_settings_type::{
    MAX_NUMBER_NAME, MAX_SENTENCE, NumberSettingsIn, NumberVoiceAnswer, VoiceAnswer,
};
pub use phone_number_type::PhoneNumber;
pub use sync_message_history_progress_type::{
    SmsSyncPhase, SmsSyncProgress, SmsSyncState, SmsSyncWordError,
};
pub use sync_message_history_response_type::{
    SmsSyncOfNumberIn, SyncMessageHistoryIn, SyncMessageHistoryResponse,
};
pub use unsynced_number_type::{
    ImportedNumber, MAX_NUMBERS_AT_ONCE, RefusedNumber, SyncNumbersIn, SyncNumbersOut,
    UnsyncedNumber,
};
