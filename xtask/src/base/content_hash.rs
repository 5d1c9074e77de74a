//! Names for contents.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::Hasher;
use std::path::Path;

use anyhow::{Context as _, Result};

/// A hash over several inputs; where one ends and the next begins counts. 64 bits are enough:
/// nobody attacks file names. Another Rust may hash otherwise; then everything is built anew.
#[derive(Debug, Default)]
pub struct ContentHash(DefaultHasher);

impl ContentHash {
    /// A hash of nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.write_usize(bytes.len());
        self.0.write(bytes);
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
        format!("{:016x}", self.0.finish())
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
        assert_eq!(text.len(), 16);
        assert!(text.chars().all(|c| c.is_ascii_hexdigit()));
    }
}
