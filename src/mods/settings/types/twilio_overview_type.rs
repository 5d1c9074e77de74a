use serde::{Deserialize, Serialize};

use crate::mods::twilio::types::{
    AccountChangePage, PhoneNumber, TwilioConnection, TwilioHealth, VoiceAnswer,
};

/// All that the page about the Twilio account shows, as of one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TwilioOverview {
    pub connection: TwilioConnection,
    pub health: TwilioHealth,
    pub numbers: Vec<PhoneNumber>,
    /// The newest part of the account activity.
    pub activity: AccountChangePage,
    pub voice_answer: VoiceAnswer,
}
