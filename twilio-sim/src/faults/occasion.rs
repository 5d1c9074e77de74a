use crate::faults::FaultTarget;
use crate::model::Sid;

/// Something that a fault may happen to.
#[derive(Debug, Clone)]
pub(crate) struct Occasion<'a> {
    pub target: FaultTarget,
    pub account_sid: Option<&'a str>,
    /// `To` and `From`.
    pub numbers: Vec<&'a str>,
    /// Path of a request, or id of an event.
    pub subject: &'a str,
    pub message_sid: Option<&'a Sid>,
}
