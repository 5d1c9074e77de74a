//! What holds for every request and answer, on every route.
//!
//! A request passes, from outside in: `receive_body` (the whole body, within limits), `check_input`
//! (nothing that Postgres cannot hold), `check_origin` (`bases/http.rs`), the session, and
//! `require_login`. Its answer passes, from inside out: `api_errors` (JSON below `/api`),
//! `page_scripts` (nonces), `compression` and `answer_headers`.

mod answer_headers;
mod api_errors;
mod body_places;
mod check_input;
mod compression;
mod page_scripts;
mod receive_body;
mod session_cookie;

pub use answer_headers::{AnswerHeaders, add_answer_headers};
pub use api_errors::{answer_api_errors, no_such_call};
pub use check_input::check_input;
pub use compression::compression;
pub use page_scripts::mark_page_scripts;
pub use receive_body::{BodyBudget, receive_body};
pub use session_cookie::{accept_old_session_cookie, session_cookie_name};
