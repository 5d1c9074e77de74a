//! Where a page of Twilio's list ends.

use crate::mods::messaging::services::NewMessage;

/// The last message of a page; the next page continues below it.
#[derive(Debug, Clone)]
pub struct LastListed {
    pub sid: String,
    pub thread: Thread,
}

/// Messages of a customer in one second: their times do not order them.
pub type Thread = (i64, String);

impl LastListed {
    pub fn of(message: &NewMessage) -> Self {
        Self {
            sid: message.sid.to_string(),
            thread: thread_of(message),
        }
    }
}

/// The thread of a message.
pub fn thread_of(message: &NewMessage) -> Thread {
    (message.at.timestamp(), message.customer().to_owned())
}
