use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::{
    bases::{error::AppError, sql},
    mods::{account::types::EventForwarding, twilio::services::forwarding::TEST_EVENT_TYPE},
};

/// Days of an account's tally that are read: a type that did not come for longer shows none.
const DAYS: i32 = 60;

// At most a row for each type and day.
const TALLY: &str = "
SELECT event_type, max(last_received_at) AS last_received_at,
       COALESCE(sum(events) FILTER (WHERE day = $2), 0)::bigint AS events_today
FROM twilio_event_tally
WHERE account_sid = $1 AND day > $2 - $3::int
GROUP BY event_type
";

#[derive(FromQueryResult)]
struct Tally {
    event_type: String,
    last_received_at: DateTime<Utc>,
    events_today: i64,
}

/// Adds when the last event of each type came and how many came today, up to now.
pub async fn add_event_times_service(
    conn: &impl ConnectionTrait,
    account_sid: &str,
    today: NaiveDate,
    forwarding: &mut EventForwarding,
) -> Result<(), AppError> {
    let values = [account_sid.into(), today.into(), DAYS.into()];
    let tallies = sql::rows::<Tally>(conn, TALLY, values).await?;
    let mut tallies: HashMap<String, Tally> = tallies
        .into_iter()
        .map(|tally| (tally.event_type.clone(), tally))
        .collect();
    let test = tallies.remove(TEST_EVENT_TYPE);
    forwarding.last_test_event_at = test.map(|tally| tally.last_received_at);
    for of_type in &mut forwarding.types {
        let tally = tallies.get(&of_type.event_type);
        of_type.last_event_at = tally.map(|tally| tally.last_received_at);
    }
    let ours = |tally: &&Tally| {
        let mut types = forwarding.types.iter();
        types.any(|of_type| of_type.event_type == tally.event_type)
    };
    let events_today: i64 = tallies
        .values()
        .filter(ours)
        .map(|tally| tally.events_today)
        .sum();
    forwarding.events_today = Some(events_today.unsigned_abs());
    forwarding.last_event_at = forwarding
        .types
        .iter()
        .filter_map(|of_type| of_type.last_event_at)
        .max();
    Ok(())
}
