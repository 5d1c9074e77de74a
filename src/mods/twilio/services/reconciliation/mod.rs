mod clean_up_reconciliations_service;
mod find_reconciliations_service;
mod reconcile_page_service;
mod reconciliation_lease;
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
