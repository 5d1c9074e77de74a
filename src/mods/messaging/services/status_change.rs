use crate::{
    bases::ids::{MessageId, OrganizationId},
    entities::states::LogSource,
    mods::messaging::utils::StatusReport,
    twilio::MessageSid,
};

/// A report about one message's delivery.
#[derive(Debug, Clone)]
pub struct StatusChange {
    pub organization_id: OrganizationId,
    /// Twilio's SID; none while Twilio has not given one.
    pub sid: Option<MessageSid>,
    /// Our id, if the report carries it: it finds the row before the SID is stored.
    pub message_id: Option<MessageId>,
    pub news: StatusReport,
    /// Twilio's word for the status, where we do not know it.
    pub status_word: Option<String>,
    pub body: Option<String>,
    pub num_segments: Option<i32>,
    pub source: LogSource,
    /// Repetitions of one report have the same key and are kept once.
    pub dedup_key: String,
    /// The payload as it came, for the delivery log.
    pub payload: Option<String>,
}
