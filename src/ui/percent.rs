/// A share in whole percent, rounded down. The style sheet turns its digits into a length, since
/// the page's policy allows no styles of single elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Percent(pub(super) i64);

impl Percent {
    /// Of a share from 0 to 1.
    pub(super) fn of(share: f64) -> Self {
        Self((share.clamp(0.0, 1.0) * 100.0) as i64)
    }

    /// From 0 to 10.
    pub(super) fn tens(self) -> i64 {
        self.0 / 10
    }

    /// From 0 to 9.
    pub(super) fn ones(self) -> i64 {
        self.0 % 10
    }
}
