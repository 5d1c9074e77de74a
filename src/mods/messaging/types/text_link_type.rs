use serde::{Deserialize, Serialize};

/// A part of a text that leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextLink {
    /// Where it begins in the text, in bytes of UTF-8.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Where it leads: `http:`, `https:`, `mailto:` or `tel:`.
    pub href: String,
}
