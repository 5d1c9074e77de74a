use std::time::Duration;

use serde::Deserialize;

use crate::{
    mods::account::types::{TwilioAccountFacts, TwilioAccountStatus},
    twilio::{KnownTwilioError, TwilioError, TwilioReader, explain_twilio_error},
};

/// Twilio sometimes refuses right credentials once (Airbyte's source-twilio treats 401 as transient
/// since 0.17.5), so only a second refusal counts.
const SECOND_LOOK_AFTER: Duration = Duration::from_millis(300);

/// Why an account cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AccountProblem {
    #[error(
        "Twilio does not accept this account SID and auth token together. Copy both again from \
         the Twilio Console; it must be the account's auth token, not an API key."
    )]
    WrongToken,
    #[error(
        "This Twilio account is suspended: Twilio does nothing for it. Its owner has to settle \
         that in the Twilio Console first."
    )]
    Suspended,
    #[error("This Twilio account is closed for good. Connect another one.")]
    Closed,
    #[error("These are test credentials of Twilio, which have no numbers. Use the live ones.")]
    TestCredentials,
    #[error("Twilio could not be reached, so the account could not be checked. Try again.")]
    Unreachable(#[source] TwilioError),
    #[error("Twilio refused to show the account: {0}")]
    Refused(String),
}

/// The fields of Twilio's Account resource that are used. It also holds the auth token, which is
/// not read.
#[derive(Deserialize)]
struct Account {
    sid: String,
    #[serde(default)]
    friendly_name: String,
    status: TwilioAccountStatus,
    #[serde(rename = "type")]
    kind: Option<String>,
    owner_account_sid: Option<String>,
}

/// `GET /2010-04-01/Accounts/{AC}.json`: whether the credentials are right, and what the account
/// is. A suspended or closed account can be looked at; that is for the caller to judge.
pub async fn fetch_twilio_account_util(
    reader: &TwilioReader,
) -> Result<TwilioAccountFacts, AccountProblem> {
    let path = format!("/2010-04-01/Accounts/{}.json", reader.account_sid());
    let mut answer = reader.list(&path).await;
    if matches!(answer, Err(TwilioError::Refused { status: 401, .. })) {
        tokio::time::sleep(SECOND_LOOK_AFTER).await;
        answer = reader.list(&path).await;
    }
    let body = answer.map_err(problem)?;
    let account: Account = serde_json::from_slice(&body).map_err(|error| {
        AccountProblem::Unreachable(TwilioError::OutcomeUnknown(error.to_string()))
    })?;
    let owner = account.owner_account_sid;
    Ok(TwilioAccountFacts {
        name: account.friendly_name,
        status: account.status,
        is_trial: account.kind.is_some_and(|kind| kind == "Trial"),
        is_sub_account: owner.is_some_and(|owner| owner != account.sid),
    })
}

fn problem(error: TwilioError) -> AccountProblem {
    match error {
        TwilioError::Refused {
            code: Some(20005), ..
        } => AccountProblem::Suspended,
        TwilioError::Refused {
            code: Some(20008), ..
        } => AccountProblem::TestCredentials,
        // An account that the token's owner may not see is "not found".
        TwilioError::Refused {
            status: 401 | 404, ..
        } => AccountProblem::WrongToken,
        TwilioError::Refused { code, message, .. } => {
            let plain = code.and_then(explain_twilio_error);
            AccountProblem::Refused(plain.map_or(message, KnownTwilioError::in_words))
        }
        error => AccountProblem::Unreachable(error),
    }
}
