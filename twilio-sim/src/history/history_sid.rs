use crate::history::Draw;
use crate::model::{Sid, SidPrefix};

/// SIDs that look random and lead back to the number that they were made from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SidCode {
    check: Draw,
    mask: Draw,
}

impl SidCode {
    /// A code of its own for each key.
    pub fn new(key: Draw) -> Self {
        Self {
            check: key.fork(1),
            mask: key.fork(2),
        }
    }

    /// The SID of a number.
    pub fn encode(&self, prefix: SidPrefix, number: u64) -> Sid {
        let high = self.check.fork(number).next();
        let low = number ^ self.mask.fork(high).next();
        Sid::from_number(prefix, (u128::from(high) << 64) | u128::from(low))
    }

    /// The number that a SID was made from; `None` if it was not made by this code.
    pub fn decode(&self, prefix: SidPrefix, sid: &str) -> Option<u64> {
        let value = Sid::number_of(prefix, sid)?;
        let high = u64::try_from(value >> 64).ok()?;
        let low = u64::try_from(value & u128::from(u64::MAX)).ok()?;
        let number = low ^ self.mask.fork(high).next();
        (self.check.fork(number).next() == high).then_some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sid_leads_back_to_its_number_and_a_foreign_one_to_none() {
        let code = SidCode::new(Draw::new(1));
        let other = SidCode::new(Draw::new(2));
        for number in [0, 1, 999_999, u64::from(u32::MAX)] {
            let sid = code.encode(SidPrefix::Sms, number);
            assert_eq!(code.decode(SidPrefix::Sms, sid.as_str()), Some(number));
            assert_eq!(code.decode(SidPrefix::Mms, sid.as_str()), None);
            assert_eq!(other.decode(SidPrefix::Sms, sid.as_str()), None);
        }
        assert_eq!(code.decode(SidPrefix::Sms, "SM1"), None);
    }
}
