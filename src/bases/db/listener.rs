//! Listening to NOTIFY, and noticing a dead connection.

use std::time::Duration;

use futures::FutureExt;
use sqlx::{
    AssertSqlSafe, Executor,
    postgres::{PgListener, PgNotification, PgPoolOptions},
};
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

use super::{
    Db,
    connect::settle,
    limit::{ACQUIRE_TIMEOUT, PING_LIMIT},
    within,
};

/// How often the listener notifies itself.
const HEARTBEAT: Duration = Duration::from_secs(3);

/// Listens to a channel on a connection of its own.
///
/// A connection that only listens sends nothing, so nothing tells it that it is dead. Hence the
/// heartbeat: the listener notifies itself. If it has not heard the last heartbeat when it sends
/// the next one, the connection is dead, or a pooler in between does not pass notifications on.
pub struct Listener {
    inner: PgListener,
    channel: String,
    own_channel: String,
    next_beat: Instant,
    is_answered: bool,
    is_lost: bool,
}

impl Listener {
    /// Connects and listens.
    pub async fn open(db: &Db, channel: &str) -> Result<Self, sqlx::Error> {
        let options = db.get_postgres_connection_pool().connect_options();
        let own_channel = format!("loquent_alive_{}", Uuid::now_v7().simple());
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .max_lifetime(None)
            .idle_timeout(None)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .after_connect(|connection, _| Box::pin(within(ACQUIRE_TIMEOUT, settle(connection))))
            .connect_lazy_with((*options).clone());
        let listen = async {
            let mut inner = PgListener::connect_with(&pool).await?;
            // The caller must notice a lost connection and open a new listener.
            inner.eager_reconnect(false);
            inner.listen(&own_channel).await?;
            inner.listen(channel).await?;
            Ok::<_, sqlx::Error>(inner)
        };
        Ok(Self {
            inner: within(ACQUIRE_TIMEOUT, listen).await?,
            channel: channel.to_owned(),
            own_channel,
            next_beat: Instant::now(),
            is_answered: true,
            is_lost: false,
        })
    }

    /// Waits for the next notification. An error ends the listener: something may have been missed.
    /// Safe to cancel.
    pub async fn next(&mut self) -> Result<PgNotification, sqlx::Error> {
        while !self.is_lost {
            tokio::select! {
                heard = self.inner.try_recv() => {
                    if let Some(heard) = self.of_others(heard?.ok_or_else(lost)?) {
                        return Ok(heard);
                    }
                }
                () = sleep_until(self.next_beat) => self.beat().await?,
            }
        }
        Err(lost())
    }

    /// The next notification if it is here already. An error comes with the next wait.
    pub fn next_if_here(&mut self) -> Option<PgNotification> {
        loop {
            let Ok(Some(heard)) = self.inner.try_recv().now_or_never()? else {
                // The library would reconnect silently at the next call.
                self.is_lost = true;
                return None;
            };
            if let Some(heard) = self.of_others(heard) {
                return Some(heard);
            }
        }
    }

    fn of_others(&mut self, heard: PgNotification) -> Option<PgNotification> {
        let is_own = heard.channel() == self.own_channel;
        self.is_answered |= is_own;
        (!is_own).then_some(heard)
    }

    async fn beat(&mut self) -> Result<(), sqlx::Error> {
        if !std::mem::replace(&mut self.is_answered, false) {
            return Err(sqlx::Error::Protocol(
                "the listener does not hear itself: the line is silent, or a pooler in between \
                 works in transaction mode"
                    .to_owned(),
            ));
        }
        // Soon enough for the next one even if this answer is slow.
        self.next_beat = Instant::now() + HEARTBEAT;
        // The comment names this connection in the server's activity.
        let say = format!(
            "SELECT pg_notify('{}', '') -- {} heartbeat",
            self.own_channel, self.channel
        );
        within(PING_LIMIT * 2, self.inner.execute(AssertSqlSafe(say))).await?;
        Ok(())
    }
}

fn lost() -> sqlx::Error {
    sqlx::Error::Protocol("the connection was lost".to_owned())
}
