use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::{DbErr, FromQueryResult, TransactionTrait};
use uuid::Uuid;

use crate::{
    bases::{
        claim_loop::Turn,
        db::{Db, DbTransaction, describe_db_error, is_outage, outage},
        e164::E164,
        error::AppError,
        ids::{ContactId, MessageId, OrganizationId, PhoneNumberId},
        jobs::back_off,
        realtime::{EventKind, RealtimeNotice, publish_realtime},
        sql,
        state::AppState,
    },
    mods::{
        account::services::resolve_twilio_credentials_service,
        contact::{
            services::{OptOutChange, record_opt_outs_service},
            types::OptOutEvidence,
            utils::opt_out_keyword_util,
        },
        messaging::{
            services::{
                MessageDetails, ResolvedMessage, SendersHalf, StatusChange,
                fill_message_details_service, insert_attachments_service,
                merge_senders_half_service, update_message_statuses_service,
            },
            types::{LogSource, MessageDirection},
        },
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

// Each organization has its turn: what one sends from elsewhere by the thousand does not keep the
// texts of others waiting. The organizations that wait are found by jumps in the index.
//
// A message is taken for 40 s, which is longer than the call: if its node dies, another one tries
// again then. Materialized, because a sub-select may be run more than once, and then gives more
// rows than its limit.
const CLAIM: &str = "
WITH RECURSIVE waiting_of AS (
    (SELECT organization_id FROM message_fetch
     WHERE state = 'pending' ORDER BY organization_id LIMIT 1)
    UNION ALL
    SELECT (SELECT f.organization_id FROM message_fetch f
            WHERE f.state = 'pending' AND f.organization_id > o.organization_id
            ORDER BY f.organization_id LIMIT 1)
    FROM waiting_of o WHERE o.organization_id IS NOT NULL
), wanted AS (
    SELECT w.message_id FROM waiting_of o CROSS JOIN LATERAL (
        SELECT f.organization_id, f.message_id,
               row_number() OVER (ORDER BY f.next_try_at) AS nth
        FROM message_fetch f
        WHERE f.state = 'pending' AND f.organization_id = o.organization_id
          AND f.next_try_at <= now()
        ORDER BY f.next_try_at LIMIT $1) w
    ORDER BY w.nth, w.organization_id <= $2, w.organization_id LIMIT $1
), due AS MATERIALIZED (
    SELECT organization_id, message_id FROM message_fetch
    WHERE message_id = ANY (ARRAY (SELECT message_id FROM wanted))
      AND state = 'pending' AND next_try_at <= now()
    FOR UPDATE SKIP LOCKED
)
UPDATE message_fetch f SET next_try_at = now() + interval '40 seconds', tries = f.tries + 1
FROM due JOIN message m ON m.id = due.message_id
WHERE f.organization_id = due.organization_id AND f.message_id = due.message_id
RETURNING f.organization_id, f.message_id, f.tries, m.external_id AS sid, m.direction,
          m.phone_number_id, m.contact_id, m.from_address, m.to_address, m.num_media, m.created_at
";

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

/// A message that this node reads from Twilio, and nobody else for a while.
#[derive(Debug, Clone, FromQueryResult)]
pub struct ClaimedMessageFetch {
    organization_id: Uuid,
    message_id: Uuid,
    tries: i32,
    sid: Option<String>,
    direction: String,
    phone_number_id: Option<Uuid>,
    contact_id: Uuid,
    from_address: String,
    to_address: String,
    num_media: i32,
    created_at: DateTime<Utc>,
}

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

/// Takes up to `most` messages whose time has come, of the organizations whose turn it is.
pub async fn claim_message_fetches_service(
    db: &Db,
    most: u64,
    turn: &mut Turn,
) -> Result<Vec<ClaimedMessageFetch>, DbErr> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let values = [most.into(), turn.last().into()];
    let claimed = sql::rows::<ClaimedMessageFetch>(db, CLAIM, values).await?;
    turn.pass(claimed.iter().map(|one| one.organization_id));
    Ok(claimed)
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
    let organization = OrganizationId(claimed.organization_id);
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
        store(&transaction, claimed, &imported).await?;
        publish_realtime(&transaction, &[notice(claimed)]).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Whether a number of the account that is not ours sent it to ours: the received half has a SID of
/// its own.
fn is_senders_half(claimed: &ClaimedMessageFetch, record: &HistoryMessage) -> bool {
    let is_sent = |word: &str| word.starts_with("outbound");
    claimed.direction == MessageDirection::Inbound.as_str()
        && record.direction.as_deref().is_some_and(is_sent)
}

fn senders_half<'a>(
    claimed: &ClaimedMessageFetch,
    imported: &'a ImportedMessage,
) -> SendersHalf<'a> {
    SendersHalf {
        organization_id: OrganizationId(claimed.organization_id),
        message_id: MessageId(claimed.message_id),
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
    let is_inbound = claimed.direction == MessageDirection::Inbound.as_str();
    let own = if is_inbound {
        &claimed.to_address
    } else {
        &claimed.from_address
    };
    let owner = HistoryOwner {
        organization_id: OrganizationId(claimed.organization_id),
        phone_number_id: PhoneNumberId(claimed.phone_number_id.ok_or(FetchError::Unreadable)?),
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

async fn store(
    transaction: &DbTransaction,
    claimed: &ClaimedMessageFetch,
    imported: &ImportedMessage,
) -> Result<(), FetchError> {
    let organization = OrganizationId(claimed.organization_id);
    let message_id = MessageId(claimed.message_id);
    let message = &imported.message;
    let news = imported.delivery_news();
    let dedup_key = format!("fetch:{}:{}", news.status, news.error_code.unwrap_or(0));
    let change = StatusChange {
        organization_id: organization,
        sid: Some(message.sid.clone()),
        message_id: None,
        news,
        status_word: imported.odd.as_ref().and_then(|words| words.status.clone()),
        body: message.body.clone(),
        num_segments: message.num_segments,
        source: LogSource::Fetch,
        dedup_key,
        payload: imported.odd.as_ref().map(|words| words.json.clone()),
    };
    update_message_statuses_service(transaction, &[change]).await?;
    if claimed.num_media < message.num_media {
        let with_files = ResolvedMessage {
            id: message_id,
            contact_id: ContactId(claimed.contact_id),
            message,
        };
        insert_attachments_service(transaction, &[with_files]).await?;
    }
    let details = MessageDetails {
        message_id,
        num_segments: message.num_segments,
        price: message.details.price.as_deref(),
        price_unit: message.details.price_unit.as_deref(),
        sent_at: message.details.sent_at,
        num_media: message.num_media,
        at: message.at,
        body: message.body.as_deref(),
    };
    fill_message_details_service(transaction, organization, &[details]).await?;
    let keyword = message
        .body
        .as_deref()
        .filter(|_| message.direction == MessageDirection::Inbound && message.num_media == 0)
        .and_then(opt_out_keyword_util);
    if let Some((keyword, word)) = keyword {
        let change = OptOutChange {
            organization_id: organization,
            phone: message.from_address.clone(),
            sender: message.to_address.clone(),
            at: message.at,
            keyword,
            evidence: OptOutEvidence::Keyword(word),
            message_sid: Some(message.sid.to_string()),
            message_id: Some(message_id),
        };
        record_opt_outs_service(transaction, &[change]).await?;
    }
    Ok(())
}

fn notice(claimed: &ClaimedMessageFetch) -> RealtimeNotice {
    RealtimeNotice::new(
        OrganizationId(claimed.organization_id),
        EventKind::MessageStatus,
        claimed.message_id,
    )
}
