mod conversation_type;
mod message_direction_type;
mod message_event_type;
mod message_page_type;
mod message_source_type;
mod message_status_type;
mod message_type;
mod send_message_type;

pub use conversation_type::{Conversation, ConversationFilter, ConversationPage};
pub use message_direction_type::{MessageDirection, MessageDirectionError};
pub use message_event_type::{ConversationReadEvent, MessageEvent};
pub use message_page_type::MessagePage;
pub use message_source_type::{MessageSource, MessageSourceError};
pub use message_status_type::{MessageStatus, MessageStatusError};
pub use message_type::Message;
pub use send_message_type::{MAX_MESSAGE_CHARACTERS, SendMessageIn};
