use serde::Serialize;

use crate::history::GeneratedHistory;

/// Messages of one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct NumberCounts {
    /// Received by it.
    pub inbound: u64,
    /// Sent from it.
    pub outbound: u64,
    /// Files of both.
    pub media: u64,
    /// Messages without `date_sent`.
    pub never_sent: u64,
}

/// How many messages a history has, and of what kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HistoryCounts {
    /// All messages.
    pub messages: u64,
    /// Customers that occur.
    pub contacts: u64,
    /// For each number of the account, in the order in which they were given.
    pub numbers: Vec<(String, NumberCounts)>,
}

impl GeneratedHistory {
    /// Counts every message. This looks at each of them, in bounded memory.
    #[must_use]
    pub fn counts(&self) -> HistoryCounts {
        let plan = self.plan();
        let mut numbers = vec![NumberCounts::default(); plan.numbers.len()];
        let mut seen = vec![false; usize::try_from(plan.contacts).unwrap_or(0)];
        for index in 0..plan.messages {
            let outline = plan.outline(index);
            let counts = &mut numbers[outline.number];
            if outline.inbound {
                counts.inbound += 1;
            } else {
                counts.outbound += 1;
            }
            counts.media += u64::from(outline.files);
            counts.never_sent += u64::from(outline.sent.is_none());
            if let Some(one) = usize::try_from(outline.customer)
                .ok()
                .and_then(|customer| seen.get_mut(customer))
            {
                *one = true;
            }
        }
        HistoryCounts {
            messages: plan.messages,
            contacts: seen.iter().filter(|one| **one).count() as u64,
            numbers: plan.numbers.iter().cloned().zip(numbers).collect(),
        }
    }
}
