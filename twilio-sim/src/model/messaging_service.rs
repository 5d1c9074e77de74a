use crate::model::Sid;

/// A Messaging Service: a pool of numbers that Twilio picks a sender from.
#[derive(Debug, Clone)]
pub(crate) struct MessagingService {
    /// `MG…`
    pub sid: Sid,
    /// The numbers of the pool, E.164.
    pub phone_numbers: Vec<String>,
}
