/// The place of a message in the list of its account: the greatest is the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ListKey {
    /// Creation in milliseconds.
    pub created_ms: i64,
    /// Which of the account's generated histories; [`ListKey::STORED`] for a message that is held.
    pub source: usize,
    /// Order within the source.
    pub seq: u64,
}

impl ListKey {
    /// The source of messages that are held: the newest of those that were created at once.
    pub const STORED: usize = usize::MAX;
}
