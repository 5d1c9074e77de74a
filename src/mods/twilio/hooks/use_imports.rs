use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use dioxus::prelude::*;
use futures::future::LocalBoxFuture;

use crate::{
    bases::{
        api_json::ApiJson,
        error::AppError,
        ids::{ImportId, PhoneNumberId},
        realtime::{use_load_start, use_missed_events_since, use_realtime_events_since},
    },
    entities::states::ImportState,
    mods::{
        account::TWILIO_FORMS,
        auth::hooks::{Session, use_session},
        twilio::{
            api::{
                cancel_message_history_sync_api, resume_message_history_sync_api,
                sync_message_history_api,
            },
            types::{
                ImportOfNumberIn, ImportPace, ImportSum, NumberHistory, SmsSyncProgress,
                SyncMessageHistoryIn,
            },
        },
    },
    ui::{Clock, call_in_chunk, use_clock},
};

/// What a person has asked for and the server has not answered yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportAction {
    Start,
    Cancel,
    Resume,
}

/// The imports of the organization's numbers as this browser knows them; events keep them live.
#[derive(Clone, Copy, PartialEq)]
pub struct ImportRuns {
    pub(super) session: Session,
    pub(super) clock: Clock,
    pub(super) numbers: Signal<Vec<NumberHistory>>,
    pub(super) paces: Signal<HashMap<PhoneNumberId, ImportPace>>,
    pub(super) asked: Signal<HashMap<PhoneNumberId, ImportAction>>,
    /// What could not be done, and why.
    refusals: Signal<HashMap<PhoneNumberId, String>>,
    /// The numbers whose runs are summed up: those that run together.
    pub(super) watched: Signal<HashSet<PhoneNumberId>>,
    /// Events of each number: an answer that was asked for before one of them is older than it.
    pub(super) events: Signal<HashMap<PhoneNumberId, u64>>,
}

/// The imports of the numbers, live.
pub fn use_imports(numbers: Vec<NumberHistory>) -> ImportRuns {
    let (session, clock) = (use_session(), use_clock());
    let syncs = use_hook(|| ImportRuns::new(session, clock, numbers));
    let start = use_load_start();
    use_realtime_events_since(start, move |event| syncs.take_event(event));
    use_missed_events_since(start, move || syncs.refresh());
    syncs
}

impl ImportRuns {
    fn new(session: Session, clock: Clock, numbers: Vec<NumberHistory>) -> Self {
        let running = numbers.iter().filter(|number| is_running(number));
        let watched = running.map(|number| number.number.id).collect();
        Self {
            session,
            clock,
            numbers: Signal::new(numbers),
            paces: Signal::new(HashMap::new()),
            asked: Signal::new(HashMap::new()),
            refusals: Signal::new(HashMap::new()),
            watched: Signal::new(watched),
            events: Signal::new(HashMap::new()),
        }
    }

    /// The organization's numbers with their newest runs, by name.
    pub fn numbers(self) -> Vec<NumberHistory> {
        (self.numbers)()
    }

    /// How many numbers are being synced.
    pub fn running(self) -> usize {
        let numbers = self.numbers.read();
        numbers.iter().filter(|number| is_running(number)).count()
    }

    /// How it stands with the import that most needs somebody: one that failed, else one that runs.
    pub fn worst(self) -> Option<ImportState> {
        let numbers = self.numbers.read();
        let is_any = |state| {
            let mut last = numbers
                .iter()
                .filter_map(|number| number.last_sync.as_ref());
            last.any(|last| last.state == state)
        };
        [ImportState::Failed, ImportState::Running]
            .into_iter()
            .find(|state| is_any(*state))
    }

    /// What has been asked for and is not answered.
    pub fn asked(self, number: PhoneNumberId) -> Option<ImportAction> {
        self.asked.read().get(&number).copied()
    }

    /// Whether an answer for any number is awaited.
    pub fn is_asked_any(self) -> bool {
        !self.asked.read().is_empty()
    }

    /// Why the last thing asked for could not be done.
    pub fn refusal(self, number: PhoneNumberId) -> Option<String> {
        self.refusals.read().get(&number).cloned()
    }

    /// How fast a number's run goes, as far as this browser has seen it.
    pub fn pace(self, number: PhoneNumberId) -> Option<ImportPace> {
        self.paces.read().get(&number).cloned()
    }

    /// The numbers that run together, or did, and their sum.
    pub fn together(self) -> (Vec<NumberHistory>, ImportSum) {
        let watched = self.watched.read();
        let mut numbers = self.numbers();
        numbers.retain(|number| watched.contains(&number.number.id));
        let sum = ImportSum::of(
            numbers
                .iter()
                .filter_map(|number| number.last_sync.as_ref()),
        );
        (numbers, sum)
    }

    /// Imports a number's history.
    pub fn sync(self, number: PhoneNumberId, since: Option<NaiveDate>) {
        self.watch(number);
        self.act(number, ImportAction::Start, since);
    }

    /// Imports the history of all numbers at once.
    pub fn sync_all(mut self, since: Option<NaiveDate>) {
        let ids: Vec<_> = self
            .numbers
            .peek()
            .iter()
            .map(|number| number.number.id)
            .collect();
        self.watched.set(ids.iter().copied().collect());
        for number in ids {
            self.act(number, ImportAction::Start, since);
        }
    }

    /// Stops a number's run; what is stored stays.
    pub fn cancel(self, number: PhoneNumberId) {
        self.act(number, ImportAction::Cancel, None);
    }

    /// Lets a number's run go on where it stopped.
    pub fn resume(self, number: PhoneNumberId) {
        self.watch(number);
        self.act(number, ImportAction::Resume, None);
    }

    /// What it sends is in the chunk of the forms.
    fn act(mut self, number: PhoneNumberId, action: ImportAction, since: Option<NaiveDate>) {
        self.ask(number, action);
        spawn(async move {
            let before = self.run_of(number);
            let act = (self, number, action, since);
            if call_in_chunk(TWILIO_FORMS, open_chunk_twilio_forms, act)
                .await
                .is_none()
            {
                self.take_error(number, before, AppError::Unavailable).await;
            }
            self.asked.write().remove(&number);
        });
    }

    /// Gets the runs again.
    pub fn refresh(self) {
        spawn(self.load());
    }

    /// Does not wait for the messages: a browser keeps few calls open at a time, and events tell
    /// of the run.
    async fn start(self, number: PhoneNumberId, since: Option<NaiveDate>) {
        let before = self.run_of(number);
        let body = SyncMessageHistoryIn {
            phone_number_id: number,
            since,
            wait: false,
        };
        match sync_message_history_api(ApiJson(body)).await {
            // That the run is told of, only events and the list do.
            Ok(_) if self.run_of(number) == before => self.load().await,
            Ok(_) => {}
            Err(error) => self.take_error(number, before, error).await,
        }
    }

    async fn change(self, number: PhoneNumberId, action: ImportAction) {
        let events = self.events_of(number);
        let before = self.run_of(number);
        let body = ApiJson(ImportOfNumberIn {
            phone_number_id: number,
        });
        let answer = if action == ImportAction::Cancel {
            cancel_message_history_sync_api(body).await
        } else {
            resume_message_history_sync_api(body).await
        };
        match answer {
            Ok(progress) if self.events_of(number) == events => self.take(progress),
            Ok(_) => {}
            // It has ended meanwhile.
            Err(AppError::Conflict { .. }) => self.load().await,
            Err(error) => self.take_error(number, before, error).await,
        }
    }

    /// The row tells how a run ended; an error is only told where there is no run for it.
    async fn take_error(
        mut self,
        number: PhoneNumberId,
        before: Option<ImportId>,
        error: AppError,
    ) {
        if self.session.ended_by(&error) {
            return;
        }
        self.load().await;
        if self.run_of(number) == before {
            self.refusals.write().insert(number, error.to_string());
            if !self.last(number).is_some_and(|last| is_under_way(&last)) {
                self.watched.write().remove(&number);
            }
        }
    }

    /// Sums the number up with those that run; without any, it is the first of the next sum.
    pub(super) fn watch(mut self, number: PhoneNumberId) {
        let alone = !self
            .numbers
            .peek()
            .iter()
            .any(|other| other.number.id != number && is_running(other))
            && self.asked.peek().keys().all(|asked| *asked == number);
        let mut watched = self.watched.write();
        if alone {
            watched.clear();
        }
        watched.insert(number);
    }

    fn ask(mut self, number: PhoneNumberId, action: ImportAction) {
        self.refusals.write().remove(&number);
        self.asked.write().insert(number, action);
    }

    pub(super) fn last(self, number: PhoneNumberId) -> Option<SmsSyncProgress> {
        let numbers = self.numbers.peek();
        let number = numbers.iter().find(|known| known.number.id == number)?;
        number.last_sync.clone()
    }

    pub(super) fn run_of(self, number: PhoneNumberId) -> Option<ImportId> {
        self.last(number).map(|last| last.run_id)
    }

    pub(super) fn events_of(self, number: PhoneNumberId) -> u64 {
        self.events.peek().get(&number).copied().unwrap_or_default()
    }
}

fn is_running(number: &NumberHistory) -> bool {
    number.last_sync.as_ref().is_some_and(is_under_way)
}

pub(super) fn is_under_way(progress: &SmsSyncProgress) -> bool {
    progress.state == ImportState::Running
}

fn open_chunk_twilio_forms(
    (imports, number, action, since): (ImportRuns, PhoneNumberId, ImportAction, Option<NaiveDate>),
) -> LocalBoxFuture<'static, ()> {
    Box::pin(async move {
        match action {
            ImportAction::Start => imports.start(number, since).await,
            ImportAction::Cancel | ImportAction::Resume => imports.change(number, action).await,
        }
    })
}
