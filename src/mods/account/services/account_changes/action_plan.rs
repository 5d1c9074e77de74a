use sha2::{Digest, Sha256};

use super::AccountAction;
use crate::mods::account::types::{PlannedChange, TwilioPlan};

/// What an action would do, before it is shown or done.
#[derive(Debug, Default)]
pub struct ActionPlan {
    /// In the order in which they are to be made.
    pub actions: Vec<AccountAction>,
    /// Sentences about what is left alone.
    pub untouched: Vec<String>,
    /// What to know before doing it.
    pub warnings: Vec<String>,
}

impl ActionPlan {
    /// As the API shows it.
    pub fn shown(&self) -> TwilioPlan {
        let changes: Vec<PlannedChange> =
            self.actions.iter().map(|action| action.planned()).collect();
        TwilioPlan {
            fingerprint: fingerprint(&changes),
            changes,
            untouched: self.untouched.clone(),
            warnings: self.warnings.clone(),
        }
    }
}

/// The same changes give the same text, on every node.
fn fingerprint(changes: &[PlannedChange]) -> String {
    let text = serde_json::to_string(changes).unwrap_or_default();
    hex::encode(Sha256::digest(text.as_bytes()))
}
