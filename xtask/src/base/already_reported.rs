//! A failure that needs no further words.

/// The output has said it all, and its last line must stay the last.
#[derive(Clone, Copy, Debug)]
pub struct AlreadyReported;

impl std::fmt::Display for AlreadyReported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("failed, as reported above")
    }
}

impl std::error::Error for AlreadyReported {}
