use std::collections::HashMap;

use crate::model::Sid;
use crate::store::DeliveredItem;

/// Messages whose events and callbacks were not all sent once yet.
#[derive(Debug, Default)]
pub(crate) struct FirstAttempts {
    open: HashMap<Sid, usize>,
}

impl FirstAttempts {
    /// Something about these has to be sent.
    pub fn expect<'a>(&mut self, items: impl IntoIterator<Item = &'a DeliveredItem>) {
        for sid in items.into_iter().filter_map(|one| one.message_sid.as_ref()) {
            *self.open.entry(sid.clone()).or_default() += 1;
        }
    }

    /// It was sent once, or never will be.
    pub fn made<'a>(&mut self, items: impl IntoIterator<Item = &'a DeliveredItem>) {
        for sid in items.into_iter().filter_map(|one| one.message_sid.as_ref()) {
            if let Some(count) = self.open.get_mut(sid) {
                *count -= 1;
                if *count == 0 {
                    self.open.remove(sid);
                }
            }
        }
    }

    /// Whether something about the message has still to be sent for the first time.
    pub fn is_open(&self, message_sid: &Sid) -> bool {
        self.open.contains_key(message_sid)
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.open.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SidPrefix;

    #[test]
    fn a_message_is_open_until_each_of_its_deliveries_was_tried() {
        let sid = Sid::generate(SidPrefix::Sms);
        let item = DeliveredItem {
            event_id: None,
            kind: "sent".to_owned(),
            message_sid: Some(sid.clone()),
        };
        let mut attempts = FirstAttempts::default();
        attempts.expect([&item, &item]);
        attempts.made([&item]);
        assert!(attempts.is_open(&sid));
        attempts.made([&item]);
        assert!(!attempts.is_open(&sid));
        attempts.made([&item]);
        assert!(!attempts.is_open(&sid));
    }
}
