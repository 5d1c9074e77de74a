use serde::{Deserialize, Serialize};

use super::FileKind;
use crate::{bases::ids::AttachmentId, entities::states::AttachmentState};

use crate::bases::json_object::json_objects;

/// Most pictures of phones are 4 by 3.
const UNKNOWN_PLACE: (u32, u32) = (640, 480);
/// So many times as long as high at most: narrower ones could not be seen in a bubble.
const LONGEST: u32 = 3;
/// So many times as high as long at most: higher ones would fill the screen.
const HIGHEST: u32 = 2;

/// A file of a message, as the browser sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Attachment {
    pub id: AttachmentId,
    pub state: AttachmentState,
    pub kind: FileKind,
    /// Whether browsers show or play it; anything else is offered to be saved.
    pub is_shown: bool,
    /// What it is called.
    pub name: String,
    /// MIME type, once it is known.
    pub content_type: Option<String>,
    /// Size in bytes, once it is stored.
    pub bytes: Option<u64>,
    /// Of a picture, in pixels, as it is shown; none where it is not known.
    pub width: Option<u32>,
    pub height: Option<u32>,
    /// Why the fetch failed, in words for a person.
    pub error: Option<String>,
}

impl Attachment {
    /// Where its bytes are.
    pub fn path(&self) -> String {
        format!("/api/media/{}", self.id)
    }

    /// Width and height of the place of a picture. Where its size is not known, and for what is
    /// very long or very high, the picture is cut to fit.
    pub fn place(&self) -> (u32, u32) {
        match (self.width, self.height) {
            (Some(width), Some(height)) if width > 0 && height > 0 => (
                width.min(height.saturating_mul(LONGEST)),
                height.min(width.saturating_mul(HIGHEST)),
            ),
            _ => UNKNOWN_PLACE,
        }
    }

    /// The class of a place that is not of the picture's own shape; without it, the place would
    /// take that shape when the picture comes.
    pub fn place_class(&self) -> &'static str {
        match (self.width, self.height) {
            (Some(width), Some(height)) if width > 0 && height > 0 => {
                if width > height.saturating_mul(LONGEST) {
                    "is-long"
                } else if height > width.saturating_mul(HIGHEST) {
                    "is-high"
                } else {
                    ""
                }
            }
            _ => "is-unknown",
        }
    }

    /// Where it is saved from, whatever its type.
    pub fn download_path(&self) -> String {
        format!("{}?download", self.path())
    }

    /// Whether it is here and browsers show it as a picture.
    pub fn is_picture(&self) -> bool {
        self.is_shown && self.kind == FileKind::Photo && self.state == AttachmentState::Stored
    }

    /// "412 KB", "1.2 MB"
    pub fn size(&self) -> Option<String> {
        let kilobytes = self.bytes?.div_ceil(1024);
        Some(match kilobytes * 10 / 1024 {
            ..10 => format!("{kilobytes} KB"),
            tenths => format!("{}.{} MB", tenths / 10, tenths % 10),
        })
    }
}

json_objects!(Attachment);

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn photo(width: Option<u32>, height: Option<u32>, bytes: Option<u64>) -> Attachment {
        Attachment {
            id: AttachmentId(Uuid::nil()),
            state: AttachmentState::Stored,
            kind: FileKind::Photo,
            is_shown: true,
            name: "photo.png".to_owned(),
            content_type: Some("image/png".to_owned()),
            bytes,
            width,
            height,
            error: None,
        }
    }

    #[test]
    fn the_place_of_a_picture_has_its_shape_within_limits() {
        let place = |width, height| photo(width, height, None).place();
        assert_eq!(place(Some(1200), Some(900)), (1200, 900));
        assert_eq!(place(Some(900), Some(1200)), (900, 1200));
        assert_eq!(place(Some(100), Some(1000)), (100, 200));
        assert_eq!(place(Some(1000), Some(10)), (30, 10));
        assert_eq!(place(None, None), (640, 480));
        assert_eq!(place(Some(5), None), (640, 480));
    }

    #[test]
    fn sizes_are_short() {
        let size = |bytes| photo(None, None, bytes).size();
        assert_eq!(size(Some(12_000)).as_deref(), Some("12 KB"));
        assert_eq!(size(Some(1_020_000)).as_deref(), Some("997 KB"));
        assert_eq!(size(Some(1_300_000)).as_deref(), Some("1.2 MB"));
        assert_eq!(size(None), None);
    }
}
