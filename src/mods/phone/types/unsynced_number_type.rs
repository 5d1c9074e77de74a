use serde::{Deserialize, Serialize};

use crate::{
    bases::{e164::E164, ids::PhoneNumberId},
    twilio::NumberCapabilities,
};

/// A number of the Twilio account that Loquent does not have yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnsyncedNumber {
    /// Twilio's id, `PN…`.
    pub twilio_sid: String,
    pub number: E164,
    /// The number for a person to read.
    pub shown: String,
    /// What it is called at Twilio.
    pub friendly_name: String,
    pub capabilities: NumberCapabilities,
    /// Why it cannot be imported, in words: another organization has it.
    pub refusal: Option<String>,
}

/// Which numbers to import: the body of `POST /api/twilio/sync-numbers`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncNumbersIn {
    /// Twilio's ids, at most [`MAX_NUMBERS_AT_ONCE`].
    pub twilio_sids: Vec<String>,
}

/// Most numbers that one call imports.
pub const MAX_NUMBERS_AT_ONCE: usize = 1_000;

/// What an import did. Nothing was changed at Twilio.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncNumbersOut {
    /// New in Loquent.
    pub imported: Vec<ImportedNumber>,
    /// Those that were there already, and stay as they are.
    pub already_there: Vec<ImportedNumber>,
    /// Those that could not be imported.
    pub refused: Vec<RefusedNumber>,
}

/// A number that Loquent has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedNumber {
    pub id: PhoneNumberId,
    pub twilio_sid: String,
    pub number: E164,
}

/// A number that was not imported, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedNumber {
    pub twilio_sid: String,
    /// For a person.
    pub reason: String,
}
