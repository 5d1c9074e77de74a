use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::bases::ids::AttachmentId;

/// Whether a file of a message can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentState {
    /// It is still to be fetched from Twilio.
    Pending,
    /// It is here: `GET /api/media/{id}`.
    Stored,
    /// It could not be had; Retry tries again.
    Failed,
}

/// The text names no state of a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown attachment state {0:?}")]
pub struct AttachmentStateError(String);

impl AttachmentState {
    /// The name in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Stored => "stored",
            Self::Failed => "failed",
        }
    }
}

impl FromStr for AttachmentState {
    type Err = AttachmentStateError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        match raw {
            "pending" => Ok(Self::Pending),
            "stored" => Ok(Self::Stored),
            "failed" => Ok(Self::Failed),
            _ => Err(AttachmentStateError(raw.to_owned())),
        }
    }
}

/// A file of a message, as the browser sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub id: AttachmentId,
    pub state: AttachmentState,
    /// MIME type, once it is known.
    pub content_type: Option<String>,
    /// Size in bytes, once it is stored.
    pub bytes: Option<u64>,
    /// Why it could not be had, in words for a person.
    pub error: Option<String>,
}

impl Attachment {
    /// Where its bytes are.
    pub fn path(&self) -> String {
        format!("/api/media/{}", self.id)
    }

    /// Whether browsers can show it as a picture.
    pub fn is_picture(&self) -> bool {
        matches!(
            self.content_type.as_deref(),
            Some("image/jpeg" | "image/png" | "image/gif" | "image/webp")
        )
    }
}
