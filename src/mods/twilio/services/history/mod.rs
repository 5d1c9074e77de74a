//! The import of a number's past texts.
//!
//! 1. `start_import_service` inserts the run; `wait_for_import_service` lets the caller wait for
//!    it.
//! 2. `run_import_service` claims a run (`import_lease`) and drives it; `import_context` is what
//!    its steps share.
//! 3. `plan_import_service` splits the lists into parts (`history_part`).
//! 4. `history_fetcher` reads the pages of all parts (`fetch_patience` backs off).
//! 5. `import_history_page_service` stores a page: order (`place_listed_messages_service`),
//!    opt-outs (`opt_outs_of_messages`), messages.
//! 6. `import_reporter` tells browsers; `find_import_progress_service` and
//!    `list_number_histories_service` read the progress.
//!
//! `find_former_owner_end_service` says from when on a number's history is its organization's. See
//! docs/design/import.md.

mod fetch_patience;
mod find_former_owner_end_service;
mod find_import_progress_service;
mod history_fetcher;
mod history_part;
mod import_context;
mod import_history;
mod import_history_page_service;
mod import_lease;
mod import_reporter;
mod list_number_histories_service;
mod opt_outs_of_messages;
mod place_listed_messages_service;
mod plan_import_service;
mod plan_search;
mod run_import_service;
mod run_stop;
mod start_import_service;
mod understand_listed;
mod wait_for_import_service;

pub use fetch_patience::FetchPatience;
pub use find_former_owner_end_service::find_former_owner_end_service;
pub use find_import_progress_service::{
    find_import_progress_service, find_last_imports_service, load_import_events_service,
};
pub use import_reporter::notice_of;
pub use list_number_histories_service::list_number_histories_service;
pub use opt_outs_of_messages::opt_outs_of;
pub use place_listed_messages_service::{KnownPlace, LastListed, place_listed_messages_service};
pub use run_import_service::{
    ClaimedImport, claim_import_service, is_import_waiting_service, run_import_service,
};
pub use run_stop::{DatabasePatience, RunStop};
pub use start_import_service::{
    cancel_import_service, resume_import_service, start_import_service,
};
pub use understand_listed::understand_listed;
pub use wait_for_import_service::wait_for_import_service;
