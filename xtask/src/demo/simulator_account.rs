//! The Twilio account that exists only in the simulator.

/// Its SID.
pub const SIMULATOR_ACCOUNT_SID: &str = "ACdec0de00000000000000000000000001";
/// Its token. Not secret: no real account has it.
pub const SIMULATOR_AUTH_TOKEN: &str = "dec0de00000000000000000000000001";
