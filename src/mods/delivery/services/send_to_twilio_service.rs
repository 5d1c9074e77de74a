use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, TransactionTrait};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::{SendOutcome, complete_send_service, find_senders_service::find_senders_service};
use crate::{
    bases::{
        error::AppError,
        ids::PhoneNumberId,
        jobs::back_off,
        realtime::{EventKind, RealtimeNotice, publish_realtime},
        sql,
        state::AppState,
    },
    entities::opt_out,
    mods::{
        account::services::resolve_twilio_credentials_service,
        delivery::utils::{
            CallbackOf, OutboundText, SentText, TwilioMessage, create_twilio_message_util,
            find_sent_twilio_message_util, status_callback_url_util,
        },
        messaging::{
            jobs::{
                SendMessageJob,
                UnfinishedTry::{self, NothingSent, OutcomeUnknown},
            },
            types::{LogSource, MessageStatus},
        },
        phone::services::find_live_number_service,
    },
    twilio::{TwilioCredentials, TwilioError},
};

/// Twilio lists a message within seconds of taking it; one that is not listed this long after we
/// began to send was never taken.
const SETTLED_AFTER: TimeDelta = TimeDelta::seconds(60);
/// Events of a message are here by then; the words of one that nobody has told of for longer are
/// all that there is to go by.
const HEARD_OF_AFTER: TimeDelta = TimeDelta::seconds(15);
/// Between two looks at Twilio's list.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(5);
/// After another text with the same words was quicker.
const AFTER_A_CONFLICT: Duration = Duration::from_secs(2);
/// What Twilio has answered is known only here: a database that is away is waited for this long.
const DATABASE_PATIENCE: Duration = Duration::from_secs(3_600);
const BETWEEN_TRIES: Duration = Duration::from_millis(500);
/// The longest pause between two looks when the list could not be had: somebody waits to know.
const LONGEST_UNTIL_LOOK: Duration = Duration::from_secs(30);
/// After this many tries, some two hours, nobody waits for the text any more.
const MAX_TRIES: u32 = 30;
/// A run that comes to its call later than this after it began (its machine stood still, its
/// database was away) may have been given up for dead, and its text taken over by another node.
const LATEST_CALL: Duration = Duration::from_secs(10);

#[derive(FromQueryResult)]
struct Claimed {
    phone_number_id: Option<Uuid>,
    /// The account of that number.
    account_sid: Option<String>,
    from_address: String,
    to_address: String,
    body: String,
    /// When this text began to be sent: by an earlier run, if there was one.
    start: DateTime<Utc>,
    /// When an earlier run began to send, if one did: its outcome is not known.
    earlier_start: Option<DateTime<Utc>>,
    /// The customer has opted out since the text was written.
    has_opted_out: bool,
}

// The time is the database's, since another node may have to judge how long ago it was. The start
// is on disk before the call is made: a run that dies in between is seen by the next.
fn claim_sql() -> String {
    format!(
        "
WITH before AS (
    SELECT id, send_started_at FROM message
    WHERE organization_id = $1 AND id = $2 AND attempt = $3
      AND status = 'queued' AND external_id IS NULL
    FOR UPDATE)
UPDATE message m SET send_started_at = coalesce(before.send_started_at, now())
FROM before WHERE m.id = before.id
RETURNING m.phone_number_id, m.from_address, m.to_address, coalesce(m.body, '') AS body,
          m.send_started_at AS start, before.send_started_at AS earlier_start,
          (SELECT p.twilio_account_sid FROM phone_number p
           WHERE p.id = m.phone_number_id) AS account_sid,
          EXISTS (SELECT 1 FROM contact c
                  WHERE c.id = m.contact_id AND {is_closed}) AS has_opted_out",
        is_closed = opt_out::is_closed("c", "m.from_address"),
    )
}

// A late write, after a database outage, must not clear the start of a run that has begun since: a
// third run would send the text again.
const RELEASE: &str = "
UPDATE message SET send_started_at = NULL, outcome_unknown_at = NULL, delay_reason = $4
WHERE organization_id = $1 AND id = $2 AND attempt = $3 AND send_started_at = $5
";

const UNKNOWN: &str = "
UPDATE message SET outcome_unknown_at = coalesce(outcome_unknown_at, now()), delay_reason = $4
WHERE organization_id = $1 AND id = $2 AND attempt = $3 AND send_started_at = $5
";

/// Hands the message of a job to Twilio, at most once an attempt.
///
/// A run that finds the traces of an earlier one, whose outcome is not known, asks Twilio for the
/// message before it sends.
pub async fn send_to_twilio_service(
    state: &AppState,
    job: &SendMessageJob,
) -> Result<(), AppError> {
    let (begin, begin_by_clock) = (Instant::now(), state.clock.now());
    let Some(claimed) = claim(state, job).await? else {
        return Ok(());
    };
    let start = claimed.start;
    let credentials =
        match resolve_twilio_credentials_service(&state.db, &state.config, job.organization_id)
            .await
        {
            Ok(credentials) => credentials,
            Err(AppError::Conflict { message }) if claimed.earlier_start.is_none() => {
                return refuse(state, job, None, message).await;
            }
            Err(AppError::Conflict { .. }) => {
                return put_off(state, job, start, None, OutcomeUnknown, None).await;
            }
            Err(error) => return Err(error),
        };
    let is_of_account = claimed.account_sid.as_ref() == Some(&credentials.account_sid);
    if claimed.earlier_start.is_some() && !is_of_account {
        // Another account knows nothing of it.
        return put_off(state, job, start, None, OutcomeUnknown, None).await;
    }
    let status_callback = status_callback_url_util(&state.config.public_url, callback_of(job));
    let text = OutboundText {
        to: &claimed.to_address,
        from: &claimed.from_address,
        body: &claimed.body,
        status_callback: &status_callback,
    };
    let why_not = match claimed.earlier_start {
        None => why_not(state, job, claimed.phone_number_id).await?,
        Some(_) => None,
    };
    if let Some(message) = why_not {
        return refuse(state, job, None, message).await;
    }
    match claimed.earlier_start {
        None if claimed.has_opted_out => {
            let message = "The customer opted out before this was sent.".to_owned();
            refuse(state, job, None, message).await
        }
        None if begin.elapsed() > LATEST_CALL
            // A machine that stood still may not have counted that.
            || (state.clock.now() - begin_by_clock).to_std().is_ok_and(|late| late > LATEST_CALL) =>
        {
            put_off(
                state,
                job,
                start,
                Some(LOOK_AGAIN_AFTER),
                OutcomeUnknown,
                None,
            )
            .await
        }
        None => send(state, job, start, &credentials, &text).await,
        Some(_) => settle(state, job, start, &credentials, &text).await,
    }
}

/// Why the text may not go out from its number: it was suspended or removed since.
async fn why_not(
    state: &AppState,
    job: &SendMessageJob,
    number: Option<Uuid>,
) -> Result<Option<String>, AppError> {
    let gone = || Some("The number that was to send this is not in Loquent any more.".to_owned());
    let Some(number) = number else {
        return Ok(gone());
    };
    let (organization, id) = (job.organization_id, PhoneNumberId(number));
    match find_live_number_service(
        &state.db,
        state.config.shared_account_sid(),
        organization,
        id,
    )
    .await
    {
        Ok(_) => Ok(None),
        Err(AppError::Conflict { message }) => Ok(Some(message)),
        Err(AppError::NotFound { .. }) => Ok(gone()),
        Err(error) => Err(error),
    }
}

/// What the status callbacks of the job's attempt carry.
fn callback_of(job: &SendMessageJob) -> CallbackOf {
    CallbackOf {
        message_id: job.message_id,
        attempt: job.attempt,
    }
}

async fn claim(state: &AppState, job: &SendMessageJob) -> Result<Option<Claimed>, AppError> {
    let values = [
        job.organization_id.0.into(),
        job.message_id.0.into(),
        job.attempt.into(),
    ];
    Ok(sql::row::<Claimed>(&state.db, claim_sql(), values).await?)
}

async fn send(
    state: &AppState,
    job: &SendMessageJob,
    start: DateTime<Utc>,
    credentials: &TwilioCredentials,
    text: &OutboundText<'_>,
) -> Result<(), AppError> {
    let base_url = &state.config.twilio_api_base_url;
    match create_twilio_message_util(&state.http, base_url, credentials, text).await {
        Ok(message) => accept(state, job, message).await,
        Err(TwilioError::Refused { code, message, .. }) => refuse(state, job, code, message).await,
        Err(TwilioError::RateLimited {
            retry_after,
            code,
            message,
        }) => {
            tracing::warn!(message_id = %job.message_id, ?code, "Twilio limits the rate; the text waits");
            // Many tries in a short time would use up those that the text has.
            let wait = retry_after.unwrap_or_default().max(back_off(job.tries));
            let delay = Delay { code, message };
            put_off(state, job, start, Some(wait), NothingSent, Some(delay)).await
        }
        Err(error @ TwilioError::NotReached(_)) => {
            tracing::warn!(message_id = %job.message_id, %error, "the text waits for Twilio");
            let delay = Delay {
                code: None,
                message: error.to_string(),
            };
            put_off(state, job, start, None, NothingSent, Some(delay)).await
        }
        // A call that creates follows no link and needs no confirmation; if it were so, nothing
        // would be known.
        Err(
            error @ (TwilioError::OutcomeUnknown(_)
            | TwilioError::ForeignLink(_)
            | TwilioError::NotConfirmed(_)),
        ) => {
            tracing::warn!(message_id = %job.message_id, %error, "asking Twilio whether it has the text");
            put_off(
                state,
                job,
                start,
                Some(LOOK_AGAIN_AFTER),
                OutcomeUnknown,
                None,
            )
            .await
        }
    }
}

/// Finds out what became of a send whose answer was lost.
async fn settle(
    state: &AppState,
    job: &SendMessageJob,
    start: DateTime<Utc>,
    credentials: &TwilioCredentials,
    text: &OutboundText<'_>,
) -> Result<(), AppError> {
    // What is listed is what Twilio knew now; reading it may take long.
    let asked = state.clock.now();
    let base_url = &state.config.twilio_api_base_url;
    let found = match find_sent_twilio_message_util(&state.http, base_url, credentials, text, start)
        .await
    {
        Ok(found) => found,
        Err(TwilioError::RateLimited { retry_after, .. }) => {
            return put_off(state, job, start, retry_after, OutcomeUnknown, None).await;
        }
        // Also a refusal (a changed token): it says nothing of the text.
        Err(_) => return put_off(state, job, start, None, OutcomeUnknown, None).await,
    };
    let unclaimed = unclaimed(state, job, found, start).await?;
    match judge(
        state,
        job,
        &credentials.account_sid,
        unclaimed,
        (start, asked),
    )
    .await?
    {
        Verdict::Sent(message) => match accept(state, job, message).await {
            Ok(()) => Ok(()),
            // Most likely another text of ours with the same words has just taken it: there is one
            // less to choose from now. (If the database is gone, this cannot be written either.)
            Err(error) => {
                tracing::info!(message_id = %job.message_id, %error, "the SID could not be stored; looking again");
                put_off(
                    state,
                    job,
                    start,
                    Some(AFTER_A_CONFLICT),
                    OutcomeUnknown,
                    None,
                )
                .await
            }
        },
        Verdict::NeverSent => {
            tracing::info!(message_id = %job.message_id, "Twilio never had the text; sending it now");
            put_off(state, job, start, Some(Duration::ZERO), NothingSent, None).await
        }
        Verdict::Unknown => {
            put_off(
                state,
                job,
                start,
                Some(LOOK_AGAIN_AFTER),
                OutcomeUnknown,
                None,
            )
            .await
        }
    }
}

/// What Twilio's list and the events say of a send whose answer was lost.
enum Verdict {
    /// This is it.
    Sent(TwilioMessage),
    /// Twilio never had it.
    NeverSent,
    /// It is too early to say.
    Unknown,
}

/// Another platform may say the same to the same customer: taken for ours, the customer would get
/// one text where there were two. Events tell them apart, as those of ours carry our id.
async fn judge(
    state: &AppState,
    job: &SendMessageJob,
    account_sid: &str,
    candidates: Vec<SentText>,
    (started, asked): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Verdict, AppError> {
    let sids = candidates
        .iter()
        .map(|text| text.message.sid.to_string())
        .collect();
    let is_ours = find_senders_service(
        &state.db,
        job.organization_id,
        account_sid,
        sids,
        callback_of(job),
    )
    .await?;
    let waited = asked - started;
    let mut unheard = None;
    for text in candidates {
        match is_ours.get(text.message.sid.as_str()) {
            Some(true) => return Ok(Verdict::Sent(text.message)),
            Some(false) => {}
            None => unheard = unheard.or(Some(text)),
        }
    }
    Ok(match unheard {
        Some(text) => {
            let is_old = asked - text.created >= HEARD_OF_AFTER && waited >= HEARD_OF_AFTER;
            // Whatever the difference between the clocks.
            if is_old || waited > SETTLED_AFTER + HEARD_OF_AFTER {
                Verdict::Sent(text.message)
            } else {
                Verdict::Unknown
            }
        }
        None if waited > SETTLED_AFTER => Verdict::NeverSent,
        None => Verdict::Unknown,
    })
}

#[derive(FromQueryResult)]
struct Sid {
    sid: String,
}

// The same text may have been sent twice on purpose: a SID that has its row is not ours to take,
// unless that row was made from an early event and is really this message. One that was heard of
// before this send began, by our own clock, is of another platform, whatever its words. Nor may an
// earlier attempt be taken for this one.
const CLAIMED: &str = "
SELECT m.external_id AS sid FROM message m
WHERE m.organization_id = $1 AND m.external_id = ANY ($2) AND m.id <> $3
  AND (m.source = 'loquent' OR EXISTS (
      SELECT 1 FROM message_event e
      WHERE e.organization_id = $1 AND e.message_id = m.id AND e.received_at < $4))
UNION ALL
SELECT a.external_id FROM message_attempt a
WHERE a.organization_id = $1 AND a.external_id = ANY ($2)
";

/// Those that are not known to be another message.
async fn unclaimed(
    state: &AppState,
    job: &SendMessageJob,
    found: Vec<SentText>,
    started: DateTime<Utc>,
) -> Result<Vec<SentText>, AppError> {
    let sids: Vec<String> = found
        .iter()
        .map(|text| text.message.sid.to_string())
        .collect();
    let values = [
        job.organization_id.0.into(),
        sids.into(),
        job.message_id.0.into(),
        started.into(),
    ];
    let claimed = sql::rows::<Sid>(&state.db, CLAIMED, values).await?;
    let is_claimed = |text: &SentText| {
        claimed
            .iter()
            .any(|other| other.sid == text.message.sid.as_str())
    };
    Ok(found.into_iter().filter(|text| !is_claimed(text)).collect())
}

async fn accept(
    state: &AppState,
    job: &SendMessageJob,
    message: TwilioMessage,
) -> Result<(), AppError> {
    let status = message.status.parse().unwrap_or(MessageStatus::Queued);
    let payload = serde_json::json!({
        "sid": message.sid, "status": message.status, "num_segments": message.num_segments,
        "error_code": message.error_code, "error_message": message.error_message,
    });
    let num_segments = message.num_segments.and_then(|n| n.parse().ok());
    let outcome = SendOutcome::Accepted {
        sid: message.sid,
        status,
        error: message.error_code.map(|code| (code, message.error_message)),
        num_segments,
        payload: payload.to_string(),
    };
    complete(state, job, outcome).await
}

async fn refuse(
    state: &AppState,
    job: &SendMessageJob,
    code: Option<i32>,
    message: String,
) -> Result<(), AppError> {
    tracing::info!(message_id = %job.message_id, ?code, "the text cannot be sent");
    complete(state, job, SendOutcome::Refused { code, message }).await
}

async fn complete(
    state: &AppState,
    job: &SendMessageJob,
    outcome: SendOutcome,
) -> Result<(), AppError> {
    let (state, job) = (state.clone(), job.clone());
    persist(move || store(state.clone(), job.clone(), outcome.clone())).await
}

/// Writes what Twilio has said, however long the database is away: it cannot be asked again whether
/// it has taken a text, or not for a minute. A worker that loses the database ends its jobs; this
/// goes on.
async fn persist<F>(write: impl Fn() -> F + Send + 'static) -> Result<(), AppError>
where
    F: Future<Output = Result<(), AppError>> + Send + 'static,
{
    let written = tokio::spawn(async move {
        let deadline = Instant::now() + DATABASE_PATIENCE;
        loop {
            match write().await {
                Err(AppError::Unavailable) if Instant::now() < deadline => {
                    tracing::warn!("what Twilio said of a text could not be stored; trying again");
                }
                ended => return ended,
            }
            sleep(BETWEEN_TRIES).await;
        }
    });
    written.await.unwrap_or_else(|error| {
        tracing::error!(%error, "storing what Twilio said of a text broke down");
        Err(AppError::Internal)
    })
}

async fn store(state: AppState, job: SendMessageJob, outcome: SendOutcome) -> Result<(), AppError> {
    let transaction = state.db.begin().await?;
    let now = state.clock.now();
    complete_send_service(
        &transaction,
        job.organization_id,
        job.message_id,
        job.attempt,
        outcome,
        now,
    )
    .await?;
    transaction.commit().await?;
    Ok(())
}

/// Why Twilio did not take a text yet.
#[derive(Clone)]
struct Delay {
    code: Option<i32>,
    message: String,
}

/// Tries again later: after `wait`, else with growing pauses. Somebody waits to see the text go out:
/// the thread says why it waits, and the delivery log keeps Twilio's words.
async fn put_off(
    state: &AppState,
    job: &SendMessageJob,
    start: DateTime<Utc>,
    wait: Option<Duration>,
    unfinished: UnfinishedTry,
    delay: Option<Delay>,
) -> Result<(), AppError> {
    let next = job.next(unfinished);
    if next.tries > MAX_TRIES {
        let code = delay.as_ref().and_then(|delay| delay.code);
        let last = delay.map_or(String::new(), |delay| {
            format!(" It said: {}", delay.message)
        });
        let message = format!("Twilio could not take it for two hours.{last}");
        return refuse(state, job, code, message).await;
    }
    let pause = match unfinished {
        NothingSent => back_off(job.tries),
        OutcomeUnknown => back_off(job.looks).min(LONGEST_UNTIL_LOOK),
    };
    let wait = wait.unwrap_or(pause);
    let (state, job) = (state.clone(), job.clone());
    persist(move || {
        note_unfinished(
            state.clone(),
            job.clone(),
            start,
            wait,
            unfinished,
            delay.clone(),
        )
    })
    .await
}

async fn note_unfinished(
    state: AppState,
    job: SendMessageJob,
    start: DateTime<Utc>,
    wait: Duration,
    unfinished: UnfinishedTry,
    delay: Option<Delay>,
) -> Result<(), AppError> {
    let note = match unfinished {
        NothingSent => RELEASE,
        OutcomeUnknown => UNKNOWN,
    };
    let transaction = state.db.begin().await?;
    let values = [
        job.organization_id.0.into(),
        job.message_id.0.into(),
        job.attempt.into(),
        delay.as_ref().map(in_words).into(),
        start.into(),
    ];
    // No row: another run has begun since. The next job asks Twilio for the outcome.
    let is_noted = sql::run(&transaction, note, values).await? > 0;
    if let Some(delay) = delay.as_ref().filter(|_| is_noted) {
        log_delay(&transaction, &job, delay).await?;
    }
    if is_noted && (delay.is_some() || unfinished == OutcomeUnknown) {
        let notice = RealtimeNotice::new(
            job.organization_id,
            EventKind::MessageStatus,
            job.message_id.0,
        );
        publish_realtime(&transaction, &[notice]).await?;
    }
    job.next(unfinished).enqueue(&transaction, wait).await?;
    transaction.commit().await?;
    Ok(())
}

fn in_words(delay: &Delay) -> String {
    match delay.code {
        Some(code) => format!("{} ({code})", delay.message),
        None => delay.message.clone(),
    }
}

// Once an attempt for each code: there may be dozens of tries.
const LOG_DELAY: &str = "
INSERT INTO message_event
    (organization_id, message_id, status, source, applied, error_code, error_message, dedup_key,
     occurred_at)
SELECT m.organization_id, m.id, m.status, $4, true, $5, $6, $7, now()
FROM message m WHERE m.organization_id = $1 AND m.id = $2 AND m.attempt = $3
ON CONFLICT (organization_id, message_id, dedup_key) DO NOTHING
";

async fn log_delay(
    conn: &impl ConnectionTrait,
    job: &SendMessageJob,
    delay: &Delay,
) -> Result<(), DbErr> {
    let code = delay
        .code
        .map_or("none".to_owned(), |code| code.to_string());
    let values = [
        job.organization_id.0.into(),
        job.message_id.0.into(),
        job.attempt.into(),
        LogSource::Send.as_str().into(),
        delay.code.into(),
        delay.message.clone().into(),
        format!("delay:{}:{code}", job.attempt).into(),
    ];
    sql::run(conn, LOG_DELAY, values).await.map(drop)
}
