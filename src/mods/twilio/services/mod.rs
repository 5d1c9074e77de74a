pub mod account_changes;
mod account_tokens;
mod apply_event_batch;
mod clean_up_twilio_events_service;
mod download_media_service;
mod event_batch;
mod event_writer;
mod fetch_patience;
mod find_reconciliations_service;
mod find_sms_sync_progress_service;
mod history_fetcher;
mod history_part;
mod import_history_page_service;
mod list_phone_numbers_service;
mod plan_sms_sync_service;
mod process_twilio_events_service;
mod reconcile_page_service;
mod reconciliation_lease;
mod resolve_event_numbers_service;
mod resolve_twilio_credentials_service;
mod run_reconciliation_service;
mod run_sms_sync_service;
mod save_twilio_credentials_service;
mod send_to_twilio_service;
mod sms_sync_context;
mod sms_sync_lease;
mod sms_sync_reporter;
mod start_reconciliations_service;
mod start_sms_sync_service;
mod wait_for_sms_sync_service;

pub use account_changes::RecordedChange;
pub use account_tokens::AccountTokens;
pub use clean_up_twilio_events_service::clean_up_twilio_events_service;
pub use download_media_service::{ClaimedMedia, claim_media_service, download_media_service};
pub use event_writer::{EventWriter, StoreError};
pub use find_reconciliations_service::{
    find_reconciliation_events_service, find_reconciliations_service,
};
pub use find_sms_sync_progress_service::{
    find_last_sms_syncs_service, find_sms_sync_events_service, find_sms_sync_progress_service,
};
pub use list_phone_numbers_service::list_phone_numbers_service;
pub use process_twilio_events_service::{Processed, process_twilio_events_service};
pub use resolve_event_numbers_service::{OwnNumber, resolve_event_numbers_service};
pub use resolve_twilio_credentials_service::{
    TwilioCredentials, resolve_twilio_credentials_service,
};
pub use run_reconciliation_service::{
    ClaimedReconciliation, claim_reconciliation_service, run_reconciliation_service,
};
pub use run_sms_sync_service::{ClaimedSmsSync, claim_sms_sync_service, run_sms_sync_service};
pub use save_twilio_credentials_service::save_twilio_credentials_service;
pub use send_to_twilio_service::send_to_twilio_service;
pub use start_reconciliations_service::{
    start_due_reconciliations_service, start_reconciliations_service,
};
pub use start_sms_sync_service::{
    cancel_sms_sync_service, resume_sms_sync_service, start_sms_sync_service,
};
pub use wait_for_sms_sync_service::wait_for_sms_sync_service;
