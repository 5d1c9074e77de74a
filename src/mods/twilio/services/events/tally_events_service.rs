use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use super::event_batch::Stored;
use crate::bases::sql;

// In the order of the key, so that two batches cannot deadlock.
const TALLY: &str = "
INSERT INTO twilio_event_tally (account_sid, event_type, day, events, last_received_at)
SELECT * FROM unnest($1::text[], $2::text[], $3::date[], $4::bigint[], $5::timestamptz[])
    AS t (account_sid, event_type, day, events, last_received_at)
ORDER BY account_sid, event_type, day
ON CONFLICT (account_sid, event_type, day) DO UPDATE
SET events = twilio_event_tally.events + EXCLUDED.events,
    last_received_at = greatest(twilio_event_tally.last_received_at, EXCLUDED.last_received_at)
";

/// Counts events by account, type and day, and notes when the last of each came. It is the last
/// statement of its transaction, because it locks rows that other batches want too.
pub(super) async fn tally_events_service<'a>(
    conn: &impl ConnectionTrait,
    events: impl Iterator<Item = &'a Stored>,
) -> Result<(), DbErr> {
    let mut tally: BTreeMap<(&str, &str, NaiveDate), (i64, DateTime<Utc>)> = BTreeMap::new();
    for event in events {
        let received_at = event.received_at;
        let key = (
            event.account_sid.as_str(),
            event.event_type.as_str(),
            received_at.date_naive(),
        );
        let entry = tally.entry(key).or_insert((0, received_at));
        *entry = (entry.0 + 1, entry.1.max(received_at));
    }
    if tally.is_empty() {
        return Ok(());
    }
    let (mut accounts, mut types, mut days, mut counts, mut lasts) =
        (vec![], vec![], vec![], vec![], vec![]);
    for ((account, event_type, day), (count, last)) in tally {
        accounts.push(account.to_owned());
        types.push(event_type.to_owned());
        days.push(day);
        counts.push(count);
        lasts.push(last);
    }
    let values = [
        accounts.into(),
        types.into(),
        days.into(),
        counts.into(),
        lasts.into(),
    ];
    sql::run(conn, TALLY, values).await.map(drop)
}
