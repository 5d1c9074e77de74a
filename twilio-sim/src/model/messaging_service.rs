use chrono::{DateTime, Utc};

use crate::model::Sid;

/// A Messaging Service: a pool of numbers that Twilio picks a sender from.
#[derive(Debug, Clone)]
pub(crate) struct MessagingService {
    /// `MG…`
    pub sid: Sid,
    /// The numbers of the pool, E.164.
    pub phone_numbers: Vec<String>,
    /// Where texts to its numbers are posted; the number's own webhook if it has none.
    pub inbound_request_url: Option<String>,
    /// Where the status of its messages is posted.
    pub status_callback: Option<String>,
    /// When it was made.
    pub date_created: DateTime<Utc>,
}
