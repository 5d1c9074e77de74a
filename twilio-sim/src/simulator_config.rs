use crate::Timing;

/// How a simulator starts.
#[derive(Debug, Clone, Default)]
pub struct SimulatorConfig {
    /// TCP port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// An account that exists from the start and comes back after a reset.
    pub account: Option<SeedAccount>,
    /// Delays and retry rules; a reset returns to these.
    pub timing: Timing,
}

/// The account that a simulator starts with.
#[derive(Debug, Clone)]
pub struct SeedAccount {
    /// Account SID, `AC` and 32 hex digits.
    pub sid: String,
    /// Auth token, the key of every signature.
    pub auth_token: String,
    /// Name shown on the handset page.
    pub friendly_name: String,
}
