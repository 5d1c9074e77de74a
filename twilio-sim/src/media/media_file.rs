use crate::history::Draw;
use crate::media::MediaKind;
use crate::media::document_bytes::{mp4_bytes, pdf_bytes, vcard_bytes};
use crate::media::gif_bytes::gif_bytes;
use crate::media::jpeg_bytes::jpeg_bytes;
use crate::media::png_bytes::png_bytes;
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
            MediaKind::Jpeg => jpeg_bytes(self.source),
            MediaKind::Png => png_bytes(self.source),
            MediaKind::Gif => gif_bytes(self.source),
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

/// Width and height of a picture, in pixels.
pub(crate) fn picture_size(source: &mut Draw) -> (u16, u16) {
    let mut side = |largest: u64| u16::try_from(24 + source.below(largest)).unwrap_or(24);
    (side(300), side(220))
}

/// The colour, 0 to 7, of a pixel: a checkerboard of tiles that are coloured at random.
pub(crate) fn tile_colour(source: Draw, x: u16, y: u16) -> u8 {
    let tile = (u64::from(x / 16) << 16) | u64::from(y / 16);
    u8::try_from(source.fork(tile).below(8)).unwrap_or(0)
}

/// The colours of a picture: red, green and blue.
pub(crate) fn palette(mut source: Draw) -> [[u8; 3]; 8] {
    let mut colour = || u8::try_from(source.below(256)).unwrap_or(0);
    std::array::from_fn(|_| [colour(), colour(), colour()])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds() -> [(MediaKind, &'static [u8], &'static [u8]); 6] {
        [
            (MediaKind::Jpeg, b"\xff\xd8\xff\xe0", b"\xff\xd9"),
            (MediaKind::Png, b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"),
            (MediaKind::Gif, b"GIF89a", b";"),
            (MediaKind::Pdf, b"%PDF-1.4", b"%%EOF\n"),
            (MediaKind::Vcard, b"BEGIN:VCARD\r\n", b"END:VCARD\r\n"),
            (MediaKind::Mp4, b"\0\0\0\x18ftypmp42", b""),
        ]
    }

    #[test]
    fn every_kind_begins_and_ends_as_it_must_and_differs_by_its_seed() {
        for (kind, begin, end) in kinds() {
            let bytes = |seed| {
                let source = Draw::new(seed);
                let size = None;
                MediaFile { kind, source, size }.bytes()
            };
            assert!(bytes(1).starts_with(begin), "{kind:?}");
            assert!(bytes(1).ends_with(end), "{kind:?}");
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
