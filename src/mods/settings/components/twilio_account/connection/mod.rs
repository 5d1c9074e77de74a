//! Which Twilio account is used: connect, replace the token, disconnect.

mod connect_form_component;
mod connection_badge_component;
mod connection_facts_component;
mod connection_section_component;
mod disconnect_dialog_component;
mod first_connection_component;
mod previous_token_component;
mod use_shared_component;

pub use connection_section_component::ConnectionSection;
