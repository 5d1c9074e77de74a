use std::time::Duration;

use futures::StreamExt;
use sea_orm::{DbErr, TransactionTrait};

use super::{
    ClaimedMedia,
    media_error::{MAX_BYTES, MediaError},
};
use crate::{
    bases::{
        db::{Db, outage},
        error::AppError,
        health::Part,
        media_store::StoredMedia,
        realtime::{EventKind, RealtimeNotice, publish_realtime},
        sql::{self, nullable_column},
        state::AppState,
    },
    mods::{
        account::services::resolve_twilio_credentials_service,
        messaging::{
            types::FileKind,
            utils::{FileType, contact_card_name_util, plain_type_util},
        },
        twilio::utils::{HEAD_BYTES, PictureSize, picture_size_util},
    },
    twilio::{MessageSid, TwilioError, TwilioReader, list_twilio_media, open_twilio_media},
};

/// List, redirect and bytes together; less than the 40 s after which another node takes the file.
const TIMEOUT: Duration = Duration::from_secs(35);
const NAME_FILES: &str = "
UPDATE message_attachment a SET media_sid = n.sid, content_type = n.content_type
FROM unnest($3::int[], $4::text[], $5::text::text[]) AS n (position, sid, content_type)
WHERE a.organization_id = $1 AND a.message_id = $2 AND a.position = n.position
";

const STORED: &str = "
UPDATE message_attachment SET
    state = 'stored', bytes = $3, sha256 = $4, object_key = $5, content_type = $6, width = $7,
    height = $8, name = $9, error = NULL
WHERE organization_id = $1 AND id = $2 AND state = 'pending'
";

const PUT_OFF: &str = "
UPDATE message_attachment SET next_try_at = now() + $3 * interval '1 second', error = $4
WHERE organization_id = $1 AND id = $2 AND state = 'pending'
";

const FAILED: &str = "
UPDATE message_attachment SET state = 'failed', error = $3
WHERE organization_id = $1 AND id = $2 AND state = 'pending'
";

const COUNT: &str = "
UPDATE sms_sync_run SET media_downloaded = media_downloaded + $2, media_failed = media_failed + $3
WHERE id = $1
";

/// Fetches a file into the media store. One that cannot be had is tried again later, and after
/// some tries shown as failed; an error is only that of our database.
pub async fn download_media_service(state: &AppState, media: &ClaimedMedia) -> Result<(), DbErr> {
    let fetched = tokio::time::timeout(TIMEOUT, fetch(state, media)).await;
    match fetched.unwrap_or(Err(MediaError::TimedOut)) {
        Ok(file) => {
            state.health.works(Part::Files);
            let values = vec![
                i64::try_from(file.stored.bytes).unwrap_or(i64::MAX).into(),
                file.stored.sha256.into(),
                file.key.into(),
                file.content_type.into(),
                file.about.size.map(|size| size.width).into(),
                file.about.size.map(|size| size.height).into(),
                file.about.name.into(),
            ];
            finish(&state.db, media, STORED, values, (1, 0)).await
        }
        Err(MediaError::Database(error)) => Err(error),
        Err(MediaError::Setup(AppError::Unavailable)) => Err(outage()),
        Err(error) => {
            if let MediaError::Store(error) = &error {
                state.health.fails(Part::Files, &error.to_string());
            }
            match error.pause(media.tries) {
                Some(pause) => {
                    tracing::info!(%error, organization_id = %media.organization_id, message_sid = ?media.message_sid, tries = media.tries, "fetching a file failed; trying again");
                    put_off(&state.db, media, &error, pause).await
                }
                None => {
                    tracing::warn!(%error, organization_id = %media.organization_id, message_sid = ?media.message_sid, "fetching a file failed");
                    let words = vec![error.to_string().into()];
                    finish(&state.db, media, FAILED, words, (0, 1)).await
                }
            }
        }
    }
}

/// A file that is in the store.
struct FetchedFile {
    stored: StoredMedia,
    key: String,
    content_type: String,
    about: HeadOfFile,
}

/// What the first bytes of a file tell.
#[derive(Debug, Default)]
struct HeadOfFile {
    /// Of a picture.
    size: Option<PictureSize>,
    /// On a contact's card.
    name: Option<String>,
}

impl HeadOfFile {
    fn of(kind: FileKind, head: &[u8]) -> Self {
        match kind {
            FileKind::Photo => Self {
                size: picture_size_util(head),
                name: None,
            },
            FileKind::Contact => Self {
                size: None,
                name: contact_card_name_util(head),
            },
            _ => Self::default(),
        }
    }
}

async fn fetch(state: &AppState, media: &ClaimedMedia) -> Result<FetchedFile, MediaError> {
    let organization = media.organization_id;
    let credentials =
        resolve_twilio_credentials_service(&state.db, &state.config, organization).await?;
    let reader = TwilioReader::new(
        state.http.clone(),
        &state.config.twilio_api_base_url,
        credentials,
    )?;
    let message = media
        .message_sid
        .as_deref()
        .and_then(|sid| MessageSid::parse(sid).ok())
        .ok_or(MediaError::NotListed)?;
    let (sid, listed_type) = match &media.media_sid {
        Some(sid) => (sid.clone(), media.content_type.clone()),
        None => name_files(state, media, &reader, &message).await?,
    };
    let response = open_twilio_media(&reader, &message, &sid).await?;
    let content_type = check_type(&response, listed_type)?;
    if response
        .content_length()
        .is_some_and(|bytes| bytes > MAX_BYTES)
    {
        return Err(MediaError::TooLarge);
    }
    let key = format!("{organization}/{}", media.id);
    let (stored, about) = store(state, &key, &content_type, response).await?;
    Ok(FetchedFile {
        stored,
        key,
        content_type,
        about,
    })
}

/// Asks Twilio for the SIDs of all files of the message, and notes them.
async fn name_files(
    state: &AppState,
    media: &ClaimedMedia,
    reader: &TwilioReader,
    message: &MessageSid,
) -> Result<(String, Option<String>), MediaError> {
    let listed = list_twilio_media(reader, message).await?;
    let positions: Vec<i32> = (0..listed.len())
        .filter_map(|place| i32::try_from(place).ok())
        .collect();
    let sids: Vec<String> = listed.iter().map(|one| one.sid.clone()).collect();
    let values = [
        media.organization_id.into(),
        media.message_id.into(),
        positions.into(),
        sids.into(),
        nullable_column(&listed, |one| one.content_type.as_deref()),
    ];
    sql::run(&state.db, NAME_FILES, values).await?;
    let ours = usize::try_from(media.position).unwrap_or(usize::MAX);
    let ours = listed.into_iter().nth(ours).ok_or(MediaError::NotListed)?;
    Ok((ours.sid, ours.content_type))
}

/// The type of the bytes, which must be the listed one where both are known.
fn check_type(response: &reqwest::Response, listed: Option<String>) -> Result<String, MediaError> {
    let header = response.headers().get("content-type");
    let got = plain_type_util(
        header
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default(),
    );
    let Some(listed) = listed.as_deref().map(plain_type_util) else {
        return Ok(got);
    };
    let (sent, told) = (FileType::of(&got), FileType::of(&listed));
    if sent.is_unknown() || sent == told {
        Ok(listed)
    } else if told.is_unknown() {
        Ok(got)
    } else {
        Err(MediaError::WrongType { got, listed })
    }
}

/// Streams the bytes into the store: never a whole file in memory.
async fn store(
    state: &AppState,
    key: &str,
    content_type: &str,
    response: reqwest::Response,
) -> Result<(StoredMedia, HeadOfFile), MediaError> {
    let mut writer = state.media.begin(key, content_type).await?;
    let kind = FileType::of(content_type).kind();
    let is_read = matches!(kind, FileKind::Photo | FileKind::Contact);
    let mut head = Vec::new();
    let mut parts = response.bytes_stream();
    while let Some(part) = parts.next().await {
        let part = part.map_err(TwilioError::from)?;
        if writer.bytes() + part.len() as u64 > MAX_BYTES {
            return Err(MediaError::TooLarge);
        }
        if is_read && head.len() < HEAD_BYTES {
            head.extend_from_slice(&part);
        }
        writer.write(&part).await?;
    }
    let about = HeadOfFile::of(kind, &head);
    Ok((writer.finish().await?, about))
}

/// Writes the end of a file's way, counts it for its run, and tells browsers.
async fn finish(
    db: &Db,
    media: &ClaimedMedia,
    sql: &str,
    rest: Vec<sea_orm::Value>,
    (downloaded, failed): (i64, i64),
) -> Result<(), DbErr> {
    let transaction = db.begin().await?;
    let mut values = vec![media.organization_id.into(), media.id.into()];
    values.extend(rest);
    let is_ours = sql::run(&transaction, sql, values).await? == 1;
    match media.sync_run_id {
        _ if !is_ours => {}
        Some(run) => {
            let values = [run.into(), downloaded.into(), failed.into()];
            sql::run(&transaction, COUNT, values).await?;
        }
        None => {
            let notice = RealtimeNotice::new(
                media.organization_id,
                EventKind::MessageStatus,
                media.message_id,
            );
            publish_realtime(&transaction, &[notice]).await?;
        }
    }
    transaction.commit().await
}

async fn put_off(
    db: &Db,
    media: &ClaimedMedia,
    error: &MediaError,
    pause: Duration,
) -> Result<(), DbErr> {
    let values = [
        media.organization_id.into(),
        media.id.into(),
        pause.as_secs_f64().into(),
        error.to_string().into(),
    ];
    sql::run(db, PUT_OFF, values).await.map(drop)
}
