//! The import of a number's past texts.
//!
//! 1. `start_import_service` inserts the run; `wait_for_import_service` lets the caller wait for
//!    it.
//! 2. `run_import_service` claims a run (`import_lease`) and drives it; `import_context` is what
//!    its steps share.
//! 3. `plan_import_service` splits the lists into parts.
//! 4. `import_history` has all parts walked (`message_list`).
//! 5. `import_history_page_service` stores a page.
//! 6. `import_reporter` tells browsers; `find_import_progress_service` and
//!    `list_number_histories_service` read the progress.
//!
//! See docs/design/import.md.

mod find_import_progress_service;
mod import_context;
mod import_history;
mod import_history_page_service;
mod import_lease;
mod import_reporter;
mod list_number_histories_service;
mod plan_import_service;
mod plan_search;
mod run_import_service;
mod start_import_service;
mod wait_for_import_service;

pub use find_import_progress_service::{
    find_import_progress_service, find_last_imports_service, load_import_events_service,
};
pub use import_lease::is_import_waiting_service;
pub use import_reporter::notice_of;
pub use list_number_histories_service::list_number_histories_service;
pub use run_import_service::{ClaimedImport, claim_import_service, run_import_service};
pub use start_import_service::{
    cancel_import_service, resume_import_service, start_import_service,
};
pub use wait_for_import_service::wait_for_import_service;
