use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement};
use serde::Deserialize;

use crate::{
    bases::{ids::TwilioEventId, sql},
    mods::account::services::account_changes::AccountAccess,
    twilio::{TwilioError, send_sink_test},
};

/// Twilio's usual latency is about 2 s; past this the address is most likely not reachable.
const PATIENCE: Duration = Duration::from_secs(12);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(150);
/// Type of the event that a sink's test sends.
pub const TEST_EVENT_TYPE: &str = "com.twilio.eventstreams.test-event";

/// A test event on its way through Twilio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestEvent {
    /// None if it did not arrive.
    pub test_id: Option<String>,
    pub took: Duration,
}

#[derive(FromQueryResult)]
struct Newest {
    id: TwilioEventId,
}

#[derive(FromQueryResult)]
struct Arrived {
    payload: String,
}

#[derive(Deserialize)]
struct Payload {
    data: Option<Data>,
}

#[derive(Deserialize)]
struct Data {
    test_id: Option<String>,
}

// By the primary key: what is newer than the newest is little.
const ARRIVED: &str = "
SELECT payload FROM twilio_event
WHERE id > $1 AND account_sid = $2 AND event_type = $3 ORDER BY id LIMIT 1
";

/// Lets Twilio send a test event, and waits until it has gone through the webhook, its signature
/// checked, and is stored.
pub async fn exchange_test_event_service(
    account: &AccountAccess,
    sink_sid: &str,
) -> Result<TestEvent, TwilioError> {
    let state = &account.state;
    let newest = newest_event(&state.db).await.map_err(unreadable)?;
    let began = Instant::now();
    send_sink_test(&state.http, &state.config, &account.credentials, sink_sid).await?;
    loop {
        let arrived = arrived_since(account, newest).await.map_err(unreadable)?;
        if arrived.is_some() || began.elapsed() > PATIENCE {
            return Ok(TestEvent {
                test_id: arrived,
                took: began.elapsed(),
            });
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn newest_event(conn: &impl ConnectionTrait) -> Result<TwilioEventId, DbErr> {
    let newest = "SELECT COALESCE(max(id), 0) AS id FROM twilio_event";
    let newest = Statement::from_string(conn.get_database_backend(), newest);
    let newest = Newest::find_by_statement(newest).one(conn).await?;
    Ok(newest.map_or(TwilioEventId(0), |newest| newest.id))
}

/// The `test_id` of a test event of the account; empty if it has none.
async fn arrived_since(
    account: &AccountAccess,
    newest: TwilioEventId,
) -> Result<Option<String>, DbErr> {
    let values = [
        newest.into(),
        account.account_sid().into(),
        TEST_EVENT_TYPE.into(),
    ];
    let db = &account.state.db;
    let arrived = sql::row::<Arrived>(db, ARRIVED, values).await?;
    Ok(arrived.map(|arrived| {
        let payload: Option<Payload> = serde_json::from_str(&arrived.payload).ok();
        let data = payload.and_then(|payload| payload.data);
        data.and_then(|data| data.test_id).unwrap_or_default()
    }))
}

fn unreadable(error: DbErr) -> TwilioError {
    tracing::error!(%error, "stored events could not be looked at");
    TwilioError::NotConfirmed("Loquent's database does not answer just now.".to_owned())
}
