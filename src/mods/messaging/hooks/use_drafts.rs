use std::collections::BTreeMap;

use dioxus::prelude::*;

use crate::{
    bases::{browser, ids::ContactId},
    mods::auth::hooks::{Session, use_session},
    ui::use_window_event,
};

/// Texts that were begun and not sent, one per conversation. They stay in this browser, each under
/// a key of its own, so that two windows never overwrite each other's.
#[derive(Clone, Copy, PartialEq)]
pub struct Drafts {
    texts: Signal<BTreeMap<ContactId, String>>,
    /// Goes up when a text is put back.
    put_back: Signal<u64>,
    session: Session,
}

/// Provides the drafts of the user to all that is below, once the page is live.
pub fn use_drafts_provider() -> Drafts {
    let session = use_session();
    let drafts = use_context_provider(|| Drafts {
        texts: Signal::new(BTreeMap::new()),
        put_back: Signal::new(0),
        session,
    });
    use_effect(move || drafts.load());
    // Another window has written or sent one.
    use_window_event("storage", move || drafts.load());
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
        if self.session.is_signed_out() {
            return;
        }
        let key = self.session.own_key(&format!("draft.{contact_id}"));
        if text.trim().is_empty() {
            browser::store(&key, None);
            self.texts.write().remove(&contact_id);
        } else {
            browser::store(&key, Some(text));
            self.texts.write().insert(contact_id, text.to_owned());
        }
    }

    /// Puts a text that was not sent below what was begun for a contact.
    pub fn put_back(mut self, contact_id: ContactId, text: &str) {
        let begun = self.of(contact_id);
        if begun.is_empty() {
            self.set(contact_id, text);
        } else {
            self.set(contact_id, &format!("{begun}\n{text}"));
        }
        *self.put_back.write() += 1;
    }

    /// How often a text was put back: then the field shows the draft, whatever stood in it.
    pub fn times_put_back(self) -> u64 {
        (self.put_back)()
    }

    fn load(mut self) {
        let prefix = self.session.own_key("draft.");
        let stored = |id: String| {
            let text = browser::stored(&format!("{prefix}{id}"))?;
            Some((id.parse().ok()?, text))
        };
        let kept: BTreeMap<_, _> = browser::stored_keys(&prefix)
            .into_iter()
            .filter_map(stored)
            .collect();
        if *self.texts.peek() != kept {
            self.texts.set(kept);
        }
    }
}
