use std::collections::HashSet;

use chrono::{DateTime, Utc};

use super::last_listed::LastListed;
use crate::mods::twilio::utils::ImportedMessage;

/// A page, ready to be stored.
#[derive(Debug)]
pub struct ListedPage {
    /// Its part, and the link to it.
    pub position: i32,
    pub link: String,
    /// The messages to be stored, and whether this part counts those that are known already.
    pub messages: Vec<(ImportedMessage, bool)>,
    pub next_page: Option<String>,
    /// The first message that the part was given.
    pub first_sid: Option<String>,
    /// Parts whose places this one has passed before they had a page: they are given up.
    pub given_up: Vec<i32>,
    /// The first message of another part, where this one ends.
    pub meets: Option<String>,
    /// Time of its last message.
    pub reached_at: DateTime<Utc>,
    /// What the next page may show again.
    pub page_sids: HashSet<String>,
    /// The last message of the page before.
    pub before: Option<LastListed>,
    /// A hash or SID of each entry that cannot be kept: neighbouring parts see it too.
    pub unreadable: Vec<String>,
}

impl ListedPage {
    /// The SIDs to look for: those of its messages, and the last one of the page before.
    pub fn sids(&self) -> Vec<String> {
        let messages = self.messages.iter();
        let sids = messages.map(|(imported, _)| imported.message.sid.to_string());
        let before = self.before.iter().map(|last| last.sid.clone());
        sids.chain(before).collect()
    }
}
