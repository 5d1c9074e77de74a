//! The simulator's memory.

mod account_state;
mod delivery_attempt;
mod first_attempts;
mod history_change;
mod list_key;
mod media_record;
mod message_changes;
mod message_list;
#[cfg(test)]
mod message_list_tests;
mod message_store;
mod request_record;
mod ring_log;
mod state;
mod uploads;

pub(crate) use account_state::AccountState;
pub use delivery_attempt::{AttemptOutcome, DeliveredItem, DeliveryAttempt, DeliveryKind};
pub(crate) use first_attempts::FirstAttempts;
pub(crate) use history_change::HistoryChange;
pub(crate) use list_key::ListKey;
pub(crate) use media_record::{FileSource, MediaRecord};
pub(crate) use message_changes::NotChanged;
pub(crate) use message_list::ListedMessage;
pub(crate) use message_store::{MessageFilter, MessageStore};
pub use request_record::RequestRecord;
pub(crate) use ring_log::{LogPage, RingLog};
pub(crate) use state::State;
pub(crate) use uploads::{Upload, Uploads};
