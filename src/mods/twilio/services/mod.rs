pub mod account_changes;
mod account_tokens;
mod add_event_times_service;
mod apply_event_batch;
mod buy_phone_number_service;
mod check_due_accounts_service;
mod check_twilio_health_service;
mod claim_events;
mod claim_media_service;
mod clean_up_reconciliations_service;
mod clean_up_twilio_events_service;
mod connect_twilio_account_service;
mod disconnect_twilio_account_service;
mod download_media_service;
mod drop_previous_token_service;
mod end_lost_claims_service;
mod event_batch;
mod event_scope;
mod event_writer;
mod exchange_test_event_service;
mod export_account_changes_service;
mod fetch_external_message_service;
mod fetch_patience;
mod find_expected_callbacks_service;
mod find_former_owner_end_service;
mod find_number_standings_service;
mod find_phone_number_service;
mod find_reconciliations_service;
mod find_senders_service;
mod find_sms_sync_progress_service;
mod find_twilio_connection_service;
mod find_twilio_health_service;
mod find_voice_answer_service;
mod get_twilio_event_service;
mod history_fetcher;
mod history_part;
mod import_history_page_service;
mod judge_tokens_service;
mod list_account_changes_service;
mod list_phone_numbers_service;
mod list_twilio_events_service;
mod list_unsynced_numbers_service;
mod note_number_events_service;
mod notify_twilio_account_service;
mod opt_outs_of_messages;
mod organization_voice_answer_service;
mod own_messages;
mod place_listed_messages_service;
mod plan_sms_sync_service;
mod probe_event_store_service;
mod process_event_again_service;
mod process_twilio_events_service;
mod reconcile_page_service;
mod reconciliation_lease;
mod refresh_twilio_health_service;
mod refuse_if_others_depend_service;
mod release_phone_number_service;
mod remove_event_sink_service;
mod remove_phone_number_service;
mod repair_phone_number_service;
mod resolve_event_numbers_service;
mod resolve_twilio_credentials_service;
mod run_reconciliation_service;
mod run_sms_sync_service;
mod save_twilio_credentials_service;
mod save_twilio_health_service;
mod search_available_numbers_service;
mod send_test_event_service;
mod send_to_twilio_service;
mod set_phone_webhook_service;
mod setup_event_sink_service;
mod sms_sync_context;
mod sms_sync_lease;
mod sms_sync_reporter;
mod start_reconciliations_service;
mod start_sms_sync_service;
mod stored_event;
mod sync_numbers_service;
mod take_over_numbers_service;
mod tally_events_service;
mod undo_account_change_service;
mod update_number_settings_service;
mod wait_for_sms_sync_service;

pub use account_changes::RecordedChange;
pub use account_tokens::AccountTokens;
pub use add_event_times_service::add_event_times_service;
pub use buy_phone_number_service::buy_phone_number_service;
pub use check_due_accounts_service::check_due_accounts_service;
pub use check_twilio_health_service::{CheckedHealth, check_twilio_health_service};
pub use claim_events::BatchSize;
pub use claim_media_service::{ClaimedMedia, MediaRoom, claim_media_service};
pub use clean_up_reconciliations_service::clean_up_reconciliations_service;
pub use clean_up_twilio_events_service::clean_up_twilio_events_service;
pub use connect_twilio_account_service::connect_twilio_account_service;
pub use disconnect_twilio_account_service::disconnect_twilio_account_service;
pub use download_media_service::download_media_service;
pub use drop_previous_token_service::drop_previous_token_service;
pub use end_lost_claims_service::end_lost_claims_service;
pub use event_writer::{EventWriter, StoreError};
pub use exchange_test_event_service::{TEST_EVENT_TYPE, TestEvent, exchange_test_event_service};
pub use export_account_changes_service::export_account_changes_service;
pub use fetch_external_message_service::{
    ClaimedMessageFetch, claim_message_fetches_service, fetch_external_message_service,
};
pub use find_expected_callbacks_service::find_expected_callbacks_service;
pub use find_phone_number_service::{find_live_number_service, find_phone_number_service};
pub use find_reconciliations_service::find_reconciliations_service;
pub use find_sms_sync_progress_service::{
    find_last_sms_syncs_service, find_sms_sync_events_service, find_sms_sync_progress_service,
};
pub use find_twilio_connection_service::find_twilio_connection_service;
pub use find_twilio_health_service::find_twilio_health_service;
pub use find_voice_answer_service::{default_voice_answer, find_voice_answer_service};
pub use get_twilio_event_service::get_twilio_event_service;
pub use judge_tokens_service::judge_other_tokens_service;
pub use list_account_changes_service::list_account_changes_service;
pub use list_phone_numbers_service::list_phone_numbers_service;
pub use list_twilio_events_service::{count_failed_events_service, list_twilio_events_service};
pub use list_unsynced_numbers_service::list_unsynced_numbers_service;
pub use notify_twilio_account_service::notify_twilio_account_service;
pub use organization_voice_answer_service::{
    find_organization_voice_answer_service, update_organization_voice_answer_service,
};
pub use probe_event_store_service::{EventStoreProbe, probe_event_store_service};
pub use process_event_again_service::{
    process_event_again_service, process_parked_events_again_service,
};
pub use process_twilio_events_service::{Processed, process_twilio_events_service};
pub use refresh_twilio_health_service::{look_again_service, refresh_twilio_health_service};
pub use refuse_if_others_depend_service::refuse_if_others_depend_service;
pub use release_phone_number_service::release_phone_number_service;
pub use remove_event_sink_service::remove_event_sink_service;
pub use remove_phone_number_service::remove_phone_number_service;
pub use repair_phone_number_service::repair_phone_number_service;
pub use resolve_event_numbers_service::{OwnNumber, resolve_event_numbers_service};
pub use resolve_twilio_credentials_service::{
    TwilioCredentials, resolve_twilio_credentials_service,
};
pub use run_reconciliation_service::{
    ClaimedReconciliation, claim_reconciliation_service, run_reconciliation_service,
};
pub use run_sms_sync_service::{
    ClaimedSmsSync, claim_sms_sync_service, is_sms_sync_waiting_service, run_sms_sync_service,
};
pub use save_twilio_credentials_service::save_twilio_credentials_service;
pub use save_twilio_health_service::save_twilio_health_service;
pub use search_available_numbers_service::search_available_numbers_service;
pub use send_test_event_service::send_test_event_service;
pub use send_to_twilio_service::send_to_twilio_service;
pub use set_phone_webhook_service::{
    PhoneWebhook, WebhookAnswer, configure_phone_webhook_service, restore_phone_webhook_service,
};
pub use setup_event_sink_service::setup_event_sink_service;
pub use start_reconciliations_service::{
    start_due_reconciliations_service, start_reconciliations_service,
};
pub use start_sms_sync_service::{
    cancel_sms_sync_service, resume_sms_sync_service, start_sms_sync_service,
};
pub use sync_numbers_service::sync_numbers_service;
pub use take_over_numbers_service::take_over_numbers_service;
pub use undo_account_change_service::undo_account_change_service;
pub use update_number_settings_service::update_number_settings_service;
pub use wait_for_sms_sync_service::wait_for_sms_sync_service;
