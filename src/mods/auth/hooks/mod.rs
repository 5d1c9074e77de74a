//! Who is signed in, and how a call went.

mod use_outcomes;
mod use_session;

pub use use_outcomes::{Outcomes, use_outcomes};
pub use use_session::{Session, use_session, use_session_provider};
