pub mod actions;
mod assign_number_service;
mod buy_phone_number_service;
mod find_number_standings_service;
mod find_phone_number_service;
mod find_voice_answer_service;
mod list_phone_numbers_service;
mod list_unsynced_numbers_service;
mod organization_voice_answer_service;
mod phone_webhook;
mod release_phone_number_service;
mod remove_phone_number_service;
mod repair_phone_number_service;
mod resolve_event_numbers_service;
mod search_available_numbers_service;
mod set_phone_webhook_service;
mod sync_numbers_service;
mod take_over_numbers_service;
mod update_number_settings_service;

pub use assign_number_service::{assign_number_service, unassign_number_service};
pub use buy_phone_number_service::buy_phone_number_service;
pub use find_phone_number_service::{find_live_number_service, find_phone_number_service};
pub use find_voice_answer_service::{default_voice_answer, find_voice_answer_service};
pub use list_phone_numbers_service::list_phone_numbers_service;
pub use list_unsynced_numbers_service::list_unsynced_numbers_service;
pub use organization_voice_answer_service::{
    find_organization_voice_answer_service, update_organization_voice_answer_service,
};
pub use phone_webhook::{PhoneWebhook, WebhookAnswer};
pub use release_phone_number_service::release_phone_number_service;
pub use remove_phone_number_service::remove_phone_number_service;
pub use repair_phone_number_service::repair_phone_number_service;
pub use resolve_event_numbers_service::{OwnNumber, resolve_event_numbers_service};
pub use search_available_numbers_service::search_available_numbers_service;
pub use set_phone_webhook_service::{
    configure_phone_webhook_service, restore_phone_webhook_service,
};
pub use sync_numbers_service::sync_numbers_service;
pub use take_over_numbers_service::take_over_numbers_service;
pub use update_number_settings_service::update_number_settings_service;
