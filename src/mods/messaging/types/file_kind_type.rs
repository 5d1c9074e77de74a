use serde::{Deserialize, Serialize};

/// What a file is to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    Photo,
    Video,
    Audio,
    Pdf,
    Contact,
    Event,
    Document,
    File,
}

impl FileKind {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Photo => "Photo",
            Self::Video => "Video",
            Self::Audio => "Audio",
            Self::Pdf => "PDF",
            Self::Contact => "Contact",
            Self::Event => "Event",
            Self::Document => "Document",
            Self::File => "File",
        }
    }

    /// Its icon.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Photo => "image",
            Self::Video => "film",
            Self::Audio => "volume",
            Self::Contact => "contact-card",
            Self::Event => "schedule",
            Self::Pdf | Self::Document | Self::File => "file",
        }
    }
}
