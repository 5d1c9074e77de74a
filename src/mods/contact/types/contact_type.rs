use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::bases::{
    e164::E164,
    ids::{ContactId, PhoneNumberId},
    json_object::json_objects,
};

/// A customer, as the browser sees them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Contact {
    pub id: ContactId,
    pub first_name: String,
    pub last_name: String,
    /// E.164, or what Twilio calls them by where it is no phone number (a short code).
    pub phone: String,
    /// The same for a person to read.
    pub phone_shown: String,
    /// Where the contact came from: `manual`, `inbound`, `sms_sync`, `external`.
    pub source: String,
    pub created_at: DateTime<Utc>,
    pub last_contacted_at: Option<DateTime<Utc>>,
    /// Set while the customer has opted out of texts from every number.
    pub opted_out_at: Option<DateTime<Utc>>,
    /// The numbers of ours that the customer wants no texts from; all of them where
    /// `opted_out_at` is set.
    #[serde(default)]
    pub closed_numbers: Vec<PhoneNumberId>,
}

impl Contact {
    /// First and last name, or the phone number where no name is known.
    pub fn display_name(&self) -> String {
        let name = format!("{} {}", self.first_name, self.last_name);
        match name.trim() {
            "" => self.phone_shown.clone(),
            name => name.to_owned(),
        }
    }

    /// Whether a text can reach it: not where it writes under a name or a short code.
    pub fn can_be_texted(&self) -> bool {
        E164::parse(&self.phone).is_ok()
    }

    /// Two letters for the avatar; `None` where no name is known.
    pub fn initials(&self) -> Option<String> {
        let initials: String = [&self.first_name, &self.last_name]
            .into_iter()
            .filter_map(|name| name.trim().chars().next())
            .flat_map(char::to_uppercase)
            .collect();
        (!initials.is_empty()).then_some(initials)
    }
}

json_objects!(Contact);
