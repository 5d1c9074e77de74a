use dioxus::prelude::*;

use crate::{
    bases::{
        browser,
        error::AppError,
        ids::PhoneNumberId,
        realtime::{
            EventKind, RealtimeContext, use_load_start, use_missed_events_since,
            use_realtime_events_since,
        },
    },
    mods::{
        account::{
            api::{get_twilio_connection_api, list_account_changes_api},
            types::{
                AccountChangePage, EventForwardingState, NumberHealth, TwilioConnection,
                TwilioHealth,
            },
        },
        auth::{
            hooks::{Outcomes, Session, use_outcomes, use_session},
            types::Role,
        },
        phone::{
            api::get_voice_answer_api,
            types::{PhoneNumber, VoiceAnswer},
        },
        settings::{types::TwilioOverview, utils::merge_account_changes_util},
        twilio::{
            api::{
                check_twilio_health_api, get_event_forwarding_api, get_imported_phone_numbers_api,
                get_twilio_health_api,
            },
            types::NumberHistory,
        },
    },
    ui::{ScopeTasks, use_scope_tasks},
};

/// The last event and the count of today are read again at most this often while texts come in.
const EVENTS_PAUSE_MS: u32 = 2_000;

/// What is known of the organization's Twilio account; events keep it live. Given to all parts of
/// the page by its provider.
#[derive(Clone, Copy, PartialEq)]
pub struct TwilioAccount {
    overview: Signal<TwilioOverview>,
    /// Whether Twilio is being looked at.
    checking: Signal<bool>,
    loading_more: Signal<bool>,
    /// Something is being read, and whether it is to be read once more after that.
    reading: Signal<(bool, bool)>,
    /// Texts have come since the last events were read.
    events_stale: Signal<bool>,
    /// Of the page: a row or form that asks may be gone before the answer comes.
    tasks: ScopeTasks,
    session: Session,
    outcomes: Outcomes,
    realtime: RealtimeContext,
}

/// All that the page shows, from the server.
///
/// # Errors
/// The first of them that could not be had.
pub async fn load_twilio_overview() -> Result<TwilioOverview, AppError> {
    let (connection, health, numbers, activity, voice_answer) = futures::try_join!(
        get_twilio_connection_api(),
        get_twilio_health_api(),
        get_imported_phone_numbers_api(),
        list_account_changes_api(None),
        get_voice_answer_api(),
    )?;
    Ok(TwilioOverview {
        connection,
        health,
        numbers,
        activity,
        voice_answer,
    })
}

/// Provides the [`TwilioAccount`] to all that is below, live.
pub fn use_twilio_account_provider(first: TwilioOverview) -> TwilioAccount {
    let (session, outcomes) = (use_session(), use_outcomes());
    let realtime = use_context::<RealtimeContext>();
    let tasks = use_scope_tasks();
    let account = use_context_provider(|| TwilioAccount {
        overview: Signal::new(first),
        checking: Signal::new(false),
        loading_more: Signal::new(false),
        reading: Signal::new((false, false)),
        events_stale: Signal::new(false),
        tasks,
        session,
        outcomes,
        realtime,
    });
    let start = use_load_start();
    use_realtime_events_since(start, move |event| match event.kind {
        EventKind::TwilioAccount => account.refresh(),
        EventKind::MessageNew | EventKind::MessageStatus => account.refresh_events(),
        _ => {}
    });
    use_missed_events_since(start, move || account.refresh());
    account
}

/// What is known of the Twilio account.
pub fn use_twilio_account() -> TwilioAccount {
    use_context()
}

impl TwilioAccount {
    /// Which account is used.
    pub fn connection(self) -> TwilioConnection {
        self.overview.read().connection.clone()
    }

    /// What the last look at Twilio found.
    pub fn health(self) -> TwilioHealth {
        self.overview.read().health.clone()
    }

    /// The same, each with its newest import.
    pub fn histories(self) -> Vec<NumberHistory> {
        self.overview.read().numbers.clone()
    }

    /// The organization's numbers, by name.
    pub fn numbers(self) -> Vec<PhoneNumber> {
        let overview = self.overview.read();
        overview
            .numbers
            .iter()
            .map(|one| one.number.clone())
            .collect()
    }

    /// What Loquent has changed at Twilio, newest first, as far as it is read.
    pub fn activity(self) -> AccountChangePage {
        self.overview.read().activity.clone()
    }

    /// What callers hear where a number has no answer of its own.
    pub fn voice_answer(self) -> VoiceAnswer {
        self.overview.read().voice_answer.clone()
    }

    /// Whether the user may change anything.
    pub fn can_change(self) -> bool {
        self.session.user().role >= Role::Admin
    }

    /// What the last look found about a number.
    pub fn number_health(self, id: PhoneNumberId) -> Option<NumberHealth> {
        let overview = self.overview.read();
        let mut numbers = overview.health.numbers.iter();
        numbers.find(|health| health.phone_number_id == id).cloned()
    }

    /// Whether event forwarding brings the texts.
    pub fn is_forwarded(self) -> bool {
        self.overview.read().health.forwarding.state == EventForwardingState::Active
    }

    /// Whether Twilio is being looked at.
    pub fn is_checking(self) -> bool {
        (self.checking)()
    }

    /// Whether an older part of the account activity is on its way.
    pub fn is_loading_more(self) -> bool {
        (self.loading_more)()
    }

    /// Looks at Twilio now.
    pub fn check(self) {
        self.tasks.spawn(self.look_at_twilio());
    }

    /// What a call to connect or disconnect answered.
    pub fn take_connection(mut self, connection: TwilioConnection) {
        self.overview.write().connection = connection;
    }

    /// What a change of a number's settings answered.
    pub fn take_number(mut self, changed: PhoneNumber) {
        let mut overview = self.overview.write();
        let known = overview
            .numbers
            .iter_mut()
            .find(|one| one.number.id == changed.id);
        if let Some(known) = known {
            known.number = changed;
        }
        drop(overview);
        // The other cards have names of numbers, too.
        self.realtime.mark_missed();
    }

    /// What callers hear from now on.
    pub fn take_voice_answer(mut self, answer: VoiceAnswer) {
        self.overview.write().voice_answer = answer;
    }

    /// Says that something could not be done; goes to the login page if the session has ended.
    pub fn tell_failure(self, what: &str, error: &AppError) {
        self.outcomes.tell_failure(what, error);
    }

    /// An error in words; goes to the login page if the session has ended.
    pub fn words_of(self, error: &AppError) -> String {
        self.outcomes.words_of(error)
    }

    /// Says that something was done.
    pub fn tell_success(self, text: impl Into<String>) {
        self.outcomes.tell_success(text);
    }

    /// Gets everything again, once more if it is being read already.
    pub fn refresh(mut self) {
        let (is_reading, _) = *self.reading.peek();
        self.reading.set((true, is_reading));
        if !is_reading {
            self.tasks.spawn(self.read_while_stale());
        }
    }

    /// Gets everything again and waits for it.
    pub async fn reload(mut self) {
        match load_twilio_overview().await {
            Ok(mut overview) => {
                let activity = {
                    let known = self.overview.peek();
                    merge_account_changes_util(&known.activity, overview.activity.clone())
                };
                overview.activity = activity;
                if *self.overview.peek() != overview {
                    self.overview.set(overview);
                }
            }
            Err(error) => {
                if !self.session.ended_by(&error) {
                    tracing::warn!(%error, "the Twilio account could not be read again");
                }
            }
        }
    }

    /// Adds the part of the account activity that is older than what is shown.
    pub async fn load_more(mut self) {
        let before = self.overview.peek().activity.next_before.clone();
        let Some(before) = before.filter(|_| !*self.loading_more.peek()) else {
            return;
        };
        self.loading_more.set(true);
        match list_account_changes_api(Some(before.clone())).await {
            Ok(older) => {
                let mut overview = self.overview.write();
                // Unless the list was read again meanwhile and ends elsewhere.
                if overview.activity.next_before.as_ref() == Some(&before) {
                    overview.activity.changes.extend(older.changes);
                    overview.activity.next_before = older.next_before;
                }
            }
            Err(error) => self.tell_failure("No older changes.", &error),
        }
        self.loading_more.set(false);
    }

    async fn read_while_stale(mut self) {
        loop {
            self.reload().await;
            let (_, once_more) = *self.reading.peek();
            self.reading.set((once_more, false));
            if !once_more {
                return;
            }
        }
    }

    async fn look_at_twilio(mut self) {
        if *self.checking.peek() {
            return;
        }
        self.checking.set(true);
        match check_twilio_health_api().await {
            Ok(health) => {
                self.overview.write().health = health;
                self.reload().await;
            }
            Err(error) => self.tell_failure("Not checked.", &error),
        }
        self.checking.set(false);
    }

    fn refresh_events(mut self) {
        if *self.events_stale.peek() {
            return;
        }
        self.events_stale.set(true);
        spawn(async move {
            browser::sleep(EVENTS_PAUSE_MS).await;
            self.events_stale.set(false);
            // The next text asks again if this fails.
            if let Ok(forwarding) = get_event_forwarding_api().await {
                self.overview.write().health.forwarding = forwarding;
            }
        });
    }
}
