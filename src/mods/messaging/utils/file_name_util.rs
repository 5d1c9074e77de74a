use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::FileType;
use crate::{bases::ids::AttachmentId, mods::messaging::types::FileKind};

/// All but the `attr-char` of https://www.rfc-editor.org/rfc/rfc8187#section-3.2.1
const ENCODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'%')
    .add(b'\'')
    .add(b'(')
    .add(b')')
    .add(b'*')
    .add(b',')
    .add(b'/')
    .add(b':')
    .add(b';')
    .add(b'<')
    .add(b'=')
    .add(b'>')
    .add(b'?')
    .add(b'@')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'{')
    .add(b'}');

/// The name that a file is saved under: its own, else its kind with the end of its id, so that
/// two of a message differ.
pub fn file_name_util(id: AttachmentId, kind: &FileType, own: Option<&str>) -> String {
    let extension = kind.extension();
    if let Some(own) = own {
        return format!("{own}.{extension}");
    }
    let word = match kind.kind() {
        FileKind::Photo => "photo",
        FileKind::Video => "video",
        FileKind::Audio => "audio",
        FileKind::Contact => "contact",
        FileKind::Event => "event",
        FileKind::Pdf | FileKind::Document => "document",
        FileKind::File => "file",
    };
    let (.., end) = id.0.as_fields();
    format!("{word}-{}.{extension}", hex::encode(&end[4..]))
}

/// `Content-Disposition` with the name, in ASCII and as it is.
pub fn disposition_util(is_shown: bool, name: &str) -> String {
    let how = if is_shown { "inline" } else { "attachment" };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || " .-_+&()'".contains(c);
    let plain: String = name
        .chars()
        .map(|c| if is_plain(c) { c } else { '_' })
        .collect();
    let encoded = utf8_percent_encode(name, ENCODED);
    if plain == name {
        format!("{how}; filename=\"{plain}\"")
    } else {
        format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_file_is_named_after_what_it_is() {
        let id = AttachmentId(Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_3f9a_12bc));
        let name = |raw, own| file_name_util(id, &FileType::of(raw), own);
        assert_eq!(name("image/jpg", None), "photo-3f9a12bc.jpg");
        assert_eq!(name("text/x-vcard", Some("Zoë")), "Zoë.vcf");
        assert_eq!(name("", None), "file-3f9a12bc.bin");
    }

    #[test]
    fn any_name_makes_one_safe_header() {
        assert_eq!(
            disposition_util(false, "Sam Okafor.vcf"),
            "attachment; filename=\"Sam Okafor.vcf\""
        );
        assert_eq!(
            disposition_util(true, "Zoë \"x\"\r\n.vcf"),
            "inline; filename=\"Zo_ _x___.vcf\"; filename*=UTF-8''Zo%C3%AB%20%22x%22%0D%0A.vcf"
        );
    }
}
