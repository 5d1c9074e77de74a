use serde::{Deserialize, Serialize};

/// A link in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextLink {
    /// Where it begins in the text, in bytes of UTF-8.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The target: `http:`, `https:`, `mailto:` or `tel:`.
    pub href: String,
}
