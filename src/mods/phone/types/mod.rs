mod answer_kind_type;
mod available_number_type;
mod number_action_type;
mod number_routing_type;
mod number_settings_type;
mod number_suspension_type;
mod phone_number_type;
mod routing_words_type;
mod unsynced_number_type;

pub use answer_kind_type::AnswerKind;
pub use available_number_type::{
    AvailableNumber, AvailableNumbers, MonthlyPrice, NumberKind, SearchAvailableNumbersIn,
};
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
pub use routing_words_type::RoutingWords;
pub use unsynced_number_type::{
    ImportedNumber, MAX_NUMBERS_AT_ONCE, RefusedNumber, SyncNumbersIn, SyncNumbersOut,
    UnsyncedNumber,
};
