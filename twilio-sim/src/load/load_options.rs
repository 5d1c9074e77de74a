use super::LoadError;

/// No load runs longer than this, in seconds.
pub(super) const MAX_SECONDS: u32 = 300;

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

impl LoadOptions {
    /// Refuses what makes no sense, and any place but this machine.
    pub(super) fn check(&self) -> Result<(), LoadError> {
        let url = reqwest::Url::parse(&self.url).map_err(|_| LoadError::NotLoopback)?;
        let local = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        if !local {
            return Err(LoadError::NotLoopback);
        }
        let sensible = self.connections > 0
            && self.batch > 0
            && !self.to.is_empty()
            && (1..=MAX_SECONDS).contains(&self.seconds);
        if sensible {
            Ok(())
        } else {
            Err(LoadError::Options)
        }
    }
}
