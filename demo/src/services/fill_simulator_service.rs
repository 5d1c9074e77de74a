use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, FromQueryResult, QueryOrder};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::utils::SimulatorClient;
use loquent::{
    bases::{error::AppError, ids::OrganizationId, keyset::Keyset, sql},
    entities::{contact, phone_number},
};

/// Messages in one request.
const PAGE_SIZE: i64 = 2_000;
/// The newest messages that the simulator gets; a demo that was used for a load test has more.
const MAX_MESSAGES: usize = 20_000;

/// A message with a SID, as Twilio would remember it.
#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    external_id: String,
    direction: String,
    from_address: String,
    to_address: String,
    body: Option<String>,
    status: String,
    error_code: Option<i32>,
    error_message: Option<String>,
    created_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
    updated_at: DateTime<Utc>,
}

const SELECT: &str = "
SELECT id, external_id, direction, from_address, to_address, body, status, error_code,
       error_message, created_at, sent_at, updated_at
FROM message
WHERE organization_id = $1 AND (created_at, id) < ($2, $3)
  AND external_id ~ '^(SM|MM)[0-9a-fA-F]{32}$'
ORDER BY created_at DESC, id DESC LIMIT $4
";

/// Gives the simulator what Loquent knows of the demo organization: its numbers, its messages as
/// history and the names of its customers. What the simulator has already stays as it is.
///
/// 409 if the simulator refuses.
pub async fn fill_simulator_service(
    conn: &impl ConnectionTrait,
    simulator: &SimulatorClient,
    organization: OrganizationId,
    account_sid: &str,
) -> Result<(), AppError> {
    let numbers = phone_number::Entity::in_org(organization)
        .order_by_asc(phone_number::Column::Id)
        .all(conn)
        .await?;
    for number in numbers.iter().filter(|number| number.released_at.is_none()) {
        simulator
            .control("/sim/numbers", &number_json(number))
            .await?;
    }
    let messages = load_messages(conn, simulator, organization, account_sid).await?;
    let names = name_handsets(conn, simulator, organization).await?;
    tracing::info!(
        numbers = numbers.len(),
        messages,
        names,
        "filled the simulator"
    );
    Ok(())
}

fn number_json(number: &phone_number::Model) -> Value {
    json!({
        "account_sid": number.twilio_account_sid,
        "phone_number": number.number,
        "friendly_name": number.friendly_name,
        "sid": number.twilio_sid,
        "sms_enabled": number.sms_enabled,
    })
}

async fn load_messages(
    conn: &impl ConnectionTrait,
    simulator: &SimulatorClient,
    organization: OrganizationId,
    account_sid: &str,
) -> Result<usize, AppError> {
    let mut loaded = 0;
    let mut before = Keyset {
        at: DateTime::<Utc>::MAX_UTC,
        id: Uuid::max(),
    };
    while loaded < MAX_MESSAGES {
        let values = [
            organization.into(),
            before.at.into(),
            before.id.into(),
            PAGE_SIZE.into(),
        ];
        let rows = sql::rows::<Row>(conn, SELECT, values).await?;
        let Some(last) = rows.last() else { break };
        before = Keyset {
            at: last.created_at,
            id: last.id,
        };
        // Oldest first, as they came to be.
        let messages: Vec<Value> = rows
            .iter()
            .rev()
            .map(|row| message_json(row, account_sid))
            .collect();
        simulator.control("/sim/messages", &messages).await?;
        loaded += rows.len();
    }
    Ok(loaded)
}

fn message_json(row: &Row, account_sid: &str) -> Value {
    let direction = if row.direction == "inbound" {
        "inbound"
    } else {
        "outbound-api"
    };
    json!({
        "sid": row.external_id,
        "account_sid": account_sid,
        "direction": direction,
        "from": row.from_address,
        "to": row.to_address,
        "body": row.body.as_deref().unwrap_or_default(),
        "status": row.status,
        "error_code": row.error_code,
        "error_message": row.error_message,
        "date_created": row.created_at,
        "date_sent": row.sent_at,
        "date_updated": row.updated_at,
    })
}

async fn name_handsets(
    conn: &impl ConnectionTrait,
    simulator: &SimulatorClient,
    organization: OrganizationId,
) -> Result<usize, AppError> {
    let contacts = contact::Entity::in_org(organization).all(conn).await?;
    let mut named = 0;
    for contact in contacts {
        let name = format!("{} {}", contact.first_name, contact.last_name);
        if !name.trim().is_empty() {
            let handset = json!({ "phone": contact.phone, "name": name.trim() });
            simulator.control("/sim/handsets", &handset).await?;
            named += 1;
        }
    }
    Ok(named)
}
