/// The kinds of files that the simulator can make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MediaKind {
    Jpeg,
    Png,
    Gif,
    Pdf,
    Vcard,
    Mp4,
}

impl MediaKind {
    /// Twilio's MIME type of it.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Pdf => "application/pdf",
            Self::Vcard => "text/vcard",
            Self::Mp4 => "video/mp4",
        }
    }

    /// The kind with this MIME type.
    pub fn of_content_type(text: &str) -> Option<Self> {
        [
            Self::Jpeg,
            Self::Png,
            Self::Gif,
            Self::Pdf,
            Self::Vcard,
            Self::Mp4,
        ]
        .into_iter()
        .find(|kind| kind.content_type() == text)
    }

    /// End of the name of such a file.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::Pdf => "pdf",
            Self::Vcard => "vcf",
            Self::Mp4 => "mp4",
        }
    }

    /// What the address of a file says about it; a photo if it says nothing.
    pub fn of_url(url: &str) -> Self {
        let path = url.split(['?', '#']).next().unwrap_or_default();
        let extension = path.rsplit('.').next().unwrap_or_default();
        match extension.to_ascii_lowercase().as_str() {
            "png" => Self::Png,
            "gif" => Self::Gif,
            "pdf" => Self::Pdf,
            "vcf" => Self::Vcard,
            "mp4" => Self::Mp4,
            _ => Self::Jpeg,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_path_tells_the_kind() {
        for (url, kind) in [
            ("https://example.com/a.PNG?size=2", MediaKind::Png),
            ("https://example.com/a.b/card.vcf", MediaKind::Vcard),
            ("https://example.com/photo", MediaKind::Jpeg),
            ("", MediaKind::Jpeg),
        ] {
            assert_eq!(MediaKind::of_url(url), kind, "{url}");
        }
    }
}
