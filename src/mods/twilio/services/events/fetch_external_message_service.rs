use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::{DbErr, TransactionTrait};

use super::{ClaimedMessageFetch, store_fetched_message::store_fetched_message};
use crate::{
    bases::{
        db::{describe_db_error, is_outage, outage},
        e164::E164,
        error::AppError,
        jobs::back_off,
        realtime::{EventKind, RealtimeNotice, publish_realtime},
        sql,
        state::AppState,
    },
    entities::states::MessageDirection,
    mods::{
        account::services::resolve_twilio_credentials_service,
        messaging::services::{SendersHalf, merge_senders_half_service},
        twilio::utils::{
            HistoryMessage, HistoryOwner, ImportedMessage, ListedMessage,
            fetch_twilio_message_util, history_message_to_new_util,
        },
    },
    twilio::{MessageSid, TwilioError, TwilioReader},
};

/// Twilio shows a message within seconds; one that it does not know after these tries, some
/// minutes, was deleted there.
const MOST_TRIES_OF_MISSING: i32 = 8;
/// With pauses of up to 5 minutes about two hours: as long as a text waits to be sent.
const MOST_TRIES: i32 = 30;

// Gone, if the message was merged into one of ours in the meantime. The message is locked first:
// so does who merges it.
const FINISH: &str = "
WITH kept AS MATERIALIZED (
    SELECT id FROM message WHERE organization_id = $1 AND id = $2 FOR UPDATE
)
DELETE FROM message_fetch f USING kept
WHERE f.organization_id = $1 AND f.message_id = kept.id
";

const PUT_OFF: &str = "
UPDATE message_fetch SET state = $3, next_try_at = now() + $4 * interval '1 second', error = $5
WHERE organization_id = $1 AND message_id = $2
";

/// Why a message could not be read.
#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error(transparent)]
    Twilio(#[from] TwilioError),
    #[error(transparent)]
    Setup(#[from] AppError),
    #[error(transparent)]
    Database(#[from] DbErr),
    #[error("Twilio's record is of other numbers")]
    OtherNumbers,
    #[error("the half that our number received is not here yet")]
    NoReceivedHalf,
    #[error("the message has no SID or number")]
    Unreadable,
}

/// Reads what an event did not tell of a message from elsewhere: body, files, segments, price,
/// times, error. One that cannot be read is tried again later, and in the end left as it is; the
/// reconciliation may still find it. An error if not even that can be written.
pub async fn fetch_external_message_service(
    state: &AppState,
    claimed: &ClaimedMessageFetch,
) -> Result<(), DbErr> {
    let error = match fetch(state, claimed).await {
        Ok(()) => return Ok(()),
        // It says nothing of the message, and uses up no try.
        Err(FetchError::Database(error)) if is_outage(&error) => return Err(error),
        Err(FetchError::Setup(AppError::Unavailable)) => return Err(outage()),
        Err(error) => error,
    };
    let is_final = match &error {
        FetchError::Twilio(TwilioError::Refused { status: 404, .. }) => {
            claimed.tries >= MOST_TRIES_OF_MISSING
        }
        FetchError::OtherNumbers | FetchError::Unreadable => true,
        FetchError::Twilio(TwilioError::ForeignLink(_)) => true,
        FetchError::Database(_) => false,
        _ => claimed.tries >= MOST_TRIES,
    };
    tracing::info!(%error, organization_id = %claimed.organization_id, message_sid = ?claimed.sid, tries = claimed.tries, is_final, "a message could not be read from Twilio");
    put_off(state, claimed, &error, is_final).await
}

async fn put_off(
    state: &AppState,
    claimed: &ClaimedMessageFetch,
    error: &FetchError,
    is_final: bool,
) -> Result<(), DbErr> {
    let pause = match error {
        FetchError::Twilio(TwilioError::RateLimited {
            retry_after: Some(wait),
            ..
        }) => *wait,
        // Half a second, then as everywhere: a message that is very new is there in a moment.
        _ if claimed.tries <= 1 => Duration::from_millis(500),
        _ => back_off((claimed.tries - 2).unsigned_abs()),
    };
    let why = match error {
        FetchError::Database(error) => describe_db_error(error),
        error => error.to_string(),
    };
    let values = [
        claimed.organization_id.into(),
        claimed.message_id.into(),
        if is_final { "failed" } else { "pending" }.into(),
        pause.as_secs_f64().into(),
        why.into(),
    ];
    let transaction = state.db.begin().await?;
    sql::run(&transaction, PUT_OFF, values).await?;
    if is_final {
        // The bubble stops saying that its text is on its way.
        publish_realtime(&transaction, &[notice(claimed)]).await?;
    }
    transaction.commit().await
}

async fn fetch(state: &AppState, claimed: &ClaimedMessageFetch) -> Result<(), FetchError> {
    let organization = claimed.organization_id;
    let credentials =
        resolve_twilio_credentials_service(&state.db, &state.config, organization).await?;
    let reader = TwilioReader::new(
        state.http.clone(),
        &state.config.twilio_api_base_url,
        credentials,
    )?;
    let sid = claimed.sid.as_deref().map(MessageSid::parse);
    let Some(Ok(sid)) = sid else {
        return Err(FetchError::Unreadable);
    };
    let record = fetch_twilio_message_util(&reader, &sid).await?;
    let now = state.clock.now();
    let is_senders_half = is_senders_half(claimed, &record);
    let imported = understand(claimed, record, now)?;
    let transaction = state.db.begin().await?;
    if is_senders_half {
        if merge_senders_half_service(&transaction, &senders_half(claimed, &imported)).await? {
            return Ok(transaction.commit().await?);
        }
        // In the end what is here is all that there is of the text.
        if claimed.tries < MOST_TRIES_OF_MISSING {
            return Err(FetchError::NoReceivedHalf);
        }
    }
    let values = [claimed.organization_id.into(), claimed.message_id.into()];
    if sql::run(&transaction, FINISH, values).await? == 1 {
        store_fetched_message(&transaction, claimed, &imported).await?;
        publish_realtime(&transaction, &[notice(claimed)]).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Whether a number of the account that is not ours sent it to ours: the received half has a SID of
/// its own.
fn is_senders_half(claimed: &ClaimedMessageFetch, record: &HistoryMessage) -> bool {
    let is_sent = |word: &str| word.starts_with("outbound");
    claimed.direction == MessageDirection::Inbound
        && record.direction.as_deref().is_some_and(is_sent)
}

fn senders_half<'a>(
    claimed: &ClaimedMessageFetch,
    imported: &'a ImportedMessage,
) -> SendersHalf<'a> {
    SendersHalf {
        organization_id: claimed.organization_id,
        message_id: claimed.message_id,
        sid: &imported.message.sid,
        body: imported.message.body.as_deref(),
        at: imported.message.at,
    }
}

/// The record as a message of the history, seen from our side.
fn understand(
    claimed: &ClaimedMessageFetch,
    record: HistoryMessage,
    now: DateTime<Utc>,
) -> Result<ImportedMessage, FetchError> {
    let is_inbound = claimed.direction == MessageDirection::Inbound;
    let own = if is_inbound {
        &claimed.to_address
    } else {
        &claimed.from_address
    };
    let owner = HistoryOwner {
        organization_id: claimed.organization_id,
        phone_number_id: claimed.phone_number_id.ok_or(FetchError::Unreadable)?,
        number: E164::parse(own).map_err(|_| FetchError::Unreadable)?,
        since: None,
        until: None,
        run_id: None,
    };
    // Which side is ours was decided when the event came; of a text between two numbers of the
    // account Twilio's record may be of the other half.
    let word = if is_inbound {
        "inbound"
    } else {
        "outbound-api"
    };
    let record = HistoryMessage {
        direction: Some(word.to_owned()),
        ..record
    };
    match history_message_to_new_util(record, &owner, claimed.created_at, now) {
        ListedMessage::Ours(imported) => Ok(*imported),
        ListedMessage::NotOurs => Err(FetchError::OtherNumbers),
        ListedMessage::Unreadable => Err(FetchError::Unreadable),
    }
}

fn notice(claimed: &ClaimedMessageFetch) -> RealtimeNotice {
    RealtimeNotice::new(
        claimed.organization_id,
        EventKind::MessageStatus,
        claimed.message_id,
    )
}
