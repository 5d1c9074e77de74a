mod use_session;

pub use use_session::{Session, use_session, use_session_provider};
