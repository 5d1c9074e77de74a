use dioxus::prelude::*;

use crate::{
    bases::{
        error::AppError,
        ids::MessageId,
        realtime::{BrowserEvent, EventKind, use_missed_events, use_realtime_events},
    },
    mods::{
        auth::hooks::{Session, use_session},
        messaging::{
            api::list_delivery_log_api,
            types::{DeliveryLog, MessageChange},
        },
    },
};

/// Whether the history of a message is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HistoryState {
    Loading,
    Ready(DeliveryLog),
    Failed(AppError),
}

/// The history of one message as this browser knows it; events keep it live.
#[derive(Clone, Copy, PartialEq)]
pub struct ShownHistory {
    id: MessageId,
    state: Signal<HistoryState>,
    /// Answers may overtake each other: only the one that was asked for last counts.
    asked: Signal<u64>,
    session: Session,
}

/// The history of a message, live.
pub fn use_delivery_log(id: MessageId) -> ShownHistory {
    let session = use_session();
    let shown = use_hook(|| ShownHistory {
        id,
        state: Signal::new(HistoryState::Loading),
        asked: Signal::new(0),
        session,
    });
    use_effect(move || shown.load());
    use_realtime_events(move |event| {
        if shown.is_about(event) {
            shown.load();
        }
    });
    use_missed_events(move || shown.load());
    shown
}

impl ShownHistory {
    /// What there is of it.
    pub fn state(self) -> HistoryState {
        (self.state)()
    }

    /// Asks for it; what is shown stays until the answer is there.
    pub fn load(mut self) {
        let number = *self.asked.peek() + 1;
        self.asked.set(number);
        if matches!(*self.state.peek(), HistoryState::Failed(_)) {
            self.state.set(HistoryState::Loading);
        }
        spawn(async move {
            let answer = list_delivery_log_api(self.id).await;
            if *self.asked.peek() != number {
                return;
            }
            match answer {
                Ok(history) => self.state.set(HistoryState::Ready(history)),
                Err(error) => {
                    if !self.session.ended_by(&error) {
                        self.state.set(HistoryState::Failed(error));
                    }
                }
            }
        });
    }

    fn is_about(self, event: &BrowserEvent) -> bool {
        matches!(event.kind, EventKind::MessageNew | EventKind::MessageStatus)
            && event
                .payload_as::<MessageChange>()
                .is_some_and(|event| event.message.id == self.id)
    }
}
