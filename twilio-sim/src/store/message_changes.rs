use chrono::Utc;

use crate::model::{Message, MessageStatus};
use crate::store::{AccountState, HistoryChange, ListedMessage};

/// Why a message was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotChanged {
    /// There is no such message.
    Unknown,
    /// It was not sent yet.
    OnItsWay,
}

impl AccountState {
    /// Takes the text out of a message.
    ///
    /// # Errors
    /// There is no such message, or it is on its way.
    pub(crate) fn redact(&mut self, sid: &str) -> Result<ListedMessage, NotChanged> {
        match self.changeable(sid)? {
            ListedMessage::Stored(message) => {
                let stored = self
                    .messages
                    .get_mut(&message.sid)
                    .ok_or(NotChanged::Unknown)?;
                stored.body.clear();
                stored.date_updated = Utc::now();
                Ok(ListedMessage::Stored(Box::new(stored.clone())))
            }
            ListedMessage::Generated { history, index, .. } => {
                self.history_changes
                    .insert(history.sid(index), HistoryChange::Redacted);
                self.find_message(sid).ok_or(NotChanged::Unknown)
            }
        }
    }

    /// Removes a message.
    ///
    /// # Errors
    /// There is no such message, or it is on its way.
    pub(crate) fn delete(&mut self, sid: &str) -> Result<(), NotChanged> {
        match self.changeable(sid)? {
            ListedMessage::Stored(message) => self.messages.remove(&message.sid),
            ListedMessage::Generated { history, index, .. } => {
                self.history_changes
                    .insert(history.sid(index), HistoryChange::Deleted);
            }
        }
        Ok(())
    }

    fn changeable(&self, sid: &str) -> Result<ListedMessage, NotChanged> {
        let message = self.find_message(sid).ok_or(NotChanged::Unknown)?;
        match &message {
            ListedMessage::Stored(stored) if is_on_its_way(stored) => Err(NotChanged::OnItsWay),
            _ => Ok(message),
        }
    }
}

fn is_on_its_way(message: &Message) -> bool {
    matches!(
        message.status,
        MessageStatus::Accepted
            | MessageStatus::Queued
            | MessageStatus::Sending
            | MessageStatus::Receiving
    )
}
