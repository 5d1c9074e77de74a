use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{bases::json_object::json_objects, twilio::MaskedSid};

/// Which Twilio account an organization uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionMode {
    /// The operator's account, from the environment.
    Shared,
    /// The organization's own account.
    Own,
    /// The organization brings its own account, but its credentials are not there: every call to
    /// Twilio is an error, never a call with the shared account.
    OwnWithoutCredentials,
    /// Neither a shared account nor an own one: begin by connecting one.
    NotConnected,
}

/// An account's state at Twilio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TwilioAccountStatus {
    Active,
    Suspended,
    Closed,
}

/// What Twilio says about the account itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct TwilioAccountFacts {
    pub name: String,
    pub status: TwilioAccountStatus,
    /// A trial account texts verified numbers only.
    pub is_trial: bool,
    /// It belongs to another account, which pays for it.
    pub is_sub_account: bool,
}

/// The connection with Twilio, without any secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct TwilioConnection {
    pub mode: ConnectionMode,
    /// Whether there is a shared account that the organization could use.
    pub shared_available: bool,
    /// None where no account is connected.
    pub account_sid: Option<MaskedSid>,
    /// As of the last check; none before the first.
    pub account: Option<TwilioAccountFacts>,
    /// A rotation is under way: signatures of the old token are still accepted.
    pub accepts_previous_token: bool,
    pub last_checked_at: Option<DateTime<Utc>>,
    /// How long Twilio took to answer at the last check, in milliseconds.
    pub check_took_ms: Option<u64>,
    /// Why the account cannot be used, as of the last check, in plain words.
    pub problem: Option<String>,
    /// Where Twilio reaches Loquent, for example `https://sms.example.com`.
    pub public_url: String,
}

/// What `POST /api/twilio/connect` takes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectTwilioIn {
    /// `AC` and 32 hexadecimal digits.
    pub account_sid: String,
    /// Its primary auth token.
    pub auth_token: String,
}

impl fmt::Debug for ConnectTwilioIn {
    /// Without the token, since debug output is logged.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectTwilioIn").finish_non_exhaustive()
    }
}

/// What `POST /api/twilio/disconnect` takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisconnectTwilioIn {
    /// Use the shared account from now on. Otherwise nothing is sent until an account is
    /// connected again.
    #[serde(default)]
    pub use_shared: bool,
}

json_objects!(TwilioAccountFacts, TwilioConnection);
