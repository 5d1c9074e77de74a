mod message_sid_type;
mod phone_number_type;

pub use message_sid_type::{MessageSid, MessageSidError};
pub use phone_number_type::PhoneNumber;
