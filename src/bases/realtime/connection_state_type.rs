/// How the page stands to the server's events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionState {
    /// The page has just been opened.
    Connecting,
    /// Events arrive as they happen.
    Live,
    /// The link was lost and is being made again.
    Reconnecting,
    /// The browser has no network; the link is made again when it has.
    Offline,
}
