/// What to post, and how fast.
#[derive(Debug, Clone)]
pub struct LoadOptions {
    /// The webhook, on this machine.
    pub url: String,
    /// The account that the events are of.
    pub account_sid: String,
    /// Its token, which signs.
    pub auth_token: String,
    /// The organization's numbers that the texts go to.
    pub to: Vec<String>,
    /// Customers that the texts come from.
    pub customers: u32,
    /// Posts under way at once.
    pub connections: u32,
    /// Events in one post.
    pub batch: u32,
    /// How long, in seconds.
    pub seconds: u32,
    /// Events per second over all connections; none for as many as possible.
    pub rate: Option<u32>,
}
