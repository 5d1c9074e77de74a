use crate::history::delivery_fate::DeliveryFate;
use crate::history::history_plan::HistoryPlan;

/// Longest time from creation to `date_sent`, in seconds.
pub(crate) const SENT_WITHIN: u64 = 2;
/// Most files of a message, as at Twilio.
const MAX_FILES: u32 = 10;

/// The part of a generated message that filters look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MessageOutline {
    pub inbound: bool,
    /// Index of our number.
    pub number: usize,
    pub customer: u64,
    /// Second of creation.
    pub created: i64,
    /// Second in which it was sent or received.
    pub sent: Option<i64>,
    pub files: u32,
    pub fate: DeliveryFate,
}

impl HistoryPlan {
    /// True for a message that a customer sent.
    pub fn is_inbound(&self, index: u64) -> bool {
        self.source(index).fork(1).share() < self.shares.inbound
    }

    /// What filters need to know of a message.
    pub fn outline(&self, index: u64) -> MessageOutline {
        let source = self.source(index);
        let inbound = self.is_inbound(index);
        let created = self.created(index);
        let fate = DeliveryFate::of(source.fork(2), inbound, &self.shares);
        let pause = if inbound {
            0
        } else {
            source.fork(3).below(SENT_WITHIN + 1)
        };
        MessageOutline {
            inbound,
            number: self.number_of(index),
            customer: self.customer_of(index),
            created,
            sent: fate.sent.then(|| created.saturating_add_unsigned(pause)),
            files: self.files(index),
            fate,
        }
    }

    /// The number of files of a message.
    pub fn files(&self, index: u64) -> u32 {
        let mut source = self.source(index).fork(4);
        if source.share() >= self.shares.media {
            return 0;
        }
        match source.below(50) {
            0 => MAX_FILES,
            1..=4 => 3,
            5..=9 => 2,
            _ => 1,
        }
    }
}
