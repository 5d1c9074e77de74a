/// What can be done with one number at Twilio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberTask {
    /// Let its calls lead here.
    ConfigureVoice,
    /// Let its calls lead where they led before.
    RestoreVoice,
    /// Let its texts lead here directly, without event forwarding.
    ConfigureSms,
    /// Let its texts lead where they led before.
    RestoreSms,
    /// Set again what Loquent had set.
    Repair,
    /// Give it back to Twilio.
    Release,
}
