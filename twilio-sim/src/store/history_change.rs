/// What the API did to a generated message, which is computed and cannot be changed itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HistoryChange {
    Redacted,
    Deleted,
}
