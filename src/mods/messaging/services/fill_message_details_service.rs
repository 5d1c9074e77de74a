use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use crate::{
    bases::{
        ids::{MessageId, OrganizationId},
        sql::{self, column, nullable_column},
    },
    mods::messaging::utils::preview_util,
};

/// What Twilio's record of a message tells beyond its status.
#[derive(Debug, Clone)]
pub struct MessageDetails<'a> {
    pub message_id: MessageId,
    pub num_segments: Option<i32>,
    /// A decimal number in `price_unit`.
    pub price: Option<&'a str>,
    pub price_unit: Option<&'a str>,
    pub sent_at: Option<DateTime<Utc>>,
    pub num_media: i32,
    /// When it was sent or received at its origin, to the second.
    pub at: DateTime<Utc>,
    pub body: Option<&'a str>,
}

// Twilio's dates have whole seconds, its events milliseconds: a time that is about the same stays.
const DETAILS: &str = "
UPDATE message m SET
    num_segments = coalesce(m.num_segments, d.num_segments), price = coalesce(m.price, d.price),
    price_unit = coalesce(m.price_unit, d.price_unit), sent_at = coalesce(m.sent_at, d.sent_at),
    num_media = greatest(m.num_media, d.num_media),
    created_at = CASE WHEN m.source = 'external' AND d.at < m.created_at - interval '2 seconds'
        THEN d.at ELSE m.created_at END
FROM unnest($2::uuid[], $3::text::int[], $4::text::text[], $5::text::text[],
            $6::text::timestamptz[], $7::int[], $8::timestamptz[])
    AS d (id, num_segments, price, price_unit, sent_at, num_media, at)
WHERE m.organization_id = $1 AND m.id = d.id
  AND ((m.num_segments IS NULL AND d.num_segments IS NOT NULL)
    OR (m.price IS NULL AND d.price IS NOT NULL)
    OR (m.sent_at IS NULL AND d.sent_at IS NOT NULL AND m.direction = 'outbound')
    OR m.num_media < d.num_media
    OR (m.source = 'external' AND d.at < m.created_at - interval '2 seconds'))
";

// A message that was made without its text has left an empty place in the list.
const PREVIEW: &str = "
UPDATE conversation c SET last_message_preview = d.preview
FROM unnest($2::uuid[], $3::text[]) AS d (id, preview)
WHERE c.organization_id = $1 AND c.last_message_id = d.id AND c.last_message_preview IS NULL
  AND c.contact_id = (SELECT m.contact_id FROM message m WHERE m.id = d.id)
";

/// Fills in what is not known yet of messages: segments, price, times, number of files, and the
/// line in the conversation list. What is known stays. Two statements, whatever the number.
pub async fn fill_message_details_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    details: &[MessageDetails<'_>],
) -> Result<(), DbErr> {
    if details.is_empty() {
        return Ok(());
    }
    let values = [
        organization.into(),
        column(details, |one| one.message_id),
        nullable_column(details, |one| one.num_segments),
        nullable_column(details, |one| one.price),
        nullable_column(details, |one| one.price_unit),
        nullable_column(details, |one| one.sent_at),
        column(details, |one| one.num_media),
        column(details, |one| one.at),
    ];
    sql::run(conn, DETAILS, values).await?;
    let (ids, previews): (Vec<MessageId>, Vec<String>) = details
        .iter()
        .filter_map(|one| Some((one.message_id, preview_util(one.body?))))
        .filter(|(_, preview)| !preview.is_empty())
        .unzip();
    if ids.is_empty() {
        return Ok(());
    }
    let values = [organization.into(), ids.into(), previews.into()];
    sql::run(conn, PREVIEW, values).await.map(drop)
}
