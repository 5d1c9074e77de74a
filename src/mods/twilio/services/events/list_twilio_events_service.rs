use sea_orm::{ConnectionTrait, DbErr};

use super::{
    event_scope::EventScope,
    stored_event::{EVENT_COLUMNS, StoredEvent},
};
use crate::{
    bases::{
        config::Config,
        error::AppError,
        ids::{OrganizationId, TwilioEventId},
        sql,
    },
    entities::states::TwilioEventState,
    mods::twilio::types::{TwilioEventCounts, TwilioEventPage},
};

/// Events of one page.
const PAGE_SIZE: usize = 50;
/// Events that are read at once, to find those of the organization among them.
const WINDOW: i64 = 200;
/// Batches that one call reads: on a shared account a page may lie far back, and the caller goes on
/// from there.
const MAX_WINDOWS: usize = 10;
/// Each count stops here: the page says "1,000+".
const COUNT_UP_TO: i64 = 1_000;
/// Events of one message that a search shows: some five for each attempt to send it.
const MAX_FOUND: usize = 200;
/// Longer than every id of Twilio's.
const MAX_SID: usize = 200;

/// The newest events of the organization, or those below `before`. With a state, only those in
/// it; with an id of an event or message, only its events, of which there are no further pages.
///
/// `hides_people` hides phone numbers in errors.
pub async fn list_twilio_events_service(
    conn: &impl ConnectionTrait,
    config: &Config,
    organization: OrganizationId,
    state: Option<TwilioEventState>,
    sid: Option<&str>,
    before: Option<TwilioEventId>,
    hides_people: bool,
) -> Result<TwilioEventPage, AppError> {
    let scope = EventScope::of(conn, config, organization).await?;
    let sid = sid.map(str::trim).filter(|sid| !sid.is_empty());
    let (events, next_before) = match sid {
        Some(sid) => (search(conn, organization, &scope, sid, state).await?, None),
        None => page(conn, &scope, state, before).await?,
    };
    Ok(TwilioEventPage {
        events: events
            .into_iter()
            .map(|event| event.into_row(hides_people))
            .collect::<Result<_, _>>()?,
        next_before,
        counts: count(conn, &scope).await?,
    })
}

async fn page(
    conn: &impl ConnectionTrait,
    scope: &EventScope,
    state: Option<TwilioEventState>,
    before: Option<TwilioEventId>,
) -> Result<(Vec<StoredEvent>, Option<TwilioEventId>), DbErr> {
    let mut found = Vec::new();
    let mut below = before.unwrap_or(TwilioEventId::LARGEST);
    for _ in 0..MAX_WINDOWS {
        let window = window(conn, scope, state, below, WINDOW).await?;
        let is_end = (window.len() as i64) < WINDOW;
        for event in window {
            // One more than fits shows that there is another page.
            if found.len() == PAGE_SIZE {
                return Ok((found, Some(below)));
            }
            below = event.id;
            if event.is_in(scope) {
                found.push(event);
            }
        }
        if is_end {
            return Ok((found, None));
        }
    }
    Ok((found, Some(below)))
}

/// The newest events of the scope's accounts below a place, also those of other organizations.
pub(super) async fn window(
    conn: &impl ConnectionTrait,
    scope: &EventScope,
    state: Option<TwilioEventState>,
    below: TwilioEventId,
    limit: i64,
) -> Result<Vec<StoredEvent>, DbErr> {
    // The state is a word of ours, and part of the text so that the index of the state is used.
    let in_state = state.map_or(String::new(), |state| format!("AND e.state = '{state}'"));
    let sql = format!(
        "SELECT found.* FROM unnest($1::text[]) AS a (sid)
         CROSS JOIN LATERAL (
             SELECT {EVENT_COLUMNS} FROM twilio_event e
             WHERE e.account_sid = a.sid AND e.id < $2 {in_state}
             ORDER BY e.id DESC LIMIT $3) AS found
         ORDER BY found.id DESC LIMIT $3"
    );
    let values = [scope.accounts().to_vec().into(), below.into(), limit.into()];
    sql::rows::<StoredEvent>(conn, sql, values).await
}

/// By the event's own id; by the message that it names; and by the one that it became part of,
/// through the delivery log, which also knows events stored before events named their message.
async fn search(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    scope: &EventScope,
    sid: &str,
    state: Option<TwilioEventState>,
) -> Result<Vec<StoredEvent>, AppError> {
    let is_sid = sid.len() <= MAX_SID
        && sid
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b':' | b'-' | b'_'));
    if !is_sid {
        return Err(AppError::bad_request(
            "`sid` must be the whole id of a message or event, such as SM… or EZ…",
        ));
    }
    let sql = format!(
        "SELECT {EVENT_COLUMNS} FROM twilio_event e
         WHERE e.account_sid = ANY ($1) AND e.event_id = $3
         UNION
         SELECT {EVENT_COLUMNS} FROM message m
         JOIN message_event h ON h.organization_id = m.organization_id AND h.message_id = m.id
         JOIN twilio_event e ON e.account_sid = ANY ($1) AND e.event_id = h.dedup_key
         WHERE m.organization_id = $2 AND m.external_id = $3
         UNION
         SELECT {EVENT_COLUMNS} FROM message_attempt s
         JOIN message_event h ON h.organization_id = s.organization_id AND h.message_id = s.message_id
         JOIN twilio_event e ON e.account_sid = ANY ($1) AND e.event_id = h.dedup_key
         WHERE s.organization_id = $2 AND s.external_id = $3
         UNION
         SELECT {EVENT_COLUMNS} FROM twilio_event e
         WHERE e.account_sid = ANY ($1) AND e.message_sid = $3
         ORDER BY id DESC LIMIT $4"
    );
    let values = [
        scope.accounts().to_vec().into(),
        organization.into(),
        sid.into(),
        (MAX_FOUND as i64).into(),
    ];
    let mut found = sql::rows::<StoredEvent>(conn, sql, values).await?;
    found.retain(|event| event.is_in(scope) && state.is_none_or(|state| event.state == state));
    Ok(found)
}

/// Number of the organization's events in each state that may need attention.
async fn count(
    conn: &impl ConnectionTrait,
    scope: &EventScope,
) -> Result<TwilioEventCounts, DbErr> {
    let of = async |state| -> Result<i64, DbErr> {
        let newest = window(
            conn,
            scope,
            Some(state),
            TwilioEventId::LARGEST,
            COUNT_UP_TO,
        )
        .await?;
        Ok(newest.iter().filter(|event| event.is_in(scope)).count() as i64)
    };
    Ok(TwilioEventCounts {
        pending: of(TwilioEventState::Pending).await?,
        ignored: of(TwilioEventState::Ignored).await?,
        parked: of(TwilioEventState::Parked).await?,
        up_to: COUNT_UP_TO,
    })
}

/// Number of the organization's parked events.
pub async fn count_failed_events_service(
    conn: &impl ConnectionTrait,
    config: &Config,
    organization: OrganizationId,
) -> Result<i64, AppError> {
    let scope = EventScope::of(conn, config, organization).await?;
    Ok(count(conn, &scope).await?.parked)
}
