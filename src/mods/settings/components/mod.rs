//! The settings pages and the sections that belong to no other room.

mod settings_nav_component;
mod settings_twilio_events_page_component;
mod settings_twilio_page_component;
mod sync_message_history_section_component;
mod twilio_account;

pub use settings_nav_component::SettingsNav;
pub use settings_twilio_events_page_component::SettingsTwilioEventsPage;
pub use settings_twilio_page_component::SettingsTwilioPage;
pub use sync_message_history_section_component::SyncMessageHistorySection;
