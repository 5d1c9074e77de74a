use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use crate::{
    bases::{
        ids::{MessageId, OrganizationId},
        sql::{self, column, nullable_column},
    },
    mods::contact::types::{OptOutEvidence, OptOutKeyword},
};

/// A customer who opted out of texts, or back in.
#[derive(Debug, Clone)]
pub struct OptOutChange {
    pub organization_id: OrganizationId,
    pub phone: String,
    /// Our number that got the text, or from which Twilio refused to send.
    pub sender: String,
    pub at: DateTime<Utc>,
    pub keyword: OptOutKeyword,
    /// How we know.
    pub evidence: OptOutEvidence,
    /// Twilio's SID of the message that shows it, if there is one.
    pub message_sid: Option<String>,
    /// The same message here.
    pub message_id: Option<MessageId>,
}

// The newest change of each customer stands, in whatever order they come, now or in a later call:
// the time of the last one is kept, and an older one changes nothing. Of two in the same second
// STOP stands. That Twilio refuses a text does not change when the customer said it. What has
// changed something, and every STOP, leaves its evidence.
const UPDATE: &str = "
WITH told AS (
    SELECT t.*, c.id AS contact_id, c.opted_out_at AS before, c.opt_out_changed_at
    FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::bool[], $5::text[], $6::text[],
                $7::text::text[], $8::text::uuid[], $9::text[])
        AS t (organization_id, phone, at, opted_out, evidence, word, message_sid, message_id, sender)
    JOIN contact c ON c.organization_id = t.organization_id AND c.phone = t.phone
), senders AS (
    INSERT INTO contact_sender_opt_out AS known
        (organization_id, contact_id, sender, stopped_at, started_at)
    SELECT organization_id, contact_id, sender, max(at) FILTER (WHERE opted_out),
           max(at) FILTER (WHERE NOT opted_out)
    FROM told GROUP BY organization_id, contact_id, sender
    ORDER BY organization_id, contact_id, sender
    ON CONFLICT (organization_id, contact_id, sender) DO UPDATE
    SET stopped_at = greatest(known.stopped_at, excluded.stopped_at),
        started_at = greatest(known.started_at, excluded.started_at)
), newest AS (
    SELECT DISTINCT ON (contact_id) * FROM told
    WHERE opt_out_changed_at IS NULL OR at > opt_out_changed_at
       OR (at = opt_out_changed_at AND opted_out)
    ORDER BY contact_id, at DESC, opted_out DESC
), changed AS (
    UPDATE contact c SET
        opted_out_at = CASE
            WHEN NOT n.opted_out THEN NULL
            WHEN n.evidence = 'error_code' THEN coalesce(c.opted_out_at, n.at)
            ELSE n.at END,
        opt_out_changed_at = n.at
    FROM newest n
    -- Again, as somebody may have told of a newer one meanwhile.
    WHERE c.id = n.contact_id
      AND (c.opt_out_changed_at IS NULL OR n.at > c.opt_out_changed_at
           OR (n.at = c.opt_out_changed_at AND n.opted_out))
)
INSERT INTO contact_opt_out
    (organization_id, contact_id, opted_out, evidence, word, message_sid, message_id, occurred_at)
SELECT t.organization_id, t.contact_id, t.opted_out, t.evidence, t.word, t.message_sid,
       t.message_id, t.at
FROM told t
WHERE (t.opted_out OR t.before IS NOT NULL)
  AND NOT EXISTS (
    SELECT 1 FROM contact_opt_out o
    WHERE o.organization_id = t.organization_id AND o.contact_id = t.contact_id
      AND o.opted_out = t.opted_out AND o.occurred_at = t.at)
ORDER BY t.at
";

/// Stores for each sender the last opt-out or opt-in of these contacts, updates their
/// `opted_out_at` (of the newest one to any sender), and keeps the evidence. Twilio blocks texts to
/// a customer who opted out (error 21610) and tells it only by the event.
pub async fn record_opt_outs_service(
    conn: &impl ConnectionTrait,
    changes: &[OptOutChange],
) -> Result<(), DbErr> {
    if changes.is_empty() {
        return Ok(());
    }
    sql::run(
        conn,
        UPDATE,
        [
            column(changes, |change| change.organization_id),
            column(changes, |change| change.phone.clone()),
            column(changes, |change| change.at),
            column(changes, |change| change.keyword == OptOutKeyword::Stop),
            column(changes, |change| change.evidence.kind().to_owned()),
            column(changes, |change| change.evidence.word()),
            nullable_column(changes, |change| change.message_sid.clone()),
            nullable_column(changes, |change| change.message_id),
            column(changes, |change| change.sender.clone()),
        ],
    )
    .await
    .map(drop)
}
