mod account_findings_util;
mod fetch_event_streams_util;
mod fetch_twilio_account_util;
mod forwarding_health_util;
mod mask_addresses_util;
mod number_health_util;

pub use account_findings_util::{
    account_findings_util, account_problem_finding_util, no_account_finding_util,
};
pub use fetch_event_streams_util::{
    EventStreams, OwnSink, OwnSubscription, fetch_event_streams_util,
};
pub use fetch_twilio_account_util::{AccountProblem, fetch_twilio_account_util};
pub use forwarding_health_util::forwarding_health_util;
pub use mask_addresses_util::mask_addresses_util;
pub use number_health_util::{
    NumberDrift, NumberView, WEBHOOK_METHOD, find_number_drift_util, number_health_util,
};
