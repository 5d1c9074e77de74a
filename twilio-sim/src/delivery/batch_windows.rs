use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::model::Sid;

/// When the next request of each subscription that takes several events in one is due. The first
/// event opens a window, and those that follow within it go along.
#[derive(Debug, Default)]
pub(crate) struct BatchWindows {
    due: HashMap<Sid, Instant>,
}

impl BatchWindows {
    /// When an event is due that could go out at `earliest`.
    pub fn due(&mut self, subscription: &Sid, earliest: Instant, wait: Duration) -> Instant {
        let open = self.due.get(subscription).copied();
        if let Some(open) = open.filter(|due| *due >= earliest && *due <= earliest + wait) {
            return open;
        }
        let due = earliest + wait;
        self.due.insert(subscription.clone(), due);
        due
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.due.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SidPrefix;

    #[test]
    fn events_within_a_window_are_due_together_and_a_later_one_opens_the_next() {
        let (mut windows, now) = (BatchWindows::default(), Instant::now());
        let one = Sid::generate(SidPrefix::Subscription);
        let other = Sid::generate(SidPrefix::Subscription);
        let ms = Duration::from_millis;
        let first = windows.due(&one, now, ms(50));
        assert_eq!(first, now + ms(50));
        assert_eq!(windows.due(&one, now + ms(50), ms(50)), first);
        assert_eq!(windows.due(&other, now + ms(20), ms(50)), now + ms(70));
        assert_eq!(windows.due(&one, now + ms(51), ms(50)), now + ms(101));
        // The wait was made shorter meanwhile.
        assert_eq!(windows.due(&one, now + ms(60), ms(0)), now + ms(60));
    }
}
