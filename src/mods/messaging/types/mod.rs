mod attachment_type;
mod conversation_type;
mod delivery_log_type;
mod file_kind_type;
mod message_change_type;
mod message_page_type;
mod message_type;
mod outgoing_message_type;
mod send_message_type;
mod text_link_type;
mod thread_item_type;

pub use attachment_type::Attachment;
pub use conversation_type::{
    Conversation, ConversationFilter, ConversationPage, MessageAuthor, TextState,
};
pub use delivery_log_type::{DeliveryLog, DeliveryLogEntry, DeliveryLogError};
pub use file_kind_type::FileKind;
pub use message_change_type::{ConversationRead, MessageChange, MessageRemoval};
pub use message_page_type::MessagePage;
pub use message_type::Message;
pub use outgoing_message_type::{KeptMessage, OutgoingMessage, OutgoingState};
pub use send_message_type::{MAX_MESSAGE_CHARACTERS, NewMessageDraft, SendMessageIn};
pub use text_link_type::TextLink;
pub use thread_item_type::{ThreadEntry, ThreadItem};
