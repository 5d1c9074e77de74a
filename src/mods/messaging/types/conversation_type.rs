use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::FileKind;
use crate::{
    bases::{
        ids::{ConversationId, PhoneNumberId, UserId},
        json_object::json_objects,
    },
    entities::{
        position::Position,
        states::{MessageDirection, MessageStatus},
    },
    mods::contact::types::Contact,
};

/// One row of the conversation list: a contact and where their thread stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Conversation {
    pub id: ConversationId,
    pub contact: Contact,
    pub unread_count: i32,
    pub last_message_at: DateTime<Utc>,
    /// Where the last message stands among those of its second.
    #[serde(default)]
    pub last_message_position: Position,
    /// The beginning of the last message; null if it has no text.
    pub last_message_preview: Option<String>,
    /// Whether the text of the last message is known.
    #[serde(default)]
    pub last_message_text: TextState,
    /// Who wrote the last message, where the organization did.
    #[serde(default)]
    pub last_message_author: Option<MessageAuthor>,
    /// Texts from here that did not reach the customer, and were neither sent again nor dismissed.
    #[serde(default)]
    pub undelivered: i64,
    pub last_message_direction: MessageDirection,
    pub last_message_status: MessageStatus,
    pub last_message_error_code: Option<i32>,
    pub last_message_num_media: i32,
    /// What the first of its files is, once that is known.
    #[serde(default)]
    pub last_message_file: Option<FileKind>,
    /// The organization's number that the last message went through.
    pub phone_number_id: Option<PhoneNumberId>,
    /// When the database was asked for this: of two answers about a conversation, the later one
    /// holds.
    #[serde(default)]
    pub as_of: DateTime<Utc>,
}

impl Conversation {
    /// Sorts the list, last message last.
    pub fn place(&self) -> (i64, Position, ConversationId) {
        let second = self.last_message_at.timestamp();
        (second, self.last_message_position, self.id)
    }
}

/// Whether the text of a message is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextState {
    #[default]
    Known,
    /// It is being asked for at Twilio.
    Loading,
    /// Twilio does not know it any more.
    Unavailable,
}

/// Who of the organization wrote a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageAuthor {
    Person {
        id: UserId,
        name: String,
    },
    /// Twilio's answer to a keyword.
    AutoReply,
    /// Something else on the Twilio account.
    Elsewhere,
}

/// Which conversations a list holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversationFilter {
    #[default]
    All,
    Unread,
}

/// A stretch of the conversation list, last message first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct ConversationPage {
    pub conversations: Vec<Conversation>,
    /// Pass as `before` to get the ones below these; null at the end of the list.
    pub next_before: Option<String>,
    /// All conversations of the organization; only with the first page, since counting looks at
    /// each of them.
    pub total: Option<i64>,
    /// Those with unread messages; only with the first page.
    pub unread: Option<i64>,
}

json_objects!(Conversation, ConversationPage);
