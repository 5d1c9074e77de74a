//! The tables, one file each, as SeaORM sees them. They never leave the server. `states` are the
//! words of their columns, which the browser knows too.
//!
//! Reads for an organization begin with `Entity::in_org`. Two files are pieces of SQL for all
//! queries: `claim` says whose a number is, `opt_out` who may be texted. `position` is where a message
//! stands. docs/TABLES.md shows all tables.

#[cfg(feature = "server")]
pub mod claim;
#[cfg(feature = "server")]
pub mod contact;
#[cfg(feature = "server")]
pub mod conversation;
#[cfg(feature = "server")]
pub mod login_attempt;
#[cfg(feature = "server")]
pub mod membership;
#[cfg(feature = "server")]
pub mod message;
#[cfg(feature = "server")]
pub mod message_attachment;
#[cfg(feature = "server")]
pub mod message_attempt;
#[cfg(feature = "server")]
pub mod message_event;
#[cfg(feature = "server")]
pub mod opt_out;
#[cfg(feature = "server")]
pub mod organization;
#[cfg(feature = "server")]
pub mod phone_number;
pub mod position;
#[cfg(feature = "server")]
pub mod session;
#[cfg(feature = "server")]
pub mod shared_number;
#[cfg(feature = "server")]
pub mod sign_in_device;
#[cfg(feature = "server")]
pub mod sms_sync_run;
#[cfg(feature = "server")]
pub mod sms_sync_window;
pub mod states;
#[cfg(feature = "server")]
pub mod twilio_account_change;
#[cfg(feature = "server")]
pub mod twilio_account_check;
#[cfg(feature = "server")]
pub mod twilio_event;
#[cfg(feature = "server")]
pub mod twilio_reconciliation;
#[cfg(feature = "server")]
pub mod user;
