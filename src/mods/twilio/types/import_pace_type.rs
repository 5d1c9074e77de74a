use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};

use crate::{entities::states::ImportPhase, mods::twilio::types::SmsSyncProgress};

/// Less says nothing about a speed.
const ENOUGH: TimeDelta = TimeDelta::seconds(3);
/// The speed is that of the last seconds.
const WINDOW: TimeDelta = TimeDelta::seconds(10);
/// A run sends at most four events a second: what comes in these seconds, and a reserve.
const KEPT_SAMPLES: usize = 64;
/// While messages are fetched, a run goes through its phases many times a second; shown is a
/// change a second, which can be read and does not flicker.
const SHOWN_FOR: TimeDelta = TimeDelta::seconds(1);

/// What a run counts: first its messages, then their files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Messages,
    Media,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Sample {
    at: DateTime<Utc>,
    /// Messages or files so far.
    done: u64,
    parts_done: u32,
}

/// How fast an import goes, from what this browser has seen of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportPace {
    stage: Stage,
    first: Sample,
    /// The last seconds, oldest first; never empty.
    recent: VecDeque<Sample>,
    latest: SmsSyncProgress,
    phase: ImportPhase,
    phase_since: DateTime<Utc>,
}

impl ImportPace {
    /// The first that is seen of a run.
    pub fn new(progress: SmsSyncProgress, at: DateTime<Utc>) -> Self {
        let first = sample(&progress, at);
        Self {
            stage: stage(&progress),
            first,
            recent: VecDeque::from([first]),
            phase: progress.phase,
            phase_since: at,
            latest: progress,
        }
    }

    /// Takes the next progress of a run. Another run, or the same one at its media, starts over; so
    /// does one that has counted its parts, for the time until then says nothing.
    pub fn take(&mut self, progress: SmsSyncProgress, at: DateTime<Utc>) {
        let has_counted = self.latest.parts_total == 0 && progress.parts_total > 0;
        if progress.run_id != self.latest.run_id || stage(&progress) != self.stage || has_counted {
            *self = Self::new(progress, at);
            return;
        }
        if progress.phase != self.phase && at - self.phase_since >= SHOWN_FOR {
            self.phase = progress.phase;
            self.phase_since = at;
        }
        let too_old = |sample: &Sample| at - sample.at > WINDOW;
        while self.recent.len() == KEPT_SAMPLES
            || (self.recent.len() > 1 && self.recent.front().is_some_and(too_old))
        {
            self.recent.pop_front();
        }
        self.recent.push_back(sample(&progress, at));
        self.latest = progress;
    }

    /// The phase to show.
    pub fn phase(&self) -> ImportPhase {
        self.phase
    }

    /// Messages or files a second; none before there are three seconds of data.
    pub fn rate(&self) -> Option<f64> {
        let (oldest, newest) = (self.recent.front()?, self.recent.back()?);
        let seconds = seconds_between(oldest, newest)?;
        Some(newest.done.saturating_sub(oldest.done) as f64 / seconds)
    }

    /// Seconds until this stage is complete; none while that cannot be told.
    pub fn seconds_left(&self) -> Option<f64> {
        let (left, rate) = match self.stage {
            Stage::Media => {
                let newest = self.recent.back()?;
                let total = self.latest.media_total?;
                (total.saturating_sub(newest.done) as f64, self.rate()?)
            }
            // How many messages there are Twilio does not say; how many parts of the time range
            // there are is known. They are few, so all that was seen counts.
            Stage::Messages => {
                let newest = self.recent.back()?;
                let left = self.latest.parts_total.checked_sub(newest.parts_done)?;
                let seconds = seconds_between(&self.first, newest)?;
                let done = newest.parts_done.saturating_sub(self.first.parts_done);
                (f64::from(left), f64::from(done) / seconds)
            }
        };
        (rate > 0.0).then(|| left / rate)
    }
}

fn stage(progress: &SmsSyncProgress) -> Stage {
    match progress.phase {
        ImportPhase::DownloadingMedia | ImportPhase::Done => Stage::Media,
        ImportPhase::Fetching
        | ImportPhase::Deduplicating
        | ImportPhase::ResolvingContacts
        | ImportPhase::Inserting
        | ImportPhase::UpdatingTimestamps => Stage::Messages,
    }
}

fn sample(progress: &SmsSyncProgress, at: DateTime<Utc>) -> Sample {
    let done = match stage(progress) {
        Stage::Messages => progress.fetched,
        Stage::Media => Some(
            progress.media_downloaded.unwrap_or_default()
                + progress.media_failed.unwrap_or_default(),
        ),
    };
    Sample {
        at,
        done: done.unwrap_or_default(),
        parts_done: progress.parts_done,
    }
}

fn seconds_between(from: &Sample, to: &Sample) -> Option<f64> {
    let between = to.at - from.at;
    (between >= ENOUGH).then(|| between.as_seconds_f64())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        bases::ids::{ImportId, PhoneNumberId},
        entities::states::ImportState,
    };

    fn at(seconds: f64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::milliseconds((seconds * 1_000.0) as i64)
    }

    fn fetching(fetched: u64, parts_done: u32, parts_total: u32) -> SmsSyncProgress {
        SmsSyncProgress {
            run_id: ImportId(Uuid::nil()),
            phone_number_id: PhoneNumberId(Uuid::nil()),
            phase: ImportPhase::Fetching,
            state: ImportState::Running,
            since: None,
            fetched: Some(fetched),
            new_count: None,
            skipped: None,
            parts_done,
            parts_total,
            media_downloaded: None,
            media_failed: None,
            media_total: None,
            unreadable: 0,
            error: None,
            started_at: at(0.0),
            finished_at: None,
        }
    }

    fn media(done: u64, total: u64) -> SmsSyncProgress {
        SmsSyncProgress {
            phase: ImportPhase::DownloadingMedia,
            media_downloaded: Some(done),
            media_total: Some(total),
            ..fetching(500, 4, 4)
        }
    }

    #[test]
    fn nothing_is_said_before_three_seconds() {
        let mut pace = ImportPace::new(fetching(0, 0, 10), at(0.0));
        pace.take(fetching(1_000, 1, 10), at(2.9));
        assert_eq!((pace.rate(), pace.seconds_left()), (None, None));
        pace.take(fetching(2_000, 2, 10), at(4.0));
        assert_eq!(pace.rate(), Some(500.0));
        assert_eq!(pace.seconds_left(), Some(16.0), "eight parts at two in 4 s");
    }

    #[test]
    fn a_page_opened_in_the_middle_counts_only_what_it_saw() {
        let mut pace = ImportPace::new(fetching(90_000, 5, 10), at(100.0));
        pace.take(fetching(90_400, 6, 10), at(104.0));
        assert_eq!(pace.rate(), Some(100.0));
        assert_eq!(pace.seconds_left(), Some(16.0));
    }

    #[test]
    fn the_time_before_the_parts_are_counted_does_not_count() {
        let mut pace = ImportPace::new(fetching(0, 0, 0), at(0.0));
        pace.take(fetching(0, 0, 10), at(60.0));
        pace.take(fetching(100, 1, 10), at(64.0));
        assert_eq!(pace.rate(), Some(25.0));
        assert_eq!(pace.seconds_left(), Some(36.0));
    }

    #[test]
    fn the_rate_is_that_of_the_last_seconds() {
        let mut pace = ImportPace::new(fetching(0, 0, 0), at(0.0));
        for second in 1..=40_u32 {
            let fetched = second.saturating_sub(20);
            pace.take(fetching(u64::from(fetched), 0, 0), at(f64::from(second)));
        }
        assert_eq!(pace.rate(), Some(1.0));
        assert_eq!(pace.seconds_left(), None, "no total is known");
    }

    #[test]
    fn standing_still_has_no_end() {
        let mut pace = ImportPace::new(media(10, 20), at(0.0));
        pace.take(media(10, 20), at(5.0));
        assert_eq!(pace.rate(), Some(0.0));
        assert_eq!(pace.seconds_left(), None);
    }

    #[test]
    fn files_are_counted_from_where_messages_end() {
        let mut pace = ImportPace::new(fetching(0, 0, 4), at(0.0));
        pace.take(fetching(500, 4, 4), at(5.0));
        pace.take(media(0, 120), at(6.0));
        assert_eq!(pace.rate(), None, "another thing is counted now");
        pace.take(media(20, 120), at(10.0));
        assert_eq!(pace.rate(), Some(5.0));
        assert_eq!(pace.seconds_left(), Some(20.0));
    }

    #[test]
    fn the_phase_shown_changes_once_a_second() {
        let inserting = SmsSyncProgress {
            phase: ImportPhase::Inserting,
            ..fetching(1, 0, 0)
        };
        let mut pace = ImportPace::new(fetching(0, 0, 0), at(0.0));
        pace.take(inserting.clone(), at(0.2));
        assert_eq!(pace.phase(), ImportPhase::Fetching);
        pace.take(inserting, at(1.0));
        assert_eq!(pace.phase(), ImportPhase::Inserting);
        pace.take(media(0, 1), at(1.2));
        assert_eq!(pace.phase(), ImportPhase::DownloadingMedia, "at once");
    }

    #[test]
    fn samples_stay_few() {
        let mut pace = ImportPace::new(fetching(0, 0, 0), at(0.0));
        for event in 0..1_000_u32 {
            pace.take(
                fetching(u64::from(event), 0, 0),
                at(f64::from(event) / 100.0),
            );
        }
        assert!(pace.recent.len() <= KEPT_SAMPLES);
    }
}
