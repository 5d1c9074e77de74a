//! Statuses that are news of a message of ours, whatever has become of its number.

use std::collections::{HashMap, HashSet};

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use super::event_batch::{Batch, OwnStatus, Stored};
use crate::{
    bases::{
        config::Config,
        ids::{MessageId, OrganizationId, PhoneNumberId, TwilioEventId},
        sql::{self, column, nullable_column},
    },
    entities::claim,
    mods::{phone::services::OwnNumber, twilio::utils::StatusEvent},
};

#[derive(FromQueryResult)]
struct SentMessage {
    event: TwilioEventId,
    organization_id: OrganizationId,
    phone_number_id: PhoneNumberId,
}

impl Batch<'_> {
    /// The numbers of messages that we have sent and that statuses name, by our own id or by their
    /// SID, by event: whatever has become of the number since, it is news of that message. Only of
    /// the organization's present account: what another one says is not for it.
    pub(super) async fn find_own_messages(
        &self,
        conn: &impl ConnectionTrait,
        config: &Config,
    ) -> Result<HashMap<TwilioEventId, OwnNumber>, DbErr> {
        if self.statuses.is_empty() {
            return Ok(HashMap::new());
        }
        let sql = format!(
            "WITH s AS (
                 SELECT * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[],
                                      $6::text::uuid[])
                     AS t (event, account_sid, from_address, sid, message_id)
             )
             SELECT s.event, p.organization_id, p.id AS phone_number_id
             FROM s
             JOIN message m ON m.id = s.message_id AND m.direction = 'outbound'
             JOIN phone_number p ON p.id = m.phone_number_id
             JOIN organization o ON o.id = p.organization_id
             WHERE p.twilio_account_sid = s.account_sid AND {present} = s.account_sid
             UNION
             SELECT s.event, p.organization_id, p.id
             FROM s
             JOIN phone_number p
               ON p.twilio_account_sid = s.account_sid AND p.number = s.from_address
             JOIN organization o ON o.id = p.organization_id
             WHERE {present} = s.account_sid AND (
                 EXISTS (SELECT 1 FROM message m
                         WHERE m.organization_id = o.id AND m.external_id = s.sid
                           AND m.source = 'loquent' AND m.direction = 'outbound')
                 OR EXISTS (SELECT 1 FROM message_attempt a
                            WHERE a.organization_id = o.id AND a.external_id = s.sid))",
            present = claim::present_account("o", "$1"),
        );
        let statuses = &self.statuses;
        let values = [
            config.shared_account_sid().map(str::to_owned).into(),
            column(statuses, |(stored, _, _)| stored.id),
            column(statuses, |(stored, _, _)| stored.account_sid.clone()),
            column(statuses, |(_, event, _)| event.from.clone()),
            column(statuses, |(_, event, _)| event.message_sid.to_string()),
            nullable_column(statuses, |(_, event, _)| Some(event.callback?.message_id)),
        ];
        let found = sql::rows::<SentMessage>(conn, sql, values).await?;
        Ok(found
            .into_iter()
            .map(|row| {
                let number = OwnNumber {
                    organization_id: row.organization_id,
                    phone_number_id: row.phone_number_id,
                    since: None,
                };
                (row.event, number)
            })
            .collect())
    }

    /// A callback URL that names a message we do not have is not ours: another Loquent may be on
    /// the same Twilio account.
    pub(super) async fn forget_foreign_callbacks(
        &mut self,
        conn: &impl ConnectionTrait,
    ) -> Result<(), DbErr> {
        let ours = find_own_callbacks(conn, self.statuses_of_organizations()).await?;
        for (_, event, own) in &mut self.statuses {
            let organization = own.map(|own| own.number.organization_id);
            event.callback = event.callback.filter(|callback| {
                organization.is_some_and(|id| ours.contains(&(id, callback.message_id)))
            });
        }
        Ok(())
    }
}

#[derive(FromQueryResult)]
struct OwnMessage {
    organization_id: OrganizationId,
    id: MessageId,
}

const OWN_MESSAGES: &str = "
SELECT m.organization_id, m.id
FROM unnest($1::uuid[], $2::uuid[]) AS s (organization_id, id)
JOIN message m ON m.organization_id = s.organization_id AND m.id = s.id
";

async fn find_own_callbacks<'a>(
    conn: &impl ConnectionTrait,
    statuses: impl Iterator<Item = (&'a Stored, &'a StatusEvent, OwnStatus)>,
) -> Result<HashSet<(OrganizationId, MessageId)>, DbErr> {
    let (organizations, ids): (Vec<OrganizationId>, Vec<MessageId>) = statuses
        .filter_map(|(_, event, own)| {
            let callback = event.callback?;
            Some((own.number.organization_id, callback.message_id))
        })
        .unzip();
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let found =
        sql::rows::<OwnMessage>(conn, OWN_MESSAGES, [organizations.into(), ids.into()]).await?;
    Ok(found
        .into_iter()
        .map(|row| (row.organization_id, row.id))
        .collect())
}
