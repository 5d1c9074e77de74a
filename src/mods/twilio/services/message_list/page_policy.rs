use super::{ListRun, ListedPage, RunStop};

/// What is done with the pages of a list.
pub trait PagePolicy: Sync {
    fn run(&self) -> &ListRun;

    /// Stores a page in one transaction, which renews the lease. Repeated after a problem of the
    /// database.
    ///
    /// [`RunStop::Behind`] if the database is behind this node: then the parts are loaded again.
    fn store(&self, page: &mut ListedPage) -> impl Future<Output = Result<(), RunStop>> + Send;
}
