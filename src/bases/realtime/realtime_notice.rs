use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbErr};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::EventKind;
use crate::bases::{ids::OrganizationId, sql};

/// The Postgres channel that all nodes listen on.
pub const CHANNEL: &str = "loquent_realtime";

/// "Something happened to this row", from one node to all. It carries ids only, because a NOTIFY
/// holds at most 8,000 bytes; each node loads what its sockets need.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RealtimeNotice {
    pub organization_id: OrganizationId,
    #[serde(rename = "event_type")]
    pub kind: EventKind,
    /// The row that the event is about.
    pub id: Uuid,
}

impl RealtimeNotice {
    /// A notice about a row.
    pub fn new(organization_id: OrganizationId, kind: EventKind, id: impl Into<Uuid>) -> Self {
        Self {
            organization_id,
            kind,
            id: id.into(),
        }
    }
}

/// Above this number of notices in one transaction, browsers fetch again what they show, which is
/// less work for everybody. A person cannot follow a hundred texts at once.
const BULK: usize = 100;

/// Publishes notices as part of the caller's transaction: they go out when it commits, or never.
///
/// An organization with more than a hundred gets one `resync` in place of them.
pub async fn publish_realtime(
    conn: &impl ConnectionTrait,
    notices: &[RealtimeNotice],
) -> Result<(), DbErr> {
    if notices.is_empty() {
        return Ok(());
    }
    let texts = without_bulk(notices)
        .iter()
        .map(serde_json::to_string)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| DbErr::Custom(error.to_string()))?;
    sql::run(
        conn,
        "SELECT pg_notify($1, text) FROM unnest($2::text[]) AS text",
        [CHANNEL.into(), texts.into()],
    )
    .await
    .map(drop)
}

fn without_bulk(notices: &[RealtimeNotice]) -> Vec<RealtimeNotice> {
    let mut counts: BTreeMap<OrganizationId, usize> = BTreeMap::new();
    for notice in notices {
        *counts.entry(notice.organization_id).or_default() += 1;
    }
    counts.retain(|_, count| *count > BULK);
    let single = notices
        .iter()
        .filter(|notice| !counts.contains_key(&notice.organization_id))
        .cloned();
    let resyncs = counts.keys().map(|organization_id| {
        RealtimeNotice::new(*organization_id, EventKind::Resync, *organization_id)
    });
    single.chain(resyncs).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organization_with_a_flood_gets_one_resync_and_the_others_their_notices() {
        let (busy, calm) = (OrganizationId::new(), OrganizationId::new());
        let notice = |organization_id| {
            RealtimeNotice::new(organization_id, EventKind::MessageNew, Uuid::now_v7())
        };
        let mut notices = vec![notice(busy); BULK];
        assert_eq!(without_bulk(&notices), notices);
        notices.push(notice(busy));
        notices.push(notice(calm));
        let left = without_bulk(&notices);
        assert_eq!(left.len(), 2);
        assert_eq!(left[0].organization_id, calm);
        assert_eq!(
            (left[1].organization_id, left[1].kind),
            (busy, EventKind::Resync)
        );
    }
}
