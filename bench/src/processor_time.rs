//! How busy the machine is.

use std::fs;

use anyhow::{Context as _, Result};

/// Time of all processors since the machine started, in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProcessorTime {
    busy: u64,
    all: u64,
}

impl ProcessorTime {
    /// The time now, from `/proc/stat`.
    ///
    /// # Errors
    /// Where there is no such file.
    pub fn now() -> Result<Self> {
        let stat = fs::read_to_string("/proc/stat").context("no times of processors")?;
        Self::parse(&stat).context("no times of processors in /proc/stat")
    }

    /// How much of all processors was in use from then to `later`, from 0 to 1.
    #[must_use]
    pub fn busy_until(self, later: Self) -> f64 {
        let all = later.all.saturating_sub(self.all).max(1);
        later.busy.saturating_sub(self.busy) as f64 / all as f64
    }

    fn parse(stat: &str) -> Option<Self> {
        let first = stat.lines().find_map(|line| line.strip_prefix("cpu "))?;
        // User, nice, system, idle, waiting for the disk, interrupts (two kinds), stolen; guests'
        // times, which follow, are in the first two already.
        let ticks: Vec<u64> = first
            .split_whitespace()
            .take(8)
            .map(str::parse)
            .collect::<Result<_, _>>()
            .ok()?;
        let all: u64 = ticks.iter().sum();
        let idle = ticks.get(3)? + ticks.get(4)?;
        Some(Self {
            busy: all - idle,
            all,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_for_the_disk_is_not_busy() {
        let parse = |stat| ProcessorTime::parse(stat).expect("times");
        let before = parse("cpu  10 0 10 70 10 0 0 0 5 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n");
        let after = parse("cpu  40 0 30 100 30 0 0 0 9 0\n");
        assert_eq!(before, ProcessorTime { busy: 20, all: 100 });
        assert!((before.busy_until(after) - 0.5).abs() < 1e-9);
        assert_eq!(ProcessorTime::parse("intr 1"), None);
    }
}
