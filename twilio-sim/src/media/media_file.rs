use crate::history::Draw;
use crate::media::MediaKind;
use crate::media::document_bytes::{mp4_bytes, pdf_bytes, vcard_bytes};
use crate::media::picture_bytes::{GIF, JPEG, PNG, picture_bytes};
use crate::wire::FormFields;

/// Largest file that can be asked for: more than Twilio takes.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// A file whose bytes are made when they are asked for, always the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MediaFile {
    kind: MediaKind,
    source: Draw,
    /// Bytes of a video, where they were asked for.
    size: Option<u64>,
}

impl MediaFile {
    /// A file of any kind; photos are the most frequent.
    pub fn generated(mut source: Draw) -> Self {
        let kind = match source.below(20) {
            0..=9 => MediaKind::Jpeg,
            10..=14 => MediaKind::Png,
            15 | 16 => MediaKind::Gif,
            17 => MediaKind::Pdf,
            18 => MediaKind::Vcard,
            _ => MediaKind::Mp4,
        };
        Self {
            kind,
            source,
            size: None,
        }
    }

    /// The file behind an address that the simulator cannot reach: of its kind, and made up. A
    /// video has `bytes=` of the address' query, up to 16 MiB.
    pub fn behind_url(url: &str, sid: &str) -> Self {
        Self {
            kind: MediaKind::of_url(url),
            source: Draw::new(0).fork_by_text(sid),
            size: wanted_size(url),
        }
    }

    /// MIME type.
    pub fn content_type(self) -> &'static str {
        self.kind.content_type()
    }

    /// The whole file.
    pub fn bytes(self) -> Vec<u8> {
        match self.kind {
            MediaKind::Jpeg => picture_bytes(JPEG, self.source),
            MediaKind::Png => picture_bytes(PNG, self.source),
            MediaKind::Gif => picture_bytes(GIF, self.source),
            MediaKind::Pdf => pdf_bytes(self.source),
            MediaKind::Vcard => vcard_bytes(self.source),
            MediaKind::Mp4 => mp4_bytes(self.source, self.size),
        }
    }
}

fn wanted_size(url: &str) -> Option<u64> {
    let (_, query) = url.split_once('?')?;
    let size: u64 = FormFields::parse(query.as_bytes())
        .get("bytes")?
        .parse()
        .ok()?;
    Some(size.min(MAX_BYTES))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kinds of files, and how these begin.
    const KINDS: [(MediaKind, &[u8]); 6] = [
        (MediaKind::Jpeg, b"\xff\xd8\xff\xe0"),
        (MediaKind::Png, b"\x89PNG\r\n\x1a\n"),
        (MediaKind::Gif, b"GIF89a"),
        (MediaKind::Pdf, b"%PDF-1.4"),
        (MediaKind::Vcard, b"BEGIN:VCARD\r\n"),
        (MediaKind::Mp4, b"\0\0\0\x18ftypmp42"),
    ];

    #[test]
    fn every_kind_begins_as_it_must_and_differs_by_its_seed() {
        for (kind, begin) in KINDS {
            let bytes = |seed| {
                let source = Draw::new(seed);
                let size = None;
                MediaFile { kind, source, size }.bytes()
            };
            assert!(bytes(1).starts_with(begin), "{kind:?}");
            assert_eq!(bytes(1), bytes(1), "{kind:?}");
            assert_ne!(bytes(1), bytes(2), "{kind:?}");
        }
    }

    #[test]
    fn a_video_is_as_large_as_its_address_asks() {
        let size = |url| MediaFile::behind_url(url, "ME1").bytes().len() as u64;
        assert_eq!(size("https://example.com/a.mp4?bytes=6000000"), 6_000_000);
        let asked_too_much = "https://example.com/a.mp4?bytes=99000000";
        assert_eq!(size(asked_too_much), MAX_BYTES);
    }

    #[test]
    fn generated_files_are_of_every_kind() {
        let mut types: Vec<&str> = (0..200)
            .map(|seed| MediaFile::generated(Draw::new(seed)).content_type())
            .collect();
        types.sort_unstable();
        types.dedup();
        assert_eq!(types.len(), 6);
    }
}
