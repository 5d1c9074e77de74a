mod fetch_patience;
mod find_former_owner_end_service;
mod find_sms_sync_progress_service;
mod history_fetcher;
mod history_part;
mod import_history_page_service;
mod list_number_histories_service;
mod opt_outs_of_messages;
mod place_listed_messages_service;
mod plan_sms_sync_service;
mod run_sms_sync_service;
mod sms_sync_context;
mod sms_sync_lease;
mod sms_sync_reporter;
mod start_sms_sync_service;
mod wait_for_sms_sync_service;

pub use fetch_patience::FetchPatience;
pub use find_former_owner_end_service::find_former_owner_end_service;
pub use find_sms_sync_progress_service::{
    find_last_sms_syncs_service, find_sms_sync_events_service, find_sms_sync_progress_service,
};
pub use list_number_histories_service::list_number_histories_service;
pub use opt_outs_of_messages::opt_outs_of;
pub use place_listed_messages_service::{KnownPlace, LastListed, place_listed_messages_service};
pub use run_sms_sync_service::{
    ClaimedSmsSync, claim_sms_sync_service, is_sms_sync_waiting_service, run_sms_sync_service,
};
pub use sms_sync_context::SmsSyncStop;
pub use sms_sync_reporter::notice_of;
pub use start_sms_sync_service::{
    cancel_sms_sync_service, resume_sms_sync_service, start_sms_sync_service,
};
pub use wait_for_sms_sync_service::wait_for_sms_sync_service;
