use std::time::Duration;

use sea_orm::{ConnectionTrait, DbErr};
use serde::{Deserialize, Serialize};

use crate::bases::{
    ids::{MessageId, OrganizationId},
    jobs::enqueue_job,
};

/// The state of an unfinished try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnfinishedTry {
    /// Twilio does not have the text: the next run may send it.
    NothingSent,
    /// Twilio may have it: the next run asks.
    OutcomeUnknown,
}

/// Hands one message to Twilio. Safe to run twice: a message goes out at most once an attempt.
///
/// The room `delivery` runs it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendMessageJob {
    pub organization_id: OrganizationId,
    pub message_id: MessageId,
    /// The attempt that this job is about; a job of an earlier one does nothing.
    pub attempt: i32,
    /// How often this attempt was put off because Twilio could not be reached or was busy.
    pub tries: u32,
    /// How often Twilio was asked what became of the last try; not counted as tries.
    #[serde(default)]
    pub looks: u32,
}

impl SendMessageJob {
    /// The first job of an attempt.
    pub fn first(organization_id: OrganizationId, message_id: MessageId, attempt: i32) -> Self {
        Self {
            organization_id,
            message_id,
            attempt,
            tries: 0,
            looks: 0,
        }
    }

    /// The job that continues after a try that was put off.
    pub fn next(&self, unfinished: UnfinishedTry) -> Self {
        let (tries, looks) = match unfinished {
            UnfinishedTry::NothingSent => (self.tries + 1, 0),
            UnfinishedTry::OutcomeUnknown => (self.tries, self.looks + 1),
        };
        Self {
            tries,
            looks,
            ..self.clone()
        }
    }

    /// Enqueues the job in the caller's transaction, to run after `wait`.
    pub async fn enqueue(&self, conn: &impl ConnectionTrait, wait: Duration) -> Result<(), DbErr> {
        enqueue_job(
            conn,
            self,
            &format!("send_message:{}", self.message_id),
            wait,
        )
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_at_twilios_list_use_up_no_tries() {
        let mut job = SendMessageJob::first(OrganizationId::new(), MessageId::new(), 1);
        for _ in 0..100 {
            job = job.next(UnfinishedTry::OutcomeUnknown);
        }
        assert_eq!((job.tries, job.looks), (0, 100));
        let job = job.next(UnfinishedTry::NothingSent);
        assert_eq!((job.tries, job.looks), (1, 0));
    }
}
