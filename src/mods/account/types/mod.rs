mod account_change_type;
mod event_forwarding_type;
mod twilio_connection_type;
mod twilio_health_type;
mod twilio_plan_type;

pub use account_change_type::{AccountChange, AccountChangePage, UndoAccountChangeIn, ValueChange};
pub use event_forwarding_type::{
    EventForwarding, EventForwardingState, FORWARDED_EVENT_TYPES, ForwardedEventType,
    SetupEventSinkIn, TestEventAnswer,
};
pub use twilio_connection_type::{
    ConnectTwilioIn, ConnectionMode, DisconnectTwilioIn, TwilioAccountFacts, TwilioAccountStatus,
    TwilioConnection,
};
pub use twilio_health_type::{
    HealthFinding, HealthFix, HealthReason, HealthSeverity, NumberHealth, RepairPhoneNumberIn,
    TwilioHealth,
};
pub use twilio_plan_type::{PlanOptions, PlannedChange, TwilioActionAnswer, TwilioPlan};
