//! Fairness among organizations.

use crate::bases::ids::OrganizationId;

/// Whose turn is next, where organizations take turns: a claim serves those with larger ids than
/// the last one first, then starts over.
#[derive(Debug, Clone, Copy)]
pub struct Turn(OrganizationId);

impl Default for Turn {
    fn default() -> Self {
        Self(OrganizationId::SMALLEST)
    }
}

impl Turn {
    /// The organization that had the last turn.
    pub fn last(self) -> OrganizationId {
        self.0
    }

    /// Notes whom a claim has served.
    pub fn pass(&mut self, served: impl Iterator<Item = OrganizationId>) {
        let before = self.0;
        let last = served.max_by_key(|one| (*one <= before, *one));
        self.0 = last.unwrap_or(before);
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn turns_go_on_behind_the_last_one_and_begin_anew() {
        let ids = [1, 2, 3, 4].map(|id| OrganizationId(Uuid::from_u128(id)));
        let mut turn = Turn::default();
        turn.pass([ids[1], ids[0]].into_iter());
        assert_eq!(turn.last(), ids[1]);
        turn.pass([ids[3], ids[0]].into_iter());
        assert_eq!(
            turn.last(),
            ids[0],
            "the one that begins anew was served last"
        );
        turn.pass(std::iter::empty());
        assert_eq!(turn.last(), ids[0]);
    }
}
