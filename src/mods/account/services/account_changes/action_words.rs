//! Helpers for the actions of all rooms.

use serde::de::IgnoredAny;
use serde_json::Value;

use super::{AccountAccess, Outcome, Values};
use crate::twilio::{TwilioError, TwilioHost};

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
    Ok(Outcome::created(sid.to_owned()))
}

/// Looks whether a removal was done, after a lost answer: what was removed is not there any more.
pub async fn look_up_removal(
    account: &AccountAccess,
    host: TwilioHost,
    path: &str,
) -> Result<Option<Outcome>, TwilioError> {
    let there: Option<IgnoredAny> = account.fetch(host, path).await?;
    Ok(there.is_none().then(Outcome::default))
}
