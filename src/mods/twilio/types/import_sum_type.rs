use crate::{
    entities::states::{ImportPhase, ImportState},
    mods::twilio::types::SmsSyncProgress,
};

/// The runs of several numbers together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ImportSum {
    pub running: usize,
    pub done: usize,
    /// Failed, or stopped by a person.
    pub stopped: usize,
    pub fetched: u64,
    pub new_count: u64,
    pub media_downloaded: u64,
    /// Parts of the time ranges and files that are done.
    steps_done: u64,
    steps_total: u64,
    /// A run that goes on has not counted its parts yet.
    total_unknown: bool,
}

impl ImportSum {
    /// The sum of the newest run of each number.
    pub fn of<'a>(runs: impl IntoIterator<Item = &'a SmsSyncProgress>) -> Self {
        let mut sum = Self::default();
        for run in runs {
            sum.add(run);
        }
        sum
    }

    /// How much is done, from 0 to 1; none while the whole is not known.
    pub fn share(&self) -> Option<f64> {
        let known = !self.total_unknown && self.steps_total > 0;
        known.then(|| self.steps_done as f64 / self.steps_total as f64)
    }

    fn add(&mut self, run: &SmsSyncProgress) {
        let files = run.media_total.unwrap_or_default();
        let total = u64::from(run.parts_total) + files;
        let parts_done = u64::from(run.parts_done.min(run.parts_total));
        let files_done =
            run.media_downloaded.unwrap_or_default() + run.media_failed.unwrap_or_default();
        match run.state {
            ImportState::Running => {
                self.running += 1;
                self.total_unknown |= run.parts_total == 0 && run.phase == ImportPhase::Fetching;
            }
            ImportState::Done => self.done += 1,
            ImportState::Failed | ImportState::Cancelled => self.stopped += 1,
        }
        self.steps_total += total;
        self.steps_done += match run.state {
            ImportState::Running => parts_done + files_done.min(files),
            // Nothing more comes of it.
            _ => total,
        };
        self.fetched += run.fetched.unwrap_or_default();
        self.new_count += run.new_count.unwrap_or_default();
        self.media_downloaded += run.media_downloaded.unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::bases::ids::{ImportId, PhoneNumberId};

    fn run(state: ImportState, parts_done: u32, parts_total: u32) -> SmsSyncProgress {
        SmsSyncProgress {
            run_id: ImportId(Uuid::nil()),
            phone_number_id: PhoneNumberId(Uuid::nil()),
            phase: ImportPhase::Fetching,
            state,
            since: None,
            fetched: Some(100),
            new_count: Some(40),
            skipped: Some(60),
            parts_done,
            parts_total,
            media_downloaded: Some(3),
            media_failed: Some(1),
            media_total: Some(6),
            unreadable: 0,
            error: None,
            started_at: DateTime::UNIX_EPOCH,
            finished_at: None,
        }
    }

    #[test]
    fn counts_are_added_up_and_ends_are_told_apart() {
        let sum = ImportSum::of(&[
            run(ImportState::Running, 1, 4),
            run(ImportState::Done, 4, 4),
            run(ImportState::Failed, 2, 4),
            run(ImportState::Cancelled, 0, 4),
        ]);
        assert_eq!((sum.running, sum.done, sum.stopped), (1, 1, 2));
        assert_eq!((sum.fetched, sum.new_count), (400, 160));
        assert_eq!(sum.media_downloaded, 12);
        assert_eq!(sum.share(), Some(35.0 / 40.0), "one runs: 5 steps of 10");
    }

    #[test]
    fn an_unknown_total_has_no_share() {
        let known = run(ImportState::Running, 1, 4);
        let unknown = run(ImportState::Running, 0, 0);
        assert_eq!(ImportSum::of([&known, &unknown]).share(), None);
        assert_eq!(ImportSum::of([]).share(), None);
    }
}
