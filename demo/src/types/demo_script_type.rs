use super::{DemoNumber, DemoUser};
use loquent::bases::e164::E164;

/// A conversation of the demo, with the contact it is with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoScript {
    /// Empty where nobody knows the name.
    pub first_name: String,
    pub last_name: String,
    pub phone: E164,
    pub number: DemoNumber,
    /// `contact.source`.
    pub source: &'static str,
    pub ends: DemoEnds,
    /// How many of the customer's last texts nobody has read.
    pub unread: usize,
    pub opted_out: bool,
    pub lines: Vec<DemoLine>,
}

/// When the last text of a conversation was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DemoEnds {
    /// So many minutes ago.
    Ago(u32),
    /// So many days ago, at a minute of the day (UTC).
    Day { days: u32, minute: u32 },
}

/// One text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoLine {
    pub speaker: DemoSpeaker,
    /// Minutes since the text before.
    pub wait: u32,
    /// The organization's number that it goes through.
    pub number: DemoNumber,
    /// How far an outbound text came.
    pub ending: DemoEnding,
    pub text: String,
}

/// Who wrote a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DemoSpeaker {
    Customer,
    User(DemoUser),
    /// Another program that uses the same Twilio account.
    OtherPlatform,
}

/// How far an outbound text came. Not `read`: Twilio reports that for WhatsApp and RCS only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DemoEnding {
    Queued,
    Sending,
    /// The carrier gave no receipt.
    Sent,
    Delivered,
    /// Twilio's error code.
    Undelivered(i32),
    /// Twilio did not take the text, with this error code: it has no SID.
    Refused(i32),
}
