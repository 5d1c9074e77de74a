//! Limits that a measurement must keep.

use anyhow::Result;
use xtask::base::already_reported::AlreadyReported;

/// Which side of the limit is good.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// The value must reach it.
    AtLeast(f64),
    /// The value must not exceed it.
    AtMost(f64),
}

/// A measured value and its limit.
#[derive(Clone, Copy, Debug)]
pub struct Bar {
    pub what: &'static str,
    pub value: f64,
    pub limit: Limit,
}

impl Bar {
    fn is_met(&self) -> bool {
        match self.limit {
            Limit::AtLeast(limit) => self.value >= limit,
            Limit::AtMost(limit) => self.value <= limit,
        }
    }
}

/// Prints each value with its limit.
///
/// # Errors
/// When a limit is missed.
pub fn check_bars(bars: &[Bar]) -> Result<()> {
    for bar in bars {
        let mark = if bar.is_met() { "✓" } else { "✗" };
        let limit = match bar.limit {
            Limit::AtLeast(limit) => format!("at least {limit}"),
            Limit::AtMost(limit) => format!("at most {limit}"),
        };
        println!("{mark} {}: {:.2} (bar: {limit})", bar.what, bar.value);
    }
    if bars.iter().all(Bar::is_met) {
        Ok(())
    } else {
        Err(AlreadyReported.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missed_limit_fails_and_a_reached_one_does_not() {
        let bar = |value, limit| Bar {
            what: "rate",
            value,
            limit,
        };
        let good = [bar(2.0, Limit::AtLeast(2.0)), bar(2.0, Limit::AtMost(2.0))];
        assert!(check_bars(&good).is_ok());
        assert!(check_bars(&[bar(1.9, Limit::AtLeast(2.0))]).is_err());
        assert!(check_bars(&[bar(f64::NAN, Limit::AtMost(2.0))]).is_err());
    }
}
