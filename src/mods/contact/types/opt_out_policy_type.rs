use serde::{Deserialize, Serialize};

/// What a customer's STOP closes. A START opens the number that it was sent to, and no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptOutPolicy {
    /// All numbers of the organization, and not only the one that it was sent to.
    pub stop_closes_all: bool,
}
