use chrono::{DateTime, Utc};

use crate::mods::twilio::utils::{
    HistoryMessage, HistoryOwner, ImportedMessage, ListedMessage, history_message_to_new_util,
};

/// A message of Twilio's list as one of ours; none if it is somebody else's, or cannot be read:
/// then its SID is added to `unreadable`. `fallback` is its time if it has none that can be read.
pub fn understand_listed(
    listed: HistoryMessage,
    owner: &HistoryOwner,
    fallback: DateTime<Utc>,
    now: DateTime<Utc>,
    unreadable: &mut Vec<String>,
) -> Option<ImportedMessage> {
    let sid = listed.sid.to_string();
    match history_message_to_new_util(listed, owner, fallback, now) {
        ListedMessage::Ours(imported) => Some(*imported),
        ListedMessage::NotOurs => None,
        ListedMessage::Unreadable => {
            unreadable.push(sid);
            None
        }
    }
}
