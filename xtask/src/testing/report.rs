//! Stages of a test run, and what became of them.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::base::duration_text::duration_text;
use crate::base::interrupt::Interrupted;
use crate::testing::tally::Tally;

/// What became of a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It did what it should, and no test failed.
    Passed,
    /// Something failed.
    Failed,
    /// It could not run, because an earlier stage failed, or there is nothing to run.
    NotRun(&'static str),
}

#[derive(Debug)]
struct Stage {
    name: &'static str,
    verdict: Verdict,
    tally: Tally,
    time: Duration,
}

/// All stages so far.
#[derive(Debug, Default)]
pub struct Report {
    stages: Vec<Stage>,
}

impl Report {
    /// Runs a stage. A failure is printed and counted, and the caller goes on.
    ///
    /// # Errors
    /// Only when the user interrupts.
    pub fn run(
        &mut self,
        name: &'static str,
        work: impl FnOnce() -> Result<Tally>,
    ) -> Result<bool> {
        println!("\n━━ {name}");
        let start = Instant::now();
        let tally = match work() {
            Ok(tally) => tally,
            Err(error) if error.is::<Interrupted>() => return Err(error),
            Err(error) => {
                println!("  error: {error:#}");
                Tally::one_failed()
            }
        };
        let verdict = if tally.failed == 0 {
            Verdict::Passed
        } else {
            Verdict::Failed
        };
        let passed = verdict == Verdict::Passed;
        let time = start.elapsed();
        println!(
            "━━ {name}: {} ({})",
            if passed { "ok" } else { "FAILED" },
            duration_text(time)
        );
        self.stages.push(Stage {
            name,
            verdict,
            tally,
            time,
        });
        Ok(passed)
    }

    /// Notes a stage that cannot run.
    pub fn not_run(&mut self, name: &'static str, why: &'static str) {
        println!("\n━━ {name}: not run, {why}");
        let (verdict, tally, time) = (Verdict::NotRun(why), Tally::default(), Duration::ZERO);
        self.stages.push(Stage {
            name,
            verdict,
            tally,
            time,
        });
    }

    /// The sum over all stages.
    #[must_use]
    pub fn total(&self) -> Tally {
        self.stages.iter().map(|stage| stage.tally).sum()
    }

    /// The table of stages; its last line is `N passed, N failed`.
    #[must_use]
    pub fn table(&self) -> String {
        let mut text = format!(
            "{:<34} {:<8} {:>7} {:>7}  time\n",
            "stage", "", "passed", "failed"
        );
        for Stage {
            name,
            verdict,
            tally,
            time,
        } in &self.stages
        {
            let word = match verdict {
                Verdict::Passed => "ok",
                Verdict::Failed => "FAILED",
                Verdict::NotRun(_) => "not run",
            };
            let count = |count: u64| {
                if count == 0 {
                    "·".to_owned()
                } else {
                    count.to_string()
                }
            };
            text.push_str(&format!(
                "{name:<34} {word:<8} {:>7} {:>7}  {}\n",
                count(tally.passed),
                count(tally.failed),
                match verdict {
                    Verdict::NotRun(why) => (*why).to_owned(),
                    Verdict::Passed | Verdict::Failed => duration_text(*time),
                }
            ));
        }
        let Tally { passed, failed } = self.total();
        text.push_str(&format!("\n{passed} passed, {failed} failed"));
        text
    }
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::*;

    #[test]
    fn an_error_is_one_failure_and_the_last_line_is_the_sum() {
        let mut report = Report::default();
        assert_eq!(
            report
                .run("good", || Ok(Tally {
                    passed: 7,
                    failed: 0
                }))
                .ok(),
            Some(true)
        );
        assert_eq!(report.run("broken", || bail!("no")).ok(), Some(false));
        report.not_run("later", "broken did not work");
        assert_eq!(report.table().lines().last(), Some("7 passed, 1 failed"));
    }

    #[test]
    fn an_interrupt_ends_the_whole_run() {
        let mut report = Report::default();
        assert!(report.run("stopped", || Err(Interrupted.into())).is_err());
    }
}
