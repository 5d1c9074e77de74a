//! Twilio's core REST API (`/2010-04-01`), and what it shares with the Events API.

mod accounts_api;
mod api_base;
mod arrivals;
mod authenticated_account;
mod available_numbers_api;
mod create_message_api;
mod date_range;
mod list_page_json;
mod media_api;
mod message_changes_api;
mod message_json;
mod message_request;
mod messages_api;
mod messaging_services_api;
mod meta_page;
mod number_kinds_router;
mod number_purchase_api;
mod phone_number_json;
mod phone_numbers_api;
mod pricing_api;
mod query_fields;
mod record_requests;
mod rest_router;
mod spoil_page;
mod status_callback_url;
mod twilio_error;
mod twilio_form;

pub(crate) use api_base::ApiBase;
pub(crate) use authenticated_account::AuthenticatedAccount;
pub(crate) use meta_page::meta_page;
pub(crate) use query_fields::QueryFields;
pub(crate) use rest_router::rest_router;
pub(crate) use twilio_error::TwilioError;
pub(crate) use twilio_form::TwilioForm;
