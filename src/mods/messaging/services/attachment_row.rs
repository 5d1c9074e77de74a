use serde::Deserialize;

use crate::{
    bases::ids::AttachmentId,
    entities::states::AttachmentState,
    mods::messaging::{
        types::{Attachment, FileKind},
        utils::{FileType, file_name_util},
    },
};

/// A file of a message, as `SELECT_MESSAGE` gives it.
#[derive(Debug, Deserialize)]
pub(super) struct AttachmentRow {
    id: AttachmentId,
    state: AttachmentState,
    content_type: Option<String>,
    bytes: Option<u64>,
    width: Option<u32>,
    height: Option<u32>,
    name: Option<String>,
    error: Option<String>,
}

impl From<AttachmentRow> for Attachment {
    fn from(row: AttachmentRow) -> Self {
        let kind = FileType::of(row.content_type.as_deref().unwrap_or_default());
        let name = match row.name {
            Some(name) if kind.kind() == FileKind::Contact => name,
            own => file_name_util(row.id, &kind, own.as_deref()),
        };
        Self {
            id: row.id,
            state: row.state,
            kind: kind.kind(),
            is_shown: kind.is_shown(),
            name,
            content_type: row.content_type,
            bytes: row.bytes,
            width: row.width,
            height: row.height,
            error: row.error,
        }
    }
}
