//! Helpers for the actions of all rooms.

use serde_json::Value;

use super::{Action, Outcome, Values};
use crate::{bases::error::AppError, twilio::TwilioError};

/// Values from pairs.
pub fn values<const N: usize>(pairs: [(&str, String); N]) -> Values {
    let pairs = pairs.into_iter();
    pairs
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// The SID of a resource that Twilio answered with.
pub fn created(resource: &Value) -> Result<Outcome, TwilioError> {
    let sid = resource.get("sid").and_then(Value::as_str);
    let sid = sid.ok_or_else(|| TwilioError::OutcomeUnknown("an answer without a SID".into()))?;
    Ok(Outcome {
        resource_sid: Some(sid.to_owned()),
        ..Outcome::default()
    })
}

/// The error of an action that cannot be undone.
pub fn no_way_back(action: &dyn Action) -> AppError {
    AppError::conflict(format!(
        "“{}” cannot be undone. Set it up again instead.",
        action.summary()
    ))
}

/// It is not there any more: somebody removed it.
pub fn gone(what: &str) -> AppError {
    AppError::conflict(format!(
        "The {what} is not in the Twilio account any more: somebody removed it since. There is \
         nothing to undo."
    ))
}

/// Another value is there now.
pub fn changed_since(what: &str, found: &str) -> AppError {
    let found = if found.is_empty() {
        "not set".to_owned()
    } else {
        format!("“{found}”")
    };
    AppError::conflict(format!(
        "Somebody has changed the {what} since: it is {found} now. Nothing was undone."
    ))
}
