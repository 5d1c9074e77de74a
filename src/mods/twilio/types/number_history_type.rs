use serde::{Deserialize, Serialize};

use super::SmsSyncProgress;
use crate::mods::phone::types::PhoneNumber;

/// A number of the organization, with how its past messages came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberHistory {
    #[serde(flatten)]
    pub number: PhoneNumber,
    /// The newest import of its past messages, if there ever was one.
    #[serde(default)]
    pub last_sync: Option<SmsSyncProgress>,
}
