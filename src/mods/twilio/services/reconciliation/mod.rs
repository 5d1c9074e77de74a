//! Reconciliation: the last days of each number compared with Twilio's list.
//!
//! 1. `start_reconciliations_service` inserts runs that are due, or that somebody asked for.
//! 2. `run_reconciliation_service` claims a run (`reconciliation_lease`) and has Twilio's lists
//!    walked (`message_list`).
//! 3. `reconcile_page_service` adds what is missing and advances what is outdated.
//! 4. `find_reconciliations_service` shows what was found; `clean_up_reconciliations_service`
//!    deletes old runs.

mod clean_up_reconciliations_service;
mod find_reconciliations_service;
mod reconcile_page_service;
mod reconciliation_context;
mod reconciliation_lease;
mod repair_messages;
mod run_reconciliation_service;
mod start_reconciliations_service;

pub use clean_up_reconciliations_service::clean_up_reconciliations_service;
pub use find_reconciliations_service::find_reconciliations_service;
pub use run_reconciliation_service::{
    ClaimedReconciliation, claim_reconciliation_service, run_reconciliation_service,
};
pub use start_reconciliations_service::{
    start_due_reconciliations_service, start_reconciliations_service,
};
