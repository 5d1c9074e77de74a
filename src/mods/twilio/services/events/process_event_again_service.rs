use sea_orm::{ConnectionTrait, DbErr};

use super::{
    event_scope::EventScope, get_twilio_event_service::find_event_in_scope,
    list_twilio_events_service::window,
};
use crate::{
    bases::{config::Config, error::AppError, ids::TwilioEventId, sql},
    entities::states::TwilioEventState,
    mods::{
        auth::types::CurrentUser,
        twilio::types::{ProcessedAgain, TwilioEventRow},
    },
};

/// Parked events that one call retries, so that it holds no locks for long.
const MAX_AT_ONCE: i64 = 1_000;

// An event that waits after a failure is retried at once; one that is being processed is left
// alone.
const PUT_BACK: &str = "
UPDATE twilio_event
SET state = 'pending', attempts = 0, next_attempt_at = now(), processed_at = NULL
WHERE id = ANY ($1)
  AND (state IN ('parked', 'ignored') OR (state = 'pending' AND attempts > 0))
";

/// Queues an event again, as if it had just come. 404 if it is none of the organization's, 409
/// unless it is parked or waits after a failure.
pub async fn process_event_again_service(
    conn: &impl ConnectionTrait,
    config: &Config,
    user: &CurrentUser,
    id: TwilioEventId,
) -> Result<TwilioEventRow, AppError> {
    let event = find_event_in_scope(conn, config, user.organization_id, id).await?;
    if put_back(conn, vec![id]).await? == 0 {
        return Err(AppError::conflict(
            "Only an event that failed or was ignored can be processed again.",
        ));
    }
    tracing::info!(
        organization_id = %user.organization_id, user_id = %user.id, event_id = event.event_id,
        state = %event.state, attempts = event.attempts, "an event is processed again"
    );
    find_event_in_scope(conn, config, user.organization_id, id)
        .await?
        .into_row(false)
}

/// Queues all parked events of the organization again, newest first; says whether there are more
/// than one call takes.
pub async fn process_parked_events_again_service(
    conn: &impl ConnectionTrait,
    config: &Config,
    user: &CurrentUser,
) -> Result<ProcessedAgain, AppError> {
    let scope = EventScope::of(conn, config, user.organization_id).await?;
    let parked = Some(TwilioEventState::Parked);
    let found = window(conn, &scope, parked, TwilioEventId::LARGEST, MAX_AT_ONCE).await?;
    let has_more = found.len() as i64 == MAX_AT_ONCE;
    let ids = found
        .iter()
        .filter(|event| event.is_in(&scope))
        .map(|event| event.id)
        .collect();
    let events = put_back(conn, ids).await?;
    tracing::info!(
        organization_id = %user.organization_id, user_id = %user.id, events,
        "all parked events are processed again"
    );
    Ok(ProcessedAgain {
        events: i64::try_from(events).unwrap_or(i64::MAX),
        has_more,
    })
}

async fn put_back(conn: &impl ConnectionTrait, ids: Vec<TwilioEventId>) -> Result<u64, DbErr> {
    let values = [ids.into()];
    sql::run(conn, PUT_BACK, values).await
}
