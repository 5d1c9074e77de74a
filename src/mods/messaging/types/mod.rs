mod attachment_type;
mod conversation_type;
mod delivery_log_type;
mod file_kind_type;
mod log_source_type;
mod message_change_type;
mod message_direction_type;
mod message_page_type;
mod message_source_type;
mod message_status_type;
mod message_type;
mod outgoing_message_type;
mod send_message_type;
mod text_link_type;
mod thread_item_type;

pub use attachment_type::{Attachment, AttachmentState, AttachmentStateError};
pub use conversation_type::{
    Conversation, ConversationFilter, ConversationPage, MessageAuthor, TextState,
};
pub use delivery_log_type::{DeliveryLog, DeliveryLogEntry, DeliveryLogError};
pub use file_kind_type::FileKind;
pub use log_source_type::{LogSource, NewsSourceError};
pub use message_change_type::{ConversationRead, MessageChange, MessageRemoval};
pub use message_direction_type::{MessageDirection, MessageDirectionError};
pub use message_page_type::MessagePage;
pub use message_source_type::{MessageSource, MessageSourceError};
pub use message_status_type::{MessageStatus, MessageStatusError};
pub use message_type::Message;
pub use outgoing_message_type::{KeptMessage, OutgoingMessage, OutgoingState};
pub use send_message_type::{MAX_MESSAGE_CHARACTERS, NewMessageDraft, SendMessageIn};
pub use text_link_type::TextLink;
pub use thread_item_type::{ThreadEntry, ThreadItem};
