/// Twilio's words that could not be kept as they were.
#[derive(Debug, Clone)]
pub struct OddWords {
    /// All of them, as JSON.
    pub json: String,
    /// The word for the status, if it is that.
    pub status: Option<String>,
}
