use dioxus::prelude::*;

use crate::{
    bases::{
        ids::PhoneNumberId,
        realtime::{
            EventKind, RealtimeContext, use_load_start, use_missed_events_since,
            use_realtime_events_since,
        },
    },
    entities::states::Role,
    mods::{
        account::types::{
            AccountChangePage, EventForwardingState, NumberHealth, TwilioConnection, TwilioHealth,
        },
        auth::hooks::{Outcomes, Session, use_outcomes, use_session},
        phone::types::{PhoneNumber, VoiceAnswer},
        settings::types::TwilioOverview,
        twilio::types::NumberHistory,
    },
    ui::{ScopeTasks, use_scope_tasks},
};

/// What is known of the organization's Twilio account; events keep it live. Given to all parts of
/// the page by its provider.
#[derive(Clone, Copy, PartialEq)]
pub struct TwilioAccount {
    pub(super) overview: Signal<TwilioOverview>,
    /// Whether Twilio is being looked at.
    pub(super) checking: Signal<bool>,
    pub(super) loading_more: Signal<bool>,
    /// Something is being read, and whether it is to be read once more after that.
    pub(super) reading: Signal<(bool, bool)>,
    /// Texts have come since the last events were read.
    pub(super) events_stale: Signal<bool>,
    /// Of the page: a row or form that asks may be gone before the answer comes.
    tasks: ScopeTasks,
    pub(super) session: Session,
    /// Tells the user how something went.
    pub outcomes: Outcomes,
    realtime: RealtimeContext,
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

    /// Gets everything again, once more if it is being read already.
    pub fn refresh(mut self) {
        let (is_reading, _) = *self.reading.peek();
        self.reading.set((true, is_reading));
        if !is_reading {
            self.tasks.spawn(self.read_while_stale());
        }
    }
}
