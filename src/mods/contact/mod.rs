//! Customers: who they are, when they were last contacted, whether they want texts.
//!
//! 1. A number becomes E.164 in `utils/parse_phone_number_util`.
//! 2. `services/resolve_contacts_service` finds or creates the contacts of a batch of numbers.
//! 3. `services/update_contacts_last_contacted_batch_service` advances when they were last
//!    contacted.
//! 4. `utils/opt_out_keyword_util` recognizes STOP and START; `services/record_opt_outs_service`
//!    stores them. `entities/opt_out` says who may be texted.
//! 5. `services/opt_out_policy_service` says which numbers a STOP closes.
//!
//! `components/contact_pane_component` shows a contact beside the thread.

pub mod api;
pub mod components;
#[cfg(feature = "server")]
pub mod services;
pub mod types;
#[cfg(feature = "server")]
pub mod utils;
