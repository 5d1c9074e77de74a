//! The tables, one file each, as SeaORM sees them. They never leave the server.
//!
//! Reads for an organization begin with `Entity::in_org`. Two files are pieces of SQL for all
//! queries: `claim` says whose a number is, `opt_out` who may be texted. docs/TABLES.md shows all
//! tables.

pub mod claim;
pub mod contact;
pub mod conversation;
pub mod login_attempt;
pub mod membership;
pub mod message;
pub mod message_attachment;
pub mod message_attempt;
pub mod message_event;
pub mod opt_out;
pub mod organization;
pub mod phone_number;
pub mod session;
pub mod shared_number;
pub mod sign_in_device;
pub mod sms_sync_run;
pub mod sms_sync_window;
pub mod twilio_account_change;
pub mod twilio_account_check;
pub mod twilio_event;
pub mod twilio_reconciliation;
pub mod user;
