//! Conversations, messages, attachments: the inbox, and all writers of `message`.
//!
//! **A message comes in** (from `twilio`): `new_message` is what is known of it →
//! `services/record_messages_service` stores it with its contact
//! (`insert_messages_service`, the one writer of new rows) and files (`insert_attachments_service`)
//! → `roll_up_conversations_service` updates the conversation. An import uses the same steps. A
//! message from elsewhere gets its body later (`request_message_fetches_service`, `fill_message_details_service`); one that turns
//! out to be another is merged (`merge_external_message_service`, `merge_senders_half_service`).
//!
//! **A status comes in:** `services/update_message_status_service` advances the message
//! (`utils/advance_message_status_util`, the lattice) and writes the delivery log.
//!
//! **A text goes out:** `components/composer_component` → `hooks/use_outbox` →
//! `api/send_message_api` → `services/send_message_service` → `jobs/send_message_job`, which
//! `delivery` runs. Without script: `api/reply_form_api`. Retry: `services/retry_message_service`.
//!
//! **Browsers see it:** `services/load_message_changes_service` makes events of notices,
//! `api/realtime_api` is the socket. `services/list_conversations_service`, `list_messages_service`
//! and `list_delivery_log_service` are the pages' lists, read by `conversation_row` and
//! `message_row`. In the browser, `hooks/use_inbox` and `use_thread` merge (`utils/merge_…_util`),
//! `components/` draw.
//!
//! **Files:** `api/get_media_api` serves them; `utils/file_type_util` says what they are.

pub mod api;
pub mod components;
pub mod hooks;
#[cfg(feature = "server")]
pub mod jobs;
#[cfg(feature = "server")]
mod new_message;
#[cfg(feature = "server")]
mod odd_words;
#[cfg(feature = "server")]
pub mod services;
pub mod types;
pub mod utils;

#[cfg(feature = "server")]
pub use new_message::{HistoryDetails, NewMessage, ResolvedMessage};
#[cfg(feature = "server")]
pub use odd_words::OddWords;
