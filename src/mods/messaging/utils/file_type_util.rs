//! What a file is, by its MIME type.

use mime_guess::{Mime, get_mime_extensions_str};

use crate::mods::messaging::types::FileKind;

/// A file of which nothing is known.
const UNKNOWN: &str = "application/octet-stream";
/// Longer names are no types that anybody registered.
const MAX_LENGTH: usize = 127;

/// Other names of a type: phones and carriers use them, browsers know only the second one.
const ALIASES: &[(&str, &str)] = &[
    ("application/ogg", "audio/ogg"),
    ("application/vcard", "text/vcard"),
    ("application/x-pdf", "application/pdf"),
    ("application/x-rtf", "application/rtf"),
    ("audio/amr-nb", "audio/amr"),
    ("audio/m4a", "audio/mp4"),
    ("audio/mp3", "audio/mpeg"),
    ("audio/opus", "audio/ogg"),
    ("audio/vnd.rn-realaudio", "audio/x-pn-realaudio"),
    ("audio/vnd.wave", "audio/wav"),
    ("audio/vorbis", "audio/ogg"),
    ("audio/wave", "audio/wav"),
    ("audio/x-aac", "audio/aac"),
    ("audio/x-flac", "audio/flac"),
    ("audio/x-m4a", "audio/mp4"),
    ("audio/x-mpeg", "audio/mpeg"),
    ("audio/x-wav", "audio/wav"),
    ("image/jpg", "image/jpeg"),
    ("image/pjpeg", "image/jpeg"),
    ("image/vnd.microsoft.icon", "image/x-icon"),
    ("image/x-bmp", "image/bmp"),
    ("image/x-ms-bmp", "image/bmp"),
    ("image/x-png", "image/png"),
    ("text/directory", "text/vcard"),
    ("text/rtf", "application/rtf"),
    ("text/x-vcard", "text/vcard"),
    ("video/3gp", "video/3gpp"),
    ("video/h263-1998", "video/h263"),
    ("video/h263-2000", "video/h263"),
    ("video/mpeg4", "video/mp4"),
    ("video/x-m4v", "video/mp4"),
];

/// The usual extension where the library has none, or another one first.
const EXTENSIONS: &[(&str, &str)] = &[
    ("application/javascript", "js"),
    (UNKNOWN, "bin"),
    ("application/vnd.ms-excel", "xls"),
    ("application/vnd.ms-powerpoint", "ppt"),
    ("application/xhtml+xml", "xhtml"),
    ("application/xml", "xml"),
    ("audio/3gpp", "3gp"),
    ("audio/3gpp2", "3g2"),
    ("audio/amr", "amr"),
    ("audio/amr-wb", "awb"),
    ("audio/l24", "l24"),
    ("audio/midi", "mid"),
    ("audio/mp4", "m4a"),
    ("audio/mpeg", "mp3"),
    ("audio/ogg", "ogg"),
    ("audio/x-aiff", "aif"),
    ("image/jpeg", "jpg"),
    ("text/html", "html"),
    ("text/javascript", "js"),
    ("text/plain", "txt"),
    ("text/vcard", "vcf"),
    ("text/xml", "xml"),
    ("video/3gpp-tt", "3gp"),
    ("video/mpeg", "mpg"),
    ("video/x-matroska", "mkv"),
];

/// What all present browsers show as a picture, and play. It must run nothing.
const SHOWN: &[&str] = &[
    "image/apng",
    "image/avif",
    "image/bmp",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/x-icon",
    "video/3gpp",
    "video/3gpp2",
    "video/mp4",
    "video/ogg",
    "video/quicktime",
    "video/webm",
    "audio/aac",
    "audio/flac",
    "audio/mp4",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "audio/webm",
];

const DOCUMENTS: &[&str] = &[
    "application/msword",
    "application/rtf",
    "text/csv",
    "text/plain",
    "text/richtext",
];
const DOCUMENT_FAMILIES: &[&str] = &[
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.ms-word",
    "application/vnd.oasis.opendocument.",
    "application/vnd.openxmlformats-officedocument.",
];

/// The type of a file by its usual name, in lower case and without parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileType(String);

impl FileType {
    /// What a header or a list says. What is no MIME type is a file of which nothing is known.
    pub fn of(raw: &str) -> Self {
        let name = plain_type_util(raw);
        let alias = ALIASES.iter().find(|(other, _)| *other == name);
        Self(alias.map_or(name, |(_, usual)| (*usual).to_owned()))
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is known of the file.
    pub fn is_unknown(&self) -> bool {
        self.0 == UNKNOWN
    }

    /// What it is to a person.
    pub fn kind(&self) -> FileKind {
        let name = self.0.as_str();
        match name.split_once('/').map_or(name, |(top, _)| top) {
            _ if self.may_run() => FileKind::File,
            "image" => FileKind::Photo,
            "video" => FileKind::Video,
            "audio" => FileKind::Audio,
            _ if name == "application/pdf" => FileKind::Pdf,
            _ if name == "text/vcard" => FileKind::Contact,
            _ if name == "text/calendar" => FileKind::Event,
            _ if DOCUMENTS.contains(&name)
                || DOCUMENT_FAMILIES.iter().any(|one| name.starts_with(one)) =>
            {
                FileKind::Document
            }
            _ => FileKind::File,
        }
    }

    /// Whether browsers show or play it; anything else is only offered to be saved.
    pub fn is_shown(&self) -> bool {
        SHOWN.contains(&self.0.as_str())
    }

    /// The type to serve it with: never one that a browser would run.
    pub fn served_as(&self) -> &str {
        if self.may_run() { UNKNOWN } else { &self.0 }
    }

    /// The usual end of the name of such a file.
    pub fn extension(&self) -> &'static str {
        let usual = EXTENSIONS.iter().find(|(name, _)| *name == self.0);
        usual
            .map(|(_, extension)| *extension)
            .or_else(|| get_mime_extensions_str(&self.0)?.first().copied())
            .unwrap_or("bin")
    }

    /// Pages, scripts, styles and what may have them inside.
    fn may_run(&self) -> bool {
        let name = self.0.as_str();
        let is_text = matches!(
            name,
            "text/html" | "text/css" | "text/xml" | "text/xsl" | "text/cache-manifest"
        );
        is_text
            || name.starts_with("multipart/")
            || name.contains("xml") && !name.starts_with("application/vnd.openxmlformats")
            || name.contains("javascript")
            || name.contains("ecmascript")
            || name == "application/wasm"
    }
}

/// A MIME type without parameters and in lower case, as it is stored.
pub fn plain_type_util(raw: &str) -> String {
    let parsed = raw.trim().parse::<Mime>();
    let name = parsed.map(|mime| mime.essence_str().to_ascii_lowercase());
    name.ok()
        .filter(|name| name.len() <= MAX_LENGTH && !name.contains('*'))
        .unwrap_or_else(|| UNKNOWN.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn extension(raw: &str) -> &'static str {
        FileType::of(raw).extension()
    }

    #[test]
    fn every_name_of_a_type_is_the_same_type() {
        for (raw, usual) in [
            ("Image/JPG; q=1", "image/jpeg"),
            ("audio/ogg; codecs=opus", "audio/ogg"),
            ("text/directory;profile=vCard", "text/vcard"),
            ("video/H263-1998", "video/h263"),
            ("nonsense", UNKNOWN),
            ("", UNKNOWN),
            ("*/*", UNKNOWN),
            ("text/html\r\nx: y", UNKNOWN),
        ] {
            assert_eq!(FileType::of(raw).as_str(), usual, "{raw}");
        }
    }

    #[test]
    fn files_have_their_usual_extension() {
        for (raw, usual) in [
            ("image/jpeg", "jpg"),
            ("audio/mpeg", "mp3"),
            ("text/x-vcard", "vcf"),
            ("video/mpeg", "mpg"),
            ("application/msword", "doc"),
            ("application/zip", "zip"),
            ("text/plain", "txt"),
            ("application/x-nobody-knows", "bin"),
        ] {
            assert_eq!(extension(raw), usual, "{raw}");
        }
    }

    #[test]
    fn what_a_browser_may_run_is_neither_shown_nor_served_as_such() {
        for raw in [
            "text/html",
            "image/svg+xml",
            "application/xhtml+xml",
            "text/xml",
            "application/javascript",
            "text/javascript; charset=utf-8",
            "text/css",
            "multipart/x-mixed-replace",
            "application/x-shockwave-flash+xml",
        ] {
            let kind = FileType::of(raw);
            assert_eq!(kind.served_as(), UNKNOWN, "{raw}");
            assert_eq!(kind.kind(), FileKind::File, "{raw}");
            assert!(!kind.is_shown(), "{raw}");
        }
        assert!(SHOWN.iter().all(|name| !FileType::of(name).may_run()));
    }

    proptest! {
        #[test]
        fn any_type_gives_a_header_and_an_extension(raw in "\\PC{0,60}") {
            let kind = FileType::of(&raw);
            let is_safe = |text: &str| text.bytes().all(|b| b.is_ascii_graphic());
            prop_assert!(is_safe(kind.served_as()));
            prop_assert!(is_safe(kind.extension()));
        }
    }
}
