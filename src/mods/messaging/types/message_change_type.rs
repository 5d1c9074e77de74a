use serde::{Deserialize, Serialize};

use super::{Conversation, Message};
use crate::bases::ids::{ContactId, MessageId};

/// Payload of `messaging.message.new` and `messaging.message.status`: the message as it is now,
/// and the list row that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageChange {
    pub message: Message,
    pub conversation: Conversation,
}

/// Payload of `messaging.message.removed`: it was another message that is there, too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageRemoval {
    pub message_id: MessageId,
}

/// Payload of `messaging.conversation.read`: the unread count is zero for everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationRead {
    pub contact_id: ContactId,
}
