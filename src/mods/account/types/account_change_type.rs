use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    bases::ids::{AccountChangeId, PhoneNumberId},
    entities::states::{AccountChangeKind, AccountChangeState},
    twilio::MaskedSid,
};

use crate::bases::json_object::json_objects;

/// One value at Twilio, before and after. An empty text is a value that is not set; none means
/// that the thing itself is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct ValueChange {
    /// Twilio's name of it, for example `voice_url`.
    pub name: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// A line of the account activity: one change that Loquent made in a Twilio account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct AccountChange {
    pub id: AccountChangeId,
    pub kind: AccountChangeKind,
    pub state: AccountChangeState,
    pub account_sid: MaskedSid,
    /// Who asked for it; none if that person is gone.
    pub user_name: Option<String>,
    /// In plain words.
    pub summary: String,
    /// Twilio's path of the thing, for example `Sinks/DG…`.
    pub resource: String,
    /// The number that it is about, if it is about one.
    pub phone_number_id: Option<PhoneNumberId>,
    pub values: Vec<ValueChange>,
    /// Why it failed, or why it is not known whether it was done.
    pub error: Option<String>,
    pub created_at: DateTime<Utc>,
    pub undone_at: Option<DateTime<Utc>>,
    /// The change that this one took back.
    pub undo_of: Option<AccountChangeId>,
    /// Whether Undo can be offered. It is still refused if somebody has changed the value since.
    pub can_undo: bool,
}

/// A stretch of the account activity, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct AccountChangePage {
    pub changes: Vec<AccountChange>,
    /// Pass as `before` to get older ones; null at the end.
    pub next_before: Option<String>,
}

/// What `POST /api/twilio/undo-account-change` takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoAccountChangeIn {
    pub change_id: AccountChangeId,
    #[serde(flatten)]
    pub options: super::PlanOptions,
}

json_objects!(ValueChange, AccountChange, AccountChangePage);
