use std::time::Duration;

use crate::faults::Fault;
use crate::history::Draw;

/// What happens to an event or a status callback.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct DeliveryFaults {
    /// It is never sent.
    pub dropped: bool,
    /// It is due so much later.
    pub delay: Duration,
    /// It is sent again, each time so long after it is due.
    pub copies: Vec<Duration>,
}

impl DeliveryFaults {
    /// Adds a fault that fired.
    pub fn add(&mut self, fault: Fault, mut source: Draw) {
        let mut within = |ms: u64| Duration::from_millis(source.below(ms + 1));
        match fault {
            Fault::Drop => self.dropped = true,
            Fault::Delay { ms, jitter_ms } => {
                self.delay += Duration::from_millis(ms) + within(jitter_ms);
            }
            Fault::Reorder { within_ms } => self.delay += within(within_ms),
            Fault::Duplicate { copies, within_ms } => {
                self.copies.extend((0..copies).map(|_| within(within_ms)));
            }
            _ => {}
        }
    }
}
