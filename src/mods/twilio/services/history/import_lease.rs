//! Who works on a run. Time is Postgres', so that the clocks of nodes need not agree.

use sea_orm::{ConnectionTrait, DbErr, Statement, Value};
use uuid::Uuid;

use crate::{
    bases::{config::Config, ids::OrganizationId, sql},
    entities::{claim::is_live, sms_sync_run::Model},
};

// The organization that has the fewest runs under way is next: one with many numbers does not keep
// the others waiting.
//
// A lease runs out 15 s after its last renewal: a node that is killed is replaced soon, one that
// is only slow is not. It is renewed with every page, and every 3 s while there is none.
const CLAIM: &str = "
UPDATE sms_sync_run SET lease_owner = $1, lease_until = now() + interval '15 seconds'
WHERE id = (
    SELECT s.id FROM sms_sync_run s
    WHERE s.state = 'running' AND (s.lease_until IS NULL OR s.lease_until < now())
    ORDER BY (SELECT count(*) FROM sms_sync_run o
              WHERE o.organization_id = s.organization_id AND o.state = 'running'
                AND o.lease_until >= now()), s.started_at
    LIMIT 1
    FOR UPDATE OF s SKIP LOCKED
)
RETURNING *
";

const RENEW: &str = "
UPDATE sms_sync_run SET lease_until = now() + interval '15 seconds'
WHERE id = $1 AND lease_owner = $2 AND state = 'running'
";

/// What a statement on a run asks besides, so that no work outlives the claim that it is done for:
/// whoever loses a number, however that came about, stores nothing of it from then on. `shared`
/// stands for the shared account's SID, see [`claim`](mod@crate::entities::claim).
pub(super) fn while_claimed(shared: &str) -> String {
    let is_live = is_live("p", shared);
    format!(
        " AND EXISTS (SELECT 1 FROM phone_number p
                      WHERE p.id = sms_sync_run.phone_number_id AND {is_live})"
    )
}

const RELEASE: &str = "
UPDATE sms_sync_run SET lease_owner = NULL, lease_until = NULL
WHERE id = $1 AND lease_owner = $2
";

/// The right to work on a run, as long as it is renewed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lease {
    pub run_id: Uuid,
    pub organization_id: OrganizationId,
    pub owner: Uuid,
}

// An organization that waits while nobody works for it.
const OTHERS_WAIT: &str = "
SELECT s.id FROM sms_sync_run s
WHERE s.state = 'running' AND (s.lease_until IS NULL OR s.lease_until < now())
  AND NOT EXISTS (
      SELECT 1 FROM sms_sync_run o
      WHERE o.organization_id = s.organization_id AND o.state = 'running'
        AND o.lease_until >= now())
LIMIT 1
";

/// Whether an organization waits for which nobody works at all.
pub(super) async fn is_organization_waiting(conn: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let look = Statement::from_string(conn.get_database_backend(), OTHERS_WAIT);
    Ok(conn.query_one_raw(look).await?.is_some())
}

/// Takes a run that nobody works on.
pub(super) async fn claim(conn: &impl ConnectionTrait) -> Result<Option<(Lease, Model)>, DbErr> {
    let owner = Uuid::now_v7();
    let run = sql::row::<Model>(conn, CLAIM, [owner.into()]).await?;
    Ok(run.map(|run| {
        let lease = Lease {
            run_id: run.id,
            organization_id: OrganizationId(run.organization_id),
            owner,
        };
        (lease, run)
    }))
}

impl Lease {
    /// Renews it; false if it or the number is lost, or the run was stopped.
    pub(super) async fn renew(
        &self,
        conn: &impl ConnectionTrait,
        config: &Config,
    ) -> Result<bool, DbErr> {
        let shared = config.shared_account_sid().map(str::to_owned);
        let sql = format!("{RENEW}{}", while_claimed("$3"));
        let renewed = self.execute(conn, &sql, vec![shared.into()]).await?;
        Ok(renewed == 1)
    }

    /// Gives it back, so that another node need not wait for its end.
    pub(super) async fn release(&self, conn: &impl ConnectionTrait) -> Result<(), DbErr> {
        self.execute(conn, RELEASE, vec![]).await.map(drop)
    }

    async fn execute(
        &self,
        conn: &impl ConnectionTrait,
        sql: &str,
        rest: Vec<Value>,
    ) -> Result<u64, DbErr> {
        let mut values = vec![self.run_id.into(), self.owner.into()];
        values.extend(rest);
        Ok(sql::run(conn, sql, values).await?)
    }
}
