//! The REST API, and what Twilio posts to us.
//!
//! - **Read:** `twilio_reader` can only GET. `list_twilio_pages` follows a list; `event_sinks`,
//!   `twilio_number`, `list_messaging_services` and `fetch_twilio_media` read resources.
//! - **Change:** `twilio_writer` makes one call for one recorded change. `send_sink_test` changes
//!   nothing.
//! - **Answers:** `read_bounded` → `readable_json` → `lenient_json`.
//! - **Errors:** `twilio_error` says what to do next, `twilio_error_response` reads one from an
//!   answer, `explain_twilio_error` finds plain words in `twilio_error_table`,
//!   `twilio_error_to_app_error` turns one into an API error.
//! - **Posts:** `twilio_form` reads a form, `verify_twilio_signature` checks who posted it.

mod account_sid;
mod event_sinks;
mod explain_twilio_error;
mod fetch_twilio_media;
pub mod lenient_json;
mod list_messaging_services;
mod list_twilio_pages;
mod read_bounded;
mod readable_json;
mod send_sink_test;
mod twilio_credentials;
mod twilio_error;
mod twilio_error_response;
mod twilio_error_table;
mod twilio_error_to_app_error;
mod twilio_form;
mod twilio_number;
mod twilio_reader;
mod twilio_writer;
mod verify_twilio_signature;

pub use account_sid::{AccountSid, AccountSidError};
pub use event_sinks::{
    EventSink, EventSinkConfiguration, EventSubscription, SubscribedType, list_event_sinks,
    list_event_subscriptions, list_subscribed_types,
};
pub use explain_twilio_error::explain_twilio_error;
pub use fetch_twilio_media::{ListedMedia, list_twilio_media, open_twilio_media};
pub use list_messaging_services::{MessagingService, list_messaging_services};
pub use list_twilio_pages::list_twilio_pages;
pub use read_bounded::{MAX_PAGE_BYTES, MAX_RESOURCE_BYTES, read_bounded, read_json};
pub use readable_json::readable_json;
pub use send_sink_test::send_sink_test;
pub use twilio_credentials::TwilioCredentials;
pub use twilio_error::TwilioError;
pub use twilio_error_table::KnownTwilioError;
pub use twilio_error_to_app_error::twilio_error_to_app_error;
pub use twilio_form::{TwilioForm, TwilioFormError};
pub use twilio_number::{
    NUMBER_SETTINGS, TwilioNumber, capabilities, find_twilio_number, list_twilio_numbers,
};
pub use twilio_reader::TwilioReader;
pub use twilio_writer::{Recorded, TwilioHost, TwilioWriter};
pub use verify_twilio_signature::{verify_form_signature, verify_json_signature};
