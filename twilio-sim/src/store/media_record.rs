use chrono::{DateTime, Utc};

use crate::media::MediaFile;
use crate::model::Sid;
use crate::store::{AccountState, ListedMessage};

/// A file of a message, as the API lists it.
#[derive(Debug, Clone)]
pub(crate) struct MediaRecord {
    pub sid: Sid,
    pub message_sid: Sid,
    pub account_sid: Sid,
    /// When the message was created.
    pub date: DateTime<Utc>,
    pub file: MediaFile,
}

impl AccountState {
    /// The files of a message in their order; `None` if there is no such message.
    pub(crate) fn media_of_message(&self, message_sid: &str) -> Option<Vec<MediaRecord>> {
        let records = match self.find_message(message_sid)? {
            ListedMessage::Stored(message) => message
                .media
                .iter()
                .map(|media| MediaRecord {
                    sid: media.sid.clone(),
                    message_sid: message.sid.clone(),
                    account_sid: message.account_sid.clone(),
                    date: message.date_created,
                    file: MediaFile::behind_url(&media.url, media.sid.as_str()),
                })
                .collect(),
            ListedMessage::Generated { history, index } => {
                let message = history.generate(index);
                message
                    .media
                    .into_iter()
                    .filter_map(|media| {
                        let file = history.media_file(message_sid, media.sid.as_str())?;
                        Some(MediaRecord {
                            sid: media.sid,
                            message_sid: message.sid.clone(),
                            account_sid: message.account_sid.clone(),
                            date: message.date_created,
                            file,
                        })
                    })
                    .collect()
            }
        };
        Some(records)
    }
}
