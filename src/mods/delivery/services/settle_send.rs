//! What became of a send whose answer was lost: Twilio is asked before the text is sent again.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::FromQueryResult;

use super::{
    find_senders_service::find_senders_service, put_off_send::LOOK_AGAIN_AFTER, send_run::SendRun,
};
use crate::{
    bases::error::AppError,
    mods::{
        delivery::utils::{OutboundText, SentText, TwilioMessage, find_sent_twilio_message_util},
        messaging::services::find_known_sids,
    },
    twilio::{TwilioCredentials, TwilioError},
};

/// Twilio lists a message within seconds of taking it; one that is not listed this long after we
/// began to send was never taken.
const SETTLED_AFTER: TimeDelta = TimeDelta::seconds(60);
/// Events of a message are here by then; the words of one that nobody has told of for longer are
/// all that there is to go by.
const HEARD_OF_AFTER: TimeDelta = TimeDelta::seconds(15);
/// After another text with the same words was quicker.
const AFTER_A_CONFLICT: Duration = Duration::from_secs(2);

const IS_OTHER: &str = "
coalesce(m.source = 'loquent', false) OR EXISTS (
    SELECT 1 FROM message_event e
    WHERE e.organization_id = $1 AND e.message_id = m.id AND e.received_at < $3) AS is_other
";

#[derive(FromQueryResult)]
struct OtherText {
    /// A text of ours, or one that was heard of before `$3`.
    is_other: bool,
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

impl SendRun {
    /// Finds out what became of the send of an earlier run.
    pub(super) async fn settle(
        &self,
        credentials: &TwilioCredentials,
        text: &OutboundText<'_>,
    ) -> Result<(), AppError> {
        let message_id = self.job.message_id;
        // What is listed is what Twilio knew now; reading it may take long.
        let asked = self.state.clock.now();
        let (http, base_url) = (&self.state.http, &self.state.config.twilio_api_base_url);
        let listed =
            find_sent_twilio_message_util(http, base_url, credentials, text, self.start).await;
        let found = match listed {
            Ok(found) => found,
            Err(TwilioError::RateLimited { retry_after, .. }) => {
                return self.look_again(retry_after).await;
            }
            // Also a refusal (a changed token): it says nothing of the text.
            Err(_) => return self.look_again(None).await,
        };
        let candidates = self.unclaimed(found).await?;
        match self
            .judge(&credentials.account_sid, candidates, asked)
            .await?
        {
            Verdict::Sent(message) => match self.accept(message).await {
                Ok(()) => Ok(()),
                // Most likely another text of ours with the same words has just taken it: there is
                // one less to choose from now. (If the database is gone, this cannot be written
                // either.)
                Err(error) => {
                    tracing::info!(%message_id, %error, "the SID could not be stored; looking again");
                    self.look_again(Some(AFTER_A_CONFLICT)).await
                }
            },
            Verdict::NeverSent => {
                tracing::info!(%message_id, "Twilio never had the text; sending it now");
                self.send_again(Some(Duration::ZERO), None).await
            }
            Verdict::Unknown => self.look_again(Some(LOOK_AGAIN_AFTER)).await,
        }
    }

    /// Another platform may say the same to the same customer: taken for ours, the customer would
    /// get one text where there were two. Events tell them apart, as those of ours carry our id.
    async fn judge(
        &self,
        account_sid: &str,
        candidates: Vec<SentText>,
        asked: DateTime<Utc>,
    ) -> Result<Verdict, AppError> {
        let is_ours = find_senders_service(
            &self.state.db,
            self.job.organization_id,
            account_sid,
            sids_of(&candidates),
            self.callback(),
        )
        .await?;
        let waited = asked - self.start;
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

    /// Those that are not known to be another message: the same text may have been sent twice on
    /// purpose. A row that was made from an early event may really be this message; but not if it
    /// was heard of before this send began, by our own clock. Nor may an earlier attempt be taken
    /// for this one.
    async fn unclaimed(&self, found: Vec<SentText>) -> Result<Vec<SentText>, AppError> {
        let (organization, more) = (self.job.organization_id, [self.start.into()]);
        let sids = sids_of(&found);
        let known =
            find_known_sids::<OtherText>(&self.state.db, organization, sids, IS_OTHER, more)
                .await?;
        let is_other = |text: &SentText| {
            known.get(text.message.sid.as_str()).is_some_and(|known| {
                let is_this = known.message_id == self.job.message_id;
                known.is_earlier_attempt || (known.row.is_other && !is_this)
            })
        };
        Ok(found.into_iter().filter(|text| !is_other(text)).collect())
    }
}

fn sids_of(texts: &[SentText]) -> Vec<String> {
    let sids = texts.iter().map(|text| text.message.sid.to_string());
    sids.collect()
}
