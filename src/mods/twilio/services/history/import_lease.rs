//! Who works on an import.

use sea_orm::{ConnectionTrait, DbErr};

use crate::{
    bases::{
        config::Config,
        lease::{Guard, IS_FREE, LeasedTable},
        sql,
    },
    entities::claim::is_live,
};

/// Imports, those of the organization with the fewest under way first, so that one with many
/// numbers does not delay the others.
///
/// A lease is renewed with every page, and every 3 s while there is none.
pub(super) const IMPORTS: LeasedTable = LeasedTable {
    name: "sms_sync_run",
    next: || {
        format!(
            "SELECT id FROM sms_sync_run s WHERE {IS_FREE}
             ORDER BY (SELECT count(*) FROM sms_sync_run o
                       WHERE o.organization_id = s.organization_id AND o.state = 'running'
                         AND o.lease_until >= now()), s.started_at
             LIMIT 1
             FOR UPDATE OF s SKIP LOCKED"
        )
    },
    reset: "",
};

/// No import outlives the claim of its number: an organization that loses the number stores nothing
/// of it from then on. See [`claim`](mod@crate::entities::claim).
pub(super) fn while_claimed(config: &Config) -> Guard {
    Guard {
        sql: |shared| {
            let is_live = is_live("p", &format!("${shared}"));
            format!(
                "EXISTS (SELECT 1 FROM phone_number p
                         WHERE p.id = sms_sync_run.phone_number_id AND {is_live})"
            )
        },
        values: vec![config.shared_account_sid().map(str::to_owned).into()],
    }
}

/// Whether an organization's run waits, and nobody works for that organization at all.
pub async fn is_import_waiting_service(conn: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let look = format!(
        "SELECT id FROM sms_sync_run s WHERE {IS_FREE}
           AND NOT EXISTS (
               SELECT 1 FROM sms_sync_run o
               WHERE o.organization_id = s.organization_id AND o.state = 'running'
                 AND o.lease_until >= now())
         LIMIT 1"
    );
    Ok(sql::first(conn, look, []).await?.is_some())
}
