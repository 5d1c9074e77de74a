//! A text goes out: claim, send, settle, complete.
//!
//! 1. `jobs/send_message_handler` runs the job that `messaging` enqueued.
//! 2. `services/send_to_twilio_service` claims the message: it notes that it begins, before the
//!    call.
//! 3. If an earlier run left such a note, it settles first: it looks in Twilio's list
//!    (`utils/find_sent_twilio_message_util`) and asks the events (`services/find_senders_service`,
//!    `utils/sender_of_event_util`) what became of the text.
//! 4. `utils/create_twilio_message_util` makes the call. `utils/status_callback_url_util` puts our
//!    id and the attempt into the callback.
//! 5. `services/complete_send_service` stores SID and status, or the refusal.
//!
//! The one rule: note before calling, ask before sending again. See
//! docs/design/unknown-outcomes.md.

mod jobs;
pub mod services;
pub mod utils;
