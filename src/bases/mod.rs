//! What every mod stands on; nothing here knows about SMS.

pub mod api_json;
pub mod e164;
pub mod error;
pub mod ids;
pub mod realtime;
