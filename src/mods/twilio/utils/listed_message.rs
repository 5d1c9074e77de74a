//! A message of Twilio's list, and whose list it is.

use chrono::{DateTime, Utc};

use crate::{
    bases::{
        e164::E164,
        ids::{ImportId, OrganizationId, PhoneNumberId},
    },
    entities::states::MessageStatus,
    mods::messaging::{NewMessage, OddWords, utils::StatusReport},
};

/// Whose history is read.
#[derive(Debug, Clone)]
pub struct HistoryOwner {
    pub organization_id: OrganizationId,
    pub phone_number_id: PhoneNumberId,
    pub number: E164,
    /// Another organization had the number until then; what is older belongs to it.
    pub since: Option<DateTime<Utc>>,
    /// The organization gave the number up then; what is newer is not its.
    pub until: Option<DateTime<Utc>>,
    /// The import that waits for its files, if any.
    pub run_id: Option<ImportId>,
}

/// A message of the history, ready to be stored, with what it takes to decide who counts it.
#[derive(Debug, Clone)]
pub struct ImportedMessage {
    pub message: NewMessage,
    /// Whether `date_sent` could be read: without it, it matches no date filter for sure.
    pub is_dated: bool,
    /// When its status last changed, if that can be read.
    pub updated_at: Option<DateTime<Utc>>,
    /// Twilio's words that could not be kept as they were, for the delivery log.
    pub odd: Option<OddWords>,
}

impl ImportedMessage {
    /// What Twilio's list says of its delivery.
    pub fn delivery_news(&self) -> StatusReport {
        let (message, details) = (&self.message, &self.message.details);
        let at = match message.status {
            MessageStatus::Queued | MessageStatus::Sending | MessageStatus::Sent => details.sent_at,
            _ => self.updated_at,
        };
        StatusReport {
            status: message.status,
            error_code: details.error_code,
            error_message: details.error_message.clone(),
            at: at.unwrap_or(message.at),
        }
    }
}

/// What an entry of Twilio's list is.
#[derive(Debug, Clone)]
pub enum ListedMessage {
    Ours(Box<ImportedMessage>),
    /// Not one of this number's (the other half of a text between two numbers of the account), or
    /// of an earlier or later owner.
    NotOurs,
    /// It does not say from whom to whom: it cannot be kept.
    Unreadable,
}
