use dioxus::prelude::*;

use super::{ImportRuns, use_imports::is_under_way};
use crate::{
    bases::realtime::{BrowserEvent, EventKind},
    mods::twilio::{
        api::get_imported_phone_numbers_api,
        types::{ImportPace, SmsSyncProgress},
    },
};

/// What events and the list change in the runs.
impl ImportRuns {
    pub(super) async fn load(mut self) {
        let before = self.events.peek().clone();
        let mut numbers = match get_imported_phone_numbers_api().await {
            Ok(numbers) => numbers,
            Err(error) => {
                if !self.session.ended_by(&error) {
                    tracing::warn!(%error, "the imports could not be loaded");
                }
                return;
            }
        };
        for number in &mut numbers {
            let id = number.number.id;
            if self.events_of(id) != before.get(&id).copied().unwrap_or_default() {
                number.last_sync = self.last(id);
            } else if let Some(progress) = &number.last_sync {
                self.note(progress);
            }
        }
        if *self.numbers.peek() != numbers {
            self.numbers.set(numbers);
        }
    }

    pub(super) fn take_event(mut self, event: &BrowserEvent) {
        // A number was bought, released or imported.
        if event.kind == EventKind::TwilioAccount {
            self.refresh();
        }
        if event.kind != EventKind::ImportProgress {
            return;
        }
        if let Some(progress) = event.payload_as::<SmsSyncProgress>() {
            *self
                .events
                .write()
                .entry(progress.phone_number_id)
                .or_default() += 1;
            self.take(progress);
        }
    }

    pub(super) fn take(mut self, progress: SmsSyncProgress) {
        let known = self.last(progress.phone_number_id);
        if known.is_some_and(|known| known.started_at > progress.started_at) {
            return;
        }
        self.note(&progress);
        let mut numbers = self.numbers.write();
        let number = numbers
            .iter_mut()
            .find(|number| number.number.id == progress.phone_number_id);
        if let Some(number) = number {
            number.last_sync = Some(progress);
        }
    }

    /// What a progress says about the speed, and about which runs belong together.
    fn note(mut self, progress: &SmsSyncProgress) {
        let number = progress.phone_number_id;
        if !is_under_way(progress) {
            if self.paces.peek().contains_key(&number) {
                self.paces.write().remove(&number);
            }
            return;
        }
        let is_new = self.run_of(number) != Some(progress.run_id);
        let is_watched = self.watched.peek().contains(&number);
        // What was asked for here is watched since then.
        let asked_here = self.asked.peek().contains_key(&number);
        if !is_watched || (is_new && !asked_here) {
            self.watch(number);
        }
        let now = self.clock.instant();
        self.paces
            .write()
            .entry(number)
            .and_modify(|pace| pace.take(progress.clone(), now))
            .or_insert_with(|| ImportPace::new(progress.clone(), now));
    }
}
