use std::collections::HashSet;

use chrono::{DateTime, Utc};
use dioxus::prelude::*;
use futures::future::LocalBoxFuture;

use crate::{
    bases::{
        api_json::ApiJson,
        error::AppError,
        ids::PhoneNumberId,
        realtime::{
            BrowserEvent, EventKind, use_load_start, use_missed_events_since,
            use_realtime_events_since,
        },
    },
    entities::states::ReconciliationState,
    mods::{
        account::TWILIO_FORMS,
        auth::hooks::{Outcomes, Session, use_outcomes, use_session},
        messaging::types::MessageChange,
        twilio::{
            api::{get_reconciliations_api, reconcile_api},
            types::{NumberReconciliation, ReconcileIn, Reconciliation, ReconciliationOverview},
        },
    },
    ui::{Clock, call_in_chunk, use_clock},
};

/// The reconciliations as this browser knows them; events keep them live.
#[derive(Clone, Copy, PartialEq)]
pub struct Reconciliations {
    overview: Signal<ReconciliationOverview>,
    /// Numbers whose reconciliation was requested and not answered yet; `None` for all.
    asked: Signal<HashSet<Option<PhoneNumberId>>>,
    /// How often the overview was asked for.
    refreshes: Signal<u64>,
    clock: Clock,
    session: Session,
    outcomes: Outcomes,
}

/// The reconciliations, live.
pub fn use_reconciliations(first: ReconciliationOverview) -> Reconciliations {
    let (session, outcomes, clock) = (use_session(), use_outcomes(), use_clock());
    let checks = use_hook(|| Reconciliations {
        overview: Signal::new(first),
        asked: Signal::new(HashSet::new()),
        refreshes: Signal::new(0),
        clock,
        session,
        outcomes,
    });
    let start = use_load_start();
    use_realtime_events_since(start, move |event| checks.take(event));
    use_missed_events_since(start, move || checks.refresh());
    checks
}

impl Reconciliations {
    /// How often and how far back reconciliation looks, and the health of each number.
    pub fn overview(self) -> ReconciliationOverview {
        (self.overview)()
    }

    /// Whether reconciliation of the number (or, with `None`, of all) was requested.
    pub fn is_asked(self, number: Option<PhoneNumberId>) -> bool {
        self.asked.read().contains(&number)
    }

    /// Compares a number, or all of them.
    pub async fn check(mut self, number: Option<PhoneNumberId>) {
        self.asked.write().insert(number);
        let wanted = ReconcileIn {
            phone_number_id: number,
        };
        let answer = call_in_chunk(TWILIO_FORMS, open_chunk_twilio_forms, wanted).await;
        match answer.unwrap_or(Err(AppError::Unavailable)) {
            Ok(checks) => {
                for check in checks {
                    self.take_check(check);
                }
            }
            Err(error) => self.outcomes.tell_failure("Not checked.", &error),
        }
        self.asked.write().remove(&number);
    }

    fn refresh(mut self) {
        let mine = *self.refreshes.peek() + 1;
        self.refreshes.set(mine);
        spawn(async move {
            let answer = get_reconciliations_api().await;
            // Several reconciliations end together: an older answer must not follow a newer one.
            if *self.refreshes.peek() != mine {
                return;
            }
            match answer {
                Ok(overview) => self.overview.set(overview),
                Err(error) => {
                    self.session.ended_by(&error);
                }
            }
        });
    }

    fn take(self, event: &BrowserEvent) {
        match event.kind {
            // A reconciliation ended, or a number was bought, released or imported.
            EventKind::Reconciliation | EventKind::TwilioAccount => self.refresh(),
            EventKind::MessageNew | EventKind::MessageStatus => {
                let event = event.payload_as::<MessageChange>();
                if let Some(number) = event.and_then(|event| event.message.phone_number_id) {
                    self.note_event(number, self.clock.instant());
                }
            }
            _ => {}
        }
    }

    fn take_check(mut self, check: Reconciliation) {
        let mut overview = self.overview.write();
        let Some(number) = of(&mut overview, check.phone_number_id) else {
            return;
        };
        // An answer may come after the event that tells of the end.
        let is_older = number.last_check.as_ref().is_some_and(|known| {
            (known.started_at, known.finished_at) > (check.started_at, check.finished_at)
        });
        if is_older {
            return;
        }
        if check.state == ReconciliationState::Done && check.missing + check.repaired > 0 {
            number.last_repair = Some(check.clone());
        }
        number.last_check = Some(check);
    }

    fn note_event(mut self, number: PhoneNumberId, at: DateTime<Utc>) {
        let mut overview = self.overview.write();
        if let Some(number) = of(&mut overview, number) {
            number.last_event_at = number.last_event_at.max(Some(at));
        }
    }
}

fn of(
    overview: &mut ReconciliationOverview,
    id: PhoneNumberId,
) -> Option<&mut NumberReconciliation> {
    overview
        .numbers
        .iter_mut()
        .find(|number| number.phone_number_id == id)
}

/// The call is in the chunk of the forms.
fn open_chunk_twilio_forms(
    wanted: ReconcileIn,
) -> LocalBoxFuture<'static, Result<Vec<Reconciliation>, AppError>> {
    Box::pin(async move { Ok(reconcile_api(ApiJson(wanted)).await?.body) })
}
