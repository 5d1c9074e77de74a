//! Rows of stored events, for the events page.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;

use super::event_scope::{EventAddresses, EventScope};
use crate::{
    bases::{error::AppError, ids::TwilioEventId},
    entities::states::{TwilioEventState, Word},
    mods::twilio::{types::TwilioEventRow, utils::mask_event_text_util},
};

/// The columns of [`StoredEvent`], from `twilio_event e`. The payloads, of up to 1 MB each, are not
/// among them.
pub(super) const EVENT_COLUMNS: &str = "e.id, e.account_sid, e.event_id, e.event_type, \
     e.message_sid, e.from_address, e.to_address, e.state, e.attempts, e.last_error, e.next_attempt_at, e.received_at, e.processed_at";

#[derive(Debug, Clone, FromQueryResult)]
pub(super) struct StoredEvent {
    pub(super) id: TwilioEventId,
    pub(super) account_sid: String,
    pub(super) event_id: String,
    pub(super) event_type: String,
    pub(super) message_sid: Option<String>,
    pub(super) from_address: Option<String>,
    pub(super) to_address: Option<String>,
    pub(super) state: Word<TwilioEventState>,
    pub(super) attempts: i32,
    pub(super) last_error: Option<String>,
    pub(super) next_attempt_at: DateTime<Utc>,
    pub(super) received_at: DateTime<Utc>,
    pub(super) processed_at: Option<DateTime<Utc>>,
}

impl StoredEvent {
    /// Whether the organization of the scope may see it.
    pub(super) fn is_in(&self, scope: &EventScope) -> bool {
        scope.may_see(
            &self.account_sid,
            &self.event_type,
            EventAddresses {
                from: self.from_address.as_deref(),
                to: self.to_address.as_deref(),
            },
            self.received_at,
        )
    }

    /// As a list shows it; `hides_people` hides phone numbers in its error.
    pub(super) fn into_row(self, hides_people: bool) -> Result<TwilioEventRow, AppError> {
        let state = self.state.known()?;
        let is_waiting = state == TwilioEventState::Pending && self.attempts > 0;
        Ok(TwilioEventRow {
            id: self.id,
            event_id: mask_event_text_util(&self.event_id, hides_people),
            event_type: self.event_type,
            message_sid: self.message_sid,
            account: mask_event_text_util(&self.account_sid, false),
            state,
            attempts: self.attempts,
            error: self
                .last_error
                .map(|error| mask_event_text_util(&error, hides_people)),
            received_at: self.received_at,
            processed_at: self.processed_at,
            next_attempt_at: is_waiting.then_some(self.next_attempt_at),
        })
    }
}
