use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{UnknownWord, define_state::name_words};

/// The phase of an import. Pages are fetched while others are being stored, so a run goes through
/// the first five many times. In JSON it has the names that are documented for the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(sea_orm::DeriveValueType))]
#[cfg_attr(feature = "server", sea_orm(value_type = "String"))]
pub enum ImportPhase {
    /// Querying Twilio's Messages API.
    Fetching,
    /// Checking for SIDs that are there already.
    Deduplicating,
    /// Creating or matching contacts.
    ResolvingContacts,
    /// Inserting new messages.
    Inserting,
    /// Moving conversations and contacts' `last_contacted_at` forward.
    UpdatingTimestamps,
    /// Downloading the media of new messages; all messages are in.
    DownloadingMedia,
    /// Complete, media included.
    Done,
}

name_words! {
    what: "a phase of an import";
    ImportPhase {
        Fetching = "fetching",
        Deduplicating = "deduplicating",
        ResolvingContacts = "resolving_contacts",
        Inserting = "inserting",
        UpdatingTimestamps = "updating_timestamps",
        DownloadingMedia = "downloading_media",
        Done = "done",
    }
}

impl FromStr for ImportPhase {
    type Err = UnknownWord;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        Self::of_word(raw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phase_has_another_name_in_json() {
        let phase = ImportPhase::DownloadingMedia;
        let json = serde_json::to_value(phase);
        assert_eq!(json.ok(), Some("DownloadingMedia".into()));
        assert_eq!(phase.as_str(), "downloading_media");
        assert_eq!("downloading_media".parse(), Ok(phase));
    }
}
