use serde::{Deserialize, Serialize};

use super::Message;

use crate::bases::json_object::json_objects;

/// A stretch of a thread, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct MessagePage {
    pub messages: Vec<Message>,
    /// Pass as `before` to get the messages above these; null at the top of the thread.
    pub next_before: Option<String>,
}

json_objects!(MessagePage);
