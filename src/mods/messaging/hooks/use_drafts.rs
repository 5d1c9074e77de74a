use std::collections::BTreeMap;

use dioxus::prelude::*;

use crate::bases::{
    browser,
    ids::{ContactId, UserId},
};

/// Drafts kept in one browser; beyond that the shortest go, as the least work is lost with them.
const KEPT_DRAFTS: usize = 100;

/// Texts that were begun and not sent, one per conversation. They stay in this browser.
#[derive(Clone, Copy, PartialEq)]
pub struct Drafts {
    texts: Signal<BTreeMap<ContactId, String>>,
    key: Signal<String>,
}

/// Provides the drafts of a user to all that is below, once the page is live.
pub fn use_drafts_provider(user: UserId) -> Drafts {
    let mut drafts = use_context_provider(|| Drafts {
        texts: Signal::new(BTreeMap::new()),
        key: Signal::new(format!("loquent.drafts.{user}")),
    });
    use_effect(move || {
        let kept = browser::stored(&drafts.key.peek());
        if let Some(kept) = kept.and_then(|json| serde_json::from_str(&json).ok()) {
            drafts.texts.set(kept);
        }
    });
    drafts
}

/// The drafts of the user.
pub fn use_drafts() -> Drafts {
    use_context()
}

impl Drafts {
    /// What was begun for a contact; empty if nothing was.
    pub fn of(self, contact_id: ContactId) -> String {
        self.texts
            .read()
            .get(&contact_id)
            .cloned()
            .unwrap_or_default()
    }

    /// Keeps what was begun for a contact.
    pub fn set(mut self, contact_id: ContactId, text: &str) {
        let mut texts = self.texts.write();
        if text.trim().is_empty() {
            texts.remove(&contact_id);
        } else {
            texts.insert(contact_id, text.to_owned());
        }
        if texts.len() > KEPT_DRAFTS {
            let shortest = texts
                .iter()
                .filter(|(id, _)| **id != contact_id)
                .min_by_key(|(_, text)| text.len())
                .map(|(id, _)| *id);
            if let Some(shortest) = shortest {
                texts.remove(&shortest);
            }
        }
        // A map of texts is always JSON.
        let json = serde_json::to_string(&*texts).unwrap_or_default();
        browser::store(
            &self.key.peek(),
            Some(&json)
                .filter(|_| !texts.is_empty())
                .map(|x| x.as_str()),
        );
    }
}
