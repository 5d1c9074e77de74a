//! A text whose end is not known yet: the next job sends it again, or looks for it again.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DbErr, TransactionTrait};

use super::{send_run::SendRun, store_send::persist};
use crate::{
    bases::{
        error::AppError,
        jobs::back_off,
        realtime::{EventKind, RealtimeNotice, publish_realtime},
        sql,
    },
    entities::states::LogSource,
    mods::messaging::jobs::{
        SendMessageJob,
        UnfinishedTry::{self, NothingSent, OutcomeUnknown},
    },
};

/// Between two looks at Twilio's list.
pub(super) const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(5);
/// The longest pause between two looks after the fetch of the list failed: somebody waits to know.
const LONGEST_UNTIL_LOOK: Duration = Duration::from_secs(30);
/// After this many tries, some two hours, nobody waits for the text any more.
const MAX_TRIES: u32 = 30;

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

/// Why Twilio did not take a text yet.
#[derive(Clone)]
pub(super) struct Delay {
    pub code: Option<i32>,
    pub message: String,
}

impl Delay {
    fn in_words(&self) -> String {
        match self.code {
            Some(code) => format!("{} ({code})", self.message),
            None => self.message.clone(),
        }
    }
}

impl SendRun {
    /// Twilio does not have the text: sends it again, after `wait`, else with growing pauses.
    pub(super) async fn send_again(
        &self,
        wait: Option<Duration>,
        delay: Option<Delay>,
    ) -> Result<(), AppError> {
        self.put_off(wait, NothingSent, delay).await
    }

    /// Twilio may have the text: the next run asks for it.
    pub(super) async fn look_again(&self, wait: Option<Duration>) -> Result<(), AppError> {
        self.put_off(wait, OutcomeUnknown, None).await
    }

    /// Somebody waits to see the text go out: the thread says why it waits, and the delivery log
    /// keeps Twilio's words.
    async fn put_off(
        &self,
        wait: Option<Duration>,
        unfinished: UnfinishedTry,
        delay: Option<Delay>,
    ) -> Result<(), AppError> {
        let job = &self.job;
        if job.next(unfinished).tries > MAX_TRIES {
            let code = delay.as_ref().and_then(|delay| delay.code);
            let last = delay.map_or(String::new(), |delay| {
                format!(" It said: {}", delay.message)
            });
            let message = format!("Twilio could not take it for two hours.{last}");
            return self.refuse(code, message).await;
        }
        let pause = match unfinished {
            NothingSent => back_off(job.tries),
            OutcomeUnknown => back_off(job.looks).min(LONGEST_UNTIL_LOOK),
        };
        let wait = wait.unwrap_or(pause);
        let run = self.clone();
        persist(move || run.clone().note(wait, unfinished, delay.clone())).await
    }

    async fn note(
        self,
        wait: Duration,
        unfinished: UnfinishedTry,
        delay: Option<Delay>,
    ) -> Result<(), AppError> {
        let job = &self.job;
        let note = match unfinished {
            NothingSent => RELEASE,
            OutcomeUnknown => UNKNOWN,
        };
        let transaction = self.state.db.begin().await?;
        let values = [
            job.organization_id.into(),
            job.message_id.into(),
            job.attempt.into(),
            delay.as_ref().map(Delay::in_words).into(),
            self.start.into(),
        ];
        // No row: another run has begun since. The next job asks Twilio for the outcome.
        let is_noted = sql::run(&transaction, note, values).await? > 0;
        if let Some(delay) = delay.as_ref().filter(|_| is_noted) {
            log_delay(&transaction, job, delay).await?;
        }
        if is_noted && (delay.is_some() || unfinished == OutcomeUnknown) {
            let (organization, id) = (job.organization_id, job.message_id);
            let notice = RealtimeNotice::new(organization, EventKind::MessageStatus, id);
            publish_realtime(&transaction, &[notice]).await?;
        }
        job.next(unfinished).enqueue(&transaction, wait).await?;
        transaction.commit().await?;
        Ok(())
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
        job.organization_id.into(),
        job.message_id.into(),
        job.attempt.into(),
        LogSource::Send.into(),
        delay.code.into(),
        delay.message.clone().into(),
        format!("delay:{}:{code}", job.attempt).into(),
    ];
    sql::run(conn, LOG_DELAY, values).await.map(drop)
}
