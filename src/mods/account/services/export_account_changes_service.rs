use chrono::SecondsFormat;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect};

use crate::{
    bases::{config::Config, error::AppError},
    entities::twilio_account_change::{Column, Entity},
    mods::{
        account::{
            services::account_changes::with_users,
            types::{AccountChange, ValueChange},
            utils::mask_addresses_util,
        },
        auth::types::CurrentUser,
    },
};

/// Lines of a file: years of changes, and a few megabytes at most.
const MAX_LINES: u64 = 10_000;

const HEADER: [&str; 9] = [
    "when", "who", "account", "change", "summary", "resource", "values", "state", "undone",
];

/// The account activity as CSV (RFC 4180), newest first, with a header; the newest 10,000 changes.
/// Agents see only the host of another app's address.
pub async fn export_account_changes_service(
    conn: &impl ConnectionTrait,
    config: &Config,
    user: &CurrentUser,
) -> Result<Vec<u8>, AppError> {
    let rows = Entity::in_org(user.organization_id)
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(MAX_LINES)
        .all(conn)
        .await?;
    let changes = with_users(conn, rows).await?;
    let changes = mask_addresses_util(changes, user.role, &config.public_url)?;
    write(&changes).map_err(|error| {
        tracing::error!(%error, "the account activity could not be written as CSV");
        AppError::Internal
    })
}

fn write(changes: &[AccountChange]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER)?;
    for change in changes {
        writer.write_record(line(change).map(safe))?;
    }
    writer
        .into_inner()
        .map_err(|error| error.into_error().into())
}

fn line(change: &AccountChange) -> [String; 9] {
    let values: Vec<String> = change.values.iter().map(value_words).collect();
    let time = |at: chrono::DateTime<chrono::Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    [
        time(change.created_at),
        change.user_name.clone().unwrap_or_default(),
        change.account_sid.to_string(),
        change.kind.to_string(),
        change.summary.clone(),
        change.resource.clone(),
        values.join("; "),
        match &change.error {
            Some(error) => format!("{}: {error}", change.state),
            None => change.state.to_string(),
        },
        change.undone_at.map(time).unwrap_or_default(),
    ]
}

/// `voice_url: https://old.example/ → https://new.example/`
fn value_words(value: &ValueChange) -> String {
    let or_none = |value: &Option<String>| match value.as_deref() {
        None | Some("") => "none".to_owned(),
        Some(value) => value.to_owned(),
    };
    format!(
        "{}: {} → {}",
        value.name,
        or_none(&value.before),
        or_none(&value.after)
    )
}

/// A spreadsheet would run text that begins so as a formula.
fn safe(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell
    }
}
