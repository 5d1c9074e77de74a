use crate::entities::states::MessageStatus;

/// Twilio's word for a text to a group that some have got.
const PARTIALLY_DELIVERED: &str = "partially_delivered";

/// The certain status for an unknown word of Twilio: it must neither lose the message nor claim too
/// much.
pub fn nearest_status_util(word: &str, has_failed: bool, was_sent: bool) -> MessageStatus {
    if has_failed {
        MessageStatus::Failed
    } else if was_sent || word.eq_ignore_ascii_case(PARTIALLY_DELIVERED) {
        MessageStatus::Sent
    } else {
        MessageStatus::Queued
    }
}
