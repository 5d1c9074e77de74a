//! One file for each kind of call that changes something in a Twilio account.

mod add_event_type;
mod buy_number;
mod create_sink;
mod create_subscription;
mod release_number;
mod remove_event_type;
mod remove_sink;
mod remove_subscription;
mod set_event_type_version;
mod update_number;
mod validate_sink;

pub use add_event_type::AddEventType;
pub use buy_number::BuyNumber;
pub use create_sink::CreateSink;
pub use create_subscription::CreateSubscription;
pub use release_number::ReleaseNumber;
pub use remove_event_type::RemoveEventType;
pub use remove_sink::RemoveSink;
pub use remove_subscription::RemoveSubscription;
pub use set_event_type_version::SetEventTypeVersion;
pub use update_number::{NumberChange, UpdateNumber};
pub use validate_sink::ValidateSink;

use serde_json::Value;

use super::{Action, Outcome, Values};
use crate::{bases::error::AppError, twilio::TwilioError};

/// Values from pairs.
fn values<const N: usize>(pairs: [(&str, String); N]) -> Values {
    let pairs = pairs.into_iter();
    pairs
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// The SID of a resource that Twilio answered with.
fn created(resource: &Value) -> Result<Outcome, TwilioError> {
    let sid = resource.get("sid").and_then(Value::as_str);
    let sid = sid.ok_or_else(|| TwilioError::OutcomeUnknown("an answer without a SID".into()))?;
    Ok(Outcome {
        resource_sid: Some(sid.to_owned()),
        ..Outcome::default()
    })
}

/// An action that takes nothing back can itself not be taken back.
fn no_way_back(action: &impl Action) -> AppError {
    AppError::conflict(format!(
        "“{}” cannot be undone. Set it up again instead.",
        action.summary()
    ))
}

/// It is not there any more: somebody removed it.
fn gone(what: &str) -> AppError {
    AppError::conflict(format!(
        "The {what} is not in the Twilio account any more: somebody removed it since. There is \
         nothing to undo."
    ))
}

/// Another value is there now.
fn changed_since(what: &str, found: &str) -> AppError {
    let found = if found.is_empty() {
        "not set".to_owned()
    } else {
        format!("“{found}”")
    };
    AppError::conflict(format!(
        "Somebody has changed the {what} since: it is {found} now. Nothing was undone."
    ))
}
