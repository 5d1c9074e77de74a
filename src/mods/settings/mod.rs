//! The settings pages: they put sections of all rooms together.
//!
//! `components/settings_twilio_page_component` and `settings_twilio_events_page_component` are the
//! pages. `components/twilio_account/` has the sections of the Twilio account and its numbers;
//! `hooks/use_twilio_account` keeps what they show live; `hooks/use_plan_dialog` shows the plan of
//! a change before it is carried out. `utils/` puts things into words.

pub mod api;
pub mod components;
pub mod hooks;
pub mod types;
pub mod utils;
