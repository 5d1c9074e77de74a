use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use crate::{
    bases::{
        ids::OrganizationId,
        sql::{self, column},
    },
    mods::delivery::utils::{
        CallbackOf, STATUS_CALLBACK_EVENT, SenderOfEvent, sender_of_event_util,
    },
};

/// Events that are read of the few messages with the same words: some five of each.
const LIMIT: i64 = 1_000;

#[derive(FromQueryResult)]
struct Row {
    message_sid: String,
    event_type: String,
    payload: String,
}

// Also events that still wait: they wait for just this.
const SELECT: &str = "
SELECT message_sid, event_type, payload FROM twilio_event
WHERE account_sid = $1 AND message_sid = ANY ($2) AND octet_length(payload) <= $4
ORDER BY id DESC LIMIT $3
";

/// Twilio's own events have a tenth of that; a thousand of them must not fill the memory.
const MAX_BYTES: i32 = 16 * 1024;

/// Of the account's events so many are looked at, the newest; where none of ours is among them, an
/// event without an address says nothing.
const RECENT: i64 = 500;

const NEWEST: &str = "
SELECT coalesce(message_sid, '') AS message_sid, event_type, payload FROM twilio_event
WHERE account_sid = $1 AND octet_length(payload) <= $3
ORDER BY id DESC LIMIT $2
";

// Two texts with the same words may each have the SID of the other: the first to be settled took
// it before an event told whose it is.
const SWAPPED: &str = "
SELECT s.sid
FROM unnest($2::uuid[], $3::int[], $4::text[]) AS s (id, attempt, sid)
JOIN message m ON m.organization_id = $1 AND m.id = s.id AND m.attempt = s.attempt
WHERE m.external_id <> s.sid
";

#[derive(FromQueryResult)]
struct Sid {
    sid: String,
}

/// Which of these messages at Twilio were sent by this attempt, and which by somebody else,
/// according to stored events: true or false by SID. Unknown ones are left out, and so are those of
/// another text of the organization that got a different SID.
///
/// An event without an address points to somebody else only if the account's events have carried
/// ours: if Twilio leaves it out, a text of ours must not count as never sent.
pub(super) async fn find_senders_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    account_sid: &str,
    sids: Vec<String>,
    attempt: CallbackOf,
) -> Result<HashMap<String, bool>, DbErr> {
    let values = [
        account_sid.into(),
        sids.into(),
        LIMIT.into(),
        MAX_BYTES.into(),
    ];
    let mut is_ours: HashMap<String, bool> = HashMap::new();
    let mut without_address = Vec::new();
    let mut others = Vec::new();
    for row in sql::rows::<Row>(conn, SELECT, values).await? {
        let says_so = match sender_of_event_util(&row.event_type, &row.payload) {
            SenderOfEvent::Attempt(of) if of == attempt => true,
            SenderOfEvent::Attempt(of) => {
                others.push((of, row.message_sid.clone()));
                false
            }
            SenderOfEvent::Elsewhere => false,
            SenderOfEvent::NoAddress => {
                without_address.push(row.message_sid);
                continue;
            }
            SenderOfEvent::Unsaid => continue,
        };
        *is_ours.entry(row.message_sid).or_default() |= says_so;
    }
    if !without_address.is_empty() && events_carry_our_address(conn, account_sid).await? {
        for sid in without_address {
            is_ours.entry(sid).or_default();
        }
    }
    for sid in find_swapped(conn, organization, &others).await? {
        is_ours.remove(&sid);
    }
    Ok(is_ours)
}

async fn events_carry_our_address(
    conn: &impl ConnectionTrait,
    account_sid: &str,
) -> Result<bool, DbErr> {
    let values = [account_sid.into(), RECENT.into(), MAX_BYTES.into()];
    let newest = sql::rows::<Row>(conn, NEWEST, values).await?;
    Ok(newest
        .iter()
        // A callback comes to our address, whatever the events carry.
        .filter(|row| row.event_type != STATUS_CALLBACK_EVENT)
        .map(|row| sender_of_event_util(&row.event_type, &row.payload))
        .any(|sender| matches!(sender, SenderOfEvent::Attempt(_))))
}

async fn find_swapped(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    others: &[(CallbackOf, String)],
) -> Result<Vec<String>, DbErr> {
    if others.is_empty() {
        return Ok(Vec::new());
    }
    let values = [
        organization.into(),
        column(others, |(of, _)| of.message_id),
        column(others, |(of, _)| of.attempt),
        column(others, |(_, sid)| sid.clone()),
    ];
    let swapped = sql::rows::<Sid>(conn, SWAPPED, values).await?;
    Ok(swapped.into_iter().map(|row| row.sid).collect())
}
