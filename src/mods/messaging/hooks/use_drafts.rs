use std::collections::BTreeMap;

use dioxus::prelude::*;

use crate::{
    bases::{browser, ids::ContactId},
    mods::auth::hooks::{Session, use_session},
    ui::{StorageChange, use_storage_changes},
};

/// What the names of drafts begin with; the contact follows.
const NAMES: &str = "draft.";
/// The same for what a window tells the others: the text that it has sent or thrown away.
const ENDED: &str = "ended.";

/// Texts that were begun and not sent, one per conversation. They stay in this browser, each under
/// a key of its own, so that two windows never overwrite each other's.
#[derive(Clone, Copy, PartialEq)]
pub struct Drafts {
    texts: Signal<BTreeMap<ContactId, String>>,
    /// Goes up when a text is put back.
    put_back: Signal<u64>,
    /// What another window has sent or thrown away.
    ended: Signal<BTreeMap<ContactId, String>>,
    session: Session,
}

/// Provides the drafts of the user to all that is below, once the page is live.
pub fn use_drafts_provider() -> Drafts {
    let session = use_session();
    let drafts = use_context_provider(|| Drafts {
        texts: Signal::new(BTreeMap::new()),
        put_back: Signal::new(0),
        ended: Signal::new(BTreeMap::new()),
        session,
    });
    use_effect(move || {
        drafts.take_over_old();
        drafts.load();
    });
    // Another window has written or sent one.
    use_storage_changes(move |change| drafts.take(change));
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
        if text.trim().is_empty() {
            self.end(contact_id, &self.of(contact_id));
        } else {
            self.session.keep(&name_of(contact_id), text);
            self.texts.write().insert(contact_id, text.to_owned());
        }
    }

    /// Keeps a text no longer that was sent or thrown away.
    ///
    /// Other windows are told which one: that the draft is gone does not say whose words they were,
    /// and another window may have written its own in the same moment.
    pub fn end(mut self, contact_id: ContactId, text: &str) {
        let told = format!("{ENDED}{contact_id}");
        self.session.keep(&told, text);
        self.session.forget(&told);
        self.session.forget(&name_of(contact_id));
        self.texts.write().remove(&contact_id);
    }

    /// What the browser's storage has, which another window may just have changed.
    pub fn stored(self, contact_id: ContactId) -> Option<String> {
        self.session.kept(&name_of(contact_id))
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

    /// Whether another window has sent or thrown away this very text.
    pub fn has_ended_elsewhere(self, contact_id: ContactId, text: &str) -> bool {
        self.ended.peek().get(&contact_id).map(String::as_str) == Some(text)
    }

    fn take(mut self, change: StorageChange) {
        let name = |key: String| self.session.name_of_own(&key).map(str::to_owned);
        let name = change.key.and_then(name).unwrap_or_default();
        let ended = name.strip_prefix(ENDED).and_then(|id| id.parse().ok());
        if let (Some(contact_id), Some(text)) = (ended, change.new) {
            self.ended.write().insert(contact_id, text);
        }
        self.load();
    }

    fn load(mut self) {
        let stored = |id: String| {
            let id = id.parse().ok()?;
            Some((id, self.stored(id)?))
        };
        let kept: BTreeMap<_, _> = self
            .session
            .kept_names(NAMES)
            .into_iter()
            .filter_map(stored)
            .collect();
        if *self.texts.peek() != kept {
            self.texts.set(kept);
        }
    }

    /// The version before kept all drafts of a user in one place, and left them there.
    fn take_over_old(self) {
        let old_key = format!("loquent.drafts.{}", self.session.user().id);
        let Some(json) = browser::stored(&old_key) else {
            return;
        };
        let old: BTreeMap<ContactId, String> =
            serde_json::from_slice(json.as_bytes()).unwrap_or_default();
        let are_kept = old.into_iter().all(|(contact_id, text)| {
            let name = name_of(contact_id);
            self.session.kept(&name).is_some() || self.session.keep(&name, &text)
        });
        if are_kept {
            browser::store(&old_key, None);
        }
    }
}

fn name_of(contact_id: ContactId) -> String {
    format!("{NAMES}{contact_id}")
}
