//! Twilio's list of a number's messages, read page by page. The import and the reconciliation walk
//! it the same way, and differ in what they do with a page.
//!
//! 1. `list_run` is what the steps of a run share: whose list, under which lease; `end_run` writes
//!    why a run stopped (`run_stop`).
//! 2. `page_walker` fetches the pages of all parts (`fetch_patience` backs off) and hands each to
//!    the `page_policy`.
//! 3. `list_part` makes a `listed_page` of it: whose messages, seen before, where the part ends.
//! 4. For policies: `place_listed_messages_service` orders new messages among known ones,
//!    `opt_outs_of_messages` finds STOP and START in them.
//!
//! `find_former_owner_end_service` says from when on a number's list is its organization's.

mod end_run;
mod fetch_patience;
mod find_former_owner_end_service;
mod last_listed;
mod list_part;
mod list_run;
mod listed_page;
mod opt_outs_of_messages;
mod page_policy;
mod page_walker;
mod place_listed_messages_service;
mod run_stop;

pub use end_run::{end_run, stop_run};
pub use fetch_patience::FetchPatience;
pub use find_former_owner_end_service::find_former_owner_end_service;
pub use list_part::ListPart;
pub use list_run::{ListRun, open_reader};
pub use listed_page::ListedPage;
pub use opt_outs_of_messages::opt_outs_of;
pub use page_policy::PagePolicy;
pub use page_walker::PageWalker;
pub use place_listed_messages_service::place_listed_messages_service;
pub use run_stop::{DatabasePatience, RunStop};
