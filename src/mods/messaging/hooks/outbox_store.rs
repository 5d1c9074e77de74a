use chrono::TimeDelta;
use dioxus::prelude::*;
use uuid::Uuid;

use super::Outbox;
use crate::mods::messaging::types::{KeptMessage, OutgoingMessage, OutgoingState};

/// What was written longer ago than this and not sent is sent only when somebody says so.
const SENT_BY_ITSELF_WITHIN: TimeDelta = TimeDelta::hours(1);

/// What the names of kept texts begin with; the key of the send follows.
const NAMES: &str = "outbox.";

/// What this browser keeps of the outbox, which all its windows share.
impl Outbox {
    /// Takes up what this browser has kept and this window does not know.
    pub(super) fn find_kept(mut self) {
        let now = self.clock.instant();
        let kept = self
            .session
            .kept_names(NAMES)
            .into_iter()
            .filter_map(|key| self.session.kept(&format!("{NAMES}{key}")))
            .filter_map(|json| serde_json::from_slice::<KeptMessage>(json.as_bytes()).ok())
            .map(|kept| {
                let is_old = now - kept.created_at > SENT_BY_ITSELF_WITHIN;
                kept.into_outgoing(self.session.user().name, is_old)
            })
            .filter(|kept| self.state_of(kept.client_key).is_none());
        // The oldest first.
        let mut found: Vec<OutgoingMessage> = Vec::new();
        for message in kept {
            let at = found.partition_point(|other| other.created_at <= message.created_at);
            found.insert(at, message);
        }
        if !found.is_empty() {
            self.messages.write().extend(found);
        }
    }

    /// Forgets what another window has sent or taken back.
    pub(super) fn drop_settled_elsewhere(mut self) {
        let outbox = self;
        let is_gone = |message: &OutgoingMessage| {
            matches!(
                message.state,
                OutgoingState::Waiting | OutgoingState::Failed(_)
            ) && message.is_kept
                && outbox.session.kept(&name_of(message.client_key)).is_none()
        };
        if self.messages.peek().iter().any(is_gone) {
            self.messages.write().retain(|message| !is_gone(message));
        }
    }

    /// The message, which now says whether the browser's storage has it.
    pub(super) fn keep(self, mut message: OutgoingMessage) -> OutgoingMessage {
        // Such a message is always JSON.
        let json = serde_json::to_string(&KeptMessage::from(&message)).unwrap_or_default();
        message.is_kept = self.session.keep(&name_of(message.client_key), &json);
        message
    }

    pub(super) fn forget(self, client_key: Uuid) {
        self.session.forget(&name_of(client_key));
    }
}

fn name_of(client_key: Uuid) -> String {
    format!("{NAMES}{client_key}")
}
