use serde::{Deserialize, Serialize};

use crate::{
    bases::json_object::json_objects,
    mods::{
        account::types::{AccountChangePage, TwilioConnection, TwilioHealth},
        phone::types::VoiceAnswer,
        twilio::types::NumberHistory,
    },
};

/// All that the page about the Twilio account shows, as of one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct TwilioOverview {
    pub connection: TwilioConnection,
    pub health: TwilioHealth,
    pub numbers: Vec<NumberHistory>,
    /// The newest part of the account activity.
    pub activity: AccountChangePage,
    pub voice_answer: VoiceAnswer,
}

json_objects!(TwilioOverview);
