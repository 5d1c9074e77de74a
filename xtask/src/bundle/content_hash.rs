//! Names for contents.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use sha2::{Digest, Sha256};

/// Hex digits of a hash. 64 bits: nobody attacks file names, and two builds never meet.
const DIGITS: usize = 16;

/// A hash over several inputs; where one ends and the next begins counts.
#[derive(Debug, Default)]
pub struct ContentHash(Sha256);

impl ContentHash {
    /// A hash of nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    /// Adds a file: its name and its contents.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn add_file(&mut self, path: &Path) -> Result<()> {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        self.add(path.file_name().unwrap_or_default().as_encoded_bytes());
        self.add(&bytes);
        Ok(())
    }

    /// The hash as lower-case hex digits.
    #[must_use]
    pub fn finish(self) -> String {
        let mut text: String = self
            .0
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        text.truncate(DIGITS);
        text
    }

    /// The hash of one piece.
    #[must_use]
    pub fn of(bytes: &[u8]) -> String {
        let mut hash = Self::new();
        hash.add(bytes);
        hash.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_border_between_two_inputs_counts() {
        let mut one = ContentHash::new();
        one.add(b"ab");
        one.add(b"c");
        let mut other = ContentHash::new();
        other.add(b"a");
        other.add(b"bc");
        assert_ne!(one.finish(), other.finish());
    }

    #[test]
    fn the_text_is_what_a_file_name_may_hold() {
        let text = ContentHash::of(b"x");
        assert_eq!(text.len(), DIGITS);
        assert!(text.chars().all(|c| c.is_ascii_hexdigit()));
    }
}
