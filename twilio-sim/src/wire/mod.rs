//! Encodings of Twilio's API: forms, dates, numbers, segments, signatures and paging.

mod form_fields;
mod hex_text;
mod message_segments;
mod page_links;
mod page_request;
mod phone_number_text;
mod signature;
mod slice_page;
mod twilio_dates;

pub(crate) use form_fields::FormFields;
pub(crate) use hex_text::hex;
pub(crate) use message_segments::count_segments;
pub(crate) use page_links::PageLinks;
pub(crate) use page_request::{PageRequest, PageToken};
pub(crate) use phone_number_text::normalize_phone_number;
pub(crate) use signature::{sign_form_request, with_query};
pub use signature::{sign_url, with_body_hash};
pub(crate) use slice_page::{Page, slice_page};
pub(crate) use twilio_dates::{DateFilter, event_time, iso_date, rfc2822_date};
