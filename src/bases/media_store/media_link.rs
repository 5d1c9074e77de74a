/// A link to a file in a bucket, which anybody who has it can follow for a while.
#[derive(Clone, PartialEq, Eq)]
pub struct MediaLink {
    /// Signed, so as good as the file itself; never log it.
    pub url: String,
}

impl std::fmt::Debug for MediaLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MediaLink").finish_non_exhaustive()
    }
}
