use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement};

use crate::mods::twilio::utils::{CallbackOf, SenderOfEvent, sender_of_event_util};

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
WHERE account_sid = $1 AND message_sid = ANY ($2)
ORDER BY id DESC LIMIT $3
";

/// Which of these messages at Twilio were sent by this attempt, and which by somebody else, as the
/// stored events tell: true or false by SID. Those of which nothing is known are left out.
pub(super) async fn find_senders_service(
    conn: &impl ConnectionTrait,
    account_sid: &str,
    sids: Vec<String>,
    attempt: CallbackOf,
) -> Result<HashMap<String, bool>, DbErr> {
    let values = [account_sid.into(), sids.into(), LIMIT.into()];
    let select = Statement::from_sql_and_values(conn.get_database_backend(), SELECT, values);
    let mut is_ours: HashMap<String, bool> = HashMap::new();
    for row in Row::find_by_statement(select).all(conn).await? {
        let says_so = match sender_of_event_util(&row.event_type, &row.payload) {
            SenderOfEvent::Attempt(of) => of == attempt,
            SenderOfEvent::Elsewhere => false,
            SenderOfEvent::Unsaid => continue,
        };
        *is_ours.entry(row.message_sid).or_default() |= says_so;
    }
    Ok(is_ours)
}
