use std::sync::Arc;

use axum::body::Bytes;
use chrono::{DateTime, Utc};

use crate::media::MediaFile;
use crate::model::Sid;
use crate::store::{AccountState, ListedMessage, Upload, Uploads};

/// Where the bytes of a file come from.
#[derive(Debug, Clone)]
pub(crate) enum FileSource {
    /// Made from a seed.
    Made(MediaFile),
    /// Given to the simulator.
    Uploaded(Arc<Upload>),
}

impl FileSource {
    /// MIME type.
    pub fn content_type(&self) -> &str {
        match self {
            Self::Made(file) => file.content_type(),
            Self::Uploaded(upload) => &upload.content_type,
        }
    }

    /// The whole file.
    pub fn bytes(&self) -> Bytes {
        match self {
            Self::Made(file) => file.bytes().into(),
            Self::Uploaded(upload) => upload.bytes.clone(),
        }
    }
}

/// A file of a message, as the API lists it.
#[derive(Debug, Clone)]
pub(crate) struct MediaRecord {
    pub sid: Sid,
    pub message_sid: Sid,
    pub account_sid: Sid,
    /// When the message was created.
    pub date: DateTime<Utc>,
    pub file: FileSource,
}

impl AccountState {
    /// The files of a message in their order; `None` if there is no such message.
    pub(crate) fn media_of_message(
        &self,
        message_sid: &str,
        uploads: &Uploads,
    ) -> Option<Vec<MediaRecord>> {
        let record = |sid: &Sid, message_sid: &Sid, date, file| MediaRecord {
            sid: sid.clone(),
            message_sid: message_sid.clone(),
            account_sid: self.account.sid.clone(),
            date,
            file,
        };
        let records = match self.find_message(message_sid)? {
            ListedMessage::Stored(message) => message
                .media
                .iter()
                .map(|media| {
                    let file = match uploads.behind_url(&media.url) {
                        Some(upload) => FileSource::Uploaded(upload),
                        None => {
                            let sid = media.sid.as_str();
                            FileSource::Made(MediaFile::behind_url(&media.url, sid))
                        }
                    };
                    record(&media.sid, &message.sid, message.date_created, file)
                })
                .collect(),
            ListedMessage::Generated { history, index, .. } => {
                let message = history.generate(index);
                let file = |sid: &Sid| history.media_file(message_sid, sid.as_str());
                message
                    .media
                    .iter()
                    .filter_map(|media| Some((&media.sid, FileSource::Made(file(&media.sid)?))))
                    .map(|(sid, file)| record(sid, &message.sid, message.date_created, file))
                    .collect()
            }
        };
        Some(records)
    }
}
