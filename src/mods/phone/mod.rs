//! Own numbers: import, buy, release, webhooks, answers to calls.
//!
//! - **Import.** `services/list_unsynced_numbers_service` → `sync_numbers_service`, which takes
//!   numbers over from organizations that lost the account (`take_over_numbers_service`).
//! - **Buy.** `utils/available_number_util` → `services/search_available_numbers_service` →
//!   `buy_phone_number_service` → `actions/buy_number`.
//! - **Change.** `services/set_phone_webhook_service`, `repair_phone_number_service` and
//!   `release_phone_number_service` plan; `actions/` holds the calls for the ledger
//!   (`account::services::account_changes`).
//! - **Give up.** `services/remove_phone_number_service` changes nothing at Twilio.
//! - **Look up.** `services/find_phone_number_service` and `list_phone_numbers_service` say whether
//!   a number is live or why it is suspended; `resolve_event_numbers_service` finds the numbers of
//!   a batch of events; `find_number_standings_service` says what an organization may import.
//! - **Shared account.** `services/assign_number_service`, by the command line.
//! - **Calls.** `services/find_voice_answer_service` → `utils/voice_twiml_util`; the webhook is
//!   `twilio::api::voice_api`.
//!
//! The pages are in `settings`.

pub mod api;
pub mod components;
pub mod hooks;
pub mod number_actions;
#[cfg(feature = "server")]
pub mod services;
pub mod types;
pub mod utils;
