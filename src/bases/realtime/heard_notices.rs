use std::collections::VecDeque;

use uuid::Uuid;

use crate::bases::ids::OrganizationId;

/// Notices that a node remembers, of all organizations together: those of minutes. A page that is
/// older fetches again what it shows.
const REMEMBERED: usize = 4_096;

/// What this node has heard of, so that a page that was just rendered need not be fetched again.
///
/// Positions are of this node alone, and of this start of it: any other one counts as missed.
#[derive(Debug)]
pub(super) struct HeardNotices {
    node: Uuid,
    /// Number of the newest notice.
    last: u64,
    /// Up to this number it is not known whose notices there were.
    forgotten: u64,
    recent: VecDeque<(u64, OrganizationId)>,
}

impl Default for HeardNotices {
    fn default() -> Self {
        Self {
            node: Uuid::now_v7(),
            last: 0,
            forgotten: 0,
            recent: VecDeque::new(),
        }
    }
}

impl HeardNotices {
    pub(super) fn note(&mut self, organization: OrganizationId) {
        self.last += 1;
        if self.recent.len() == REMEMBERED
            && let Some((oldest, _)) = self.recent.pop_front()
        {
            self.forgotten = oldest;
        }
        self.recent.push_back((self.last, organization));
    }

    /// Notices may have been missed, of anybody.
    pub(super) fn note_gap(&mut self) {
        self.last += 1;
        self.forgotten = self.last;
        self.recent.clear();
    }

    pub(super) fn position(&self) -> String {
        format!("{}.{}", self.node, self.last)
    }

    pub(super) fn has_missed(&self, organization: OrganizationId, position: &str) -> bool {
        let since = position.split_once('.').and_then(|(node, last)| {
            let is_ours = node.parse() == Ok(self.node);
            last.parse::<u64>().ok().filter(|_| is_ours)
        });
        since.is_none_or(|since| {
            since < self.forgotten
                || self
                    .recent
                    .iter()
                    .rev()
                    .take_while(|(at, _)| *at > since)
                    .any(|(_, whose)| *whose == organization)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_notices_of_the_organization_after_the_position_are_missed() {
        let (ours, other) = (OrganizationId::new(), OrganizationId::new());
        let mut heard = HeardNotices::default();
        heard.note(ours);
        let before = heard.position();
        assert!(!heard.has_missed(ours, &before));
        heard.note(other);
        assert!(!heard.has_missed(ours, &before));
        assert!(heard.has_missed(other, &before));
        heard.note(ours);
        assert!(heard.has_missed(ours, &before));
        assert!(!heard.has_missed(ours, &heard.position()));
    }

    #[test]
    fn what_cannot_be_known_is_missed() {
        let ours = OrganizationId::new();
        let mut heard = HeardNotices::default();
        let before = heard.position();
        assert!(heard.has_missed(ours, &HeardNotices::default().position()));
        for wrong in ["", "1", "x.1", &before.replace('.', ".x")] {
            assert!(heard.has_missed(ours, wrong), "{wrong}");
        }
        heard.note_gap();
        assert!(heard.has_missed(ours, &before));
        let before = heard.position();
        for _ in 0..=REMEMBERED {
            heard.note(OrganizationId::new());
        }
        assert!(heard.has_missed(ours, &before));
        assert_eq!(heard.recent.len(), REMEMBERED);
    }
}
