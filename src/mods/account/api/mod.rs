mod account_changes_api;
#[cfg(feature = "server")]
mod export_account_changes_api;
mod twilio_connection_api;

pub use account_changes_api::{list_account_changes_api, undo_account_change_api};
#[cfg(feature = "server")]
pub use export_account_changes_api::export_account_changes_api;
pub use twilio_connection_api::{
    connect_twilio_api, disconnect_twilio_api, drop_previous_token_api, get_twilio_connection_api,
};
