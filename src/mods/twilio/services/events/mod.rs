//! Events: stored before Twilio gets its answer, processed in batches.
//!
//! 1. `event_writer` stores the events of all waiting posts in one commit.
//! 2. `process_twilio_events_service` claims a batch (`claim_events`) and applies it in one
//!    transaction.
//! 3. `event_batch` parses the events; `own_messages` and the numbers say whose they are.
//! 4. `record_inbound_events`, `record_external_messages` and `apply_statuses` record messages,
//!    statuses and opt-outs.
//! 5. `note_number_events_service` and `tally_events_service` keep when events last came.
//! 6. `fetch_external_message_service` reads the body of a message that only a status told of.
//!
//! The page of events: `list_twilio_events_service`, `get_twilio_event_service` and
//! `process_event_again_service`, within what `event_scope` lets an organization see
//! (`stored_event` is a row). `add_event_times_service` and `find_twilio_health_service` add times
//! to the health report; `probe_event_store_service` is for `/readyz`.
//! `clean_up_twilio_events_service` deletes old events.

mod add_event_times_service;
mod apply_statuses;
mod claim_events;
mod claim_message_fetches_service;
mod clean_up_twilio_events_service;
mod event_batch;
mod event_scope;
mod event_writer;
mod fetch_external_message_service;
mod find_twilio_health_service;
mod get_twilio_event_service;
mod held_back_statuses;
mod list_twilio_events_service;
mod note_number_events_service;
mod own_messages;
mod probe_event_store_service;
mod process_event_again_service;
mod process_twilio_events_service;
mod record_external_messages;
mod record_inbound_events;
mod store_fetched_message;
mod stored_event;
mod tally_events_service;

pub use add_event_times_service::add_event_times_service;
pub use claim_events::BatchSize;
pub use claim_message_fetches_service::{ClaimedMessageFetch, claim_message_fetches_service};
pub use clean_up_twilio_events_service::clean_up_twilio_events_service;
pub use event_writer::{EventWriter, StoreError};
pub use fetch_external_message_service::fetch_external_message_service;
pub use find_twilio_health_service::find_twilio_health_service;
pub use get_twilio_event_service::get_twilio_event_service;
pub use list_twilio_events_service::{count_failed_events_service, list_twilio_events_service};
pub use probe_event_store_service::{EventStoreProbe, probe_event_store_service};
pub use process_event_again_service::{
    process_event_again_service, process_parked_events_again_service,
};
pub use process_twilio_events_service::{Processed, process_twilio_events_service};
