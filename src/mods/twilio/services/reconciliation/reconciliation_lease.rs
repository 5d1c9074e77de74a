//! Who works on a comparison. Time is Postgres', so that the clocks of nodes need not agree.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, Value};
use uuid::Uuid;

use crate::{
    bases::{ids::OrganizationId, sql},
    entities::{claim::is_of_present_account, twilio_reconciliation::Model},
};

// A lease runs out 15 s after its last renewal: a node that is killed is replaced soon. Whoever
// takes over begins anew, and what has been looked at already is not counted twice; what was taken
// in or moved on already is found in order.
const CLAIM: &str = "
UPDATE twilio_reconciliation
SET lease_owner = $1, lease_until = now() + interval '15 seconds', checked = 0,
    unreadable = '{}'
WHERE id = (
    SELECT id FROM twilio_reconciliation
    WHERE state = 'running' AND (lease_until IS NULL OR lease_until < now())
    ORDER BY started_at LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING *
";

const RENEW: &str = "
UPDATE twilio_reconciliation SET lease_until = now() + interval '15 seconds'
WHERE id = $1 AND lease_owner = $2 AND state = 'running'
";

// No comparison outlives the claim that it was begun for: whoever loses the number, however that
// came about, stores nothing of it from then on. A number that was given up since then, or taken in
// again, is compared anew, up to another end.
const WHILE_CLAIMED: &str = " AND EXISTS (
    SELECT 1 FROM phone_number p
    WHERE p.id = twilio_reconciliation.phone_number_id AND ";

const RELEASE: &str = "
UPDATE twilio_reconciliation SET lease_owner = NULL, lease_until = NULL
WHERE id = $1 AND lease_owner = $2
";

const COUNT: &str = "
UPDATE twilio_reconciliation SET
    lease_until = now() + interval '15 seconds',
    checked = checked + $3, missing = missing + $4, repaired = repaired + $5,
    unreadable = CASE WHEN cardinality($6::text[]) = 0 THEN unreadable ELSE ARRAY (
        SELECT DISTINCT entry FROM unnest(unreadable || $6) AS entry LIMIT 1000) END
WHERE id = $1 AND lease_owner = $2 AND state = 'running'
";

const END: &str = "
UPDATE twilio_reconciliation SET
    state = $3, error = $4, finished_at = $5, lease_owner = NULL, lease_until = NULL
WHERE id = $1 AND lease_owner = $2 AND state = 'running'
";

/// The right to work on a comparison, as long as it is renewed.
#[derive(Debug, Clone, Copy)]
pub(super) struct ReconciliationLease {
    pub id: Uuid,
    pub organization_id: OrganizationId,
    owner: Uuid,
}

/// The claim that a comparison is made for.
#[derive(Debug, Clone)]
pub(super) struct ComparedClaim {
    /// The SID of the shared account.
    pub shared: Option<String>,
    /// When the organization has given the number up.
    pub until: Option<DateTime<Utc>>,
}

/// What came of a page of Twilio's list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct PageFindings {
    pub checked: usize,
    pub missing: usize,
    pub repaired: usize,
    /// A hash or SID of each entry that cannot be kept.
    pub unreadable: Vec<String>,
}

/// Takes a comparison that nobody works on.
pub(super) async fn claim(
    conn: &impl ConnectionTrait,
) -> Result<Option<(ReconciliationLease, Model)>, DbErr> {
    let owner = Uuid::now_v7();
    let run = sql::row::<Model>(conn, CLAIM, [owner.into()]).await?;
    Ok(run.map(|run| {
        let lease = ReconciliationLease {
            id: run.id,
            organization_id: OrganizationId(run.organization_id),
            owner,
        };
        (lease, run)
    }))
}

impl ReconciliationLease {
    /// Renews it; false if it or the claim is lost.
    pub(super) async fn renew(
        &self,
        conn: &impl ConnectionTrait,
        claim: &ComparedClaim,
    ) -> Result<bool, DbErr> {
        self.execute_while_claimed(conn, RENEW, vec![], claim).await
    }

    /// Gives it back, so that another node need not wait for its end.
    pub(super) async fn release(&self, conn: &impl ConnectionTrait) -> Result<(), DbErr> {
        self.execute(conn, RELEASE, vec![]).await.map(drop)
    }

    /// Adds up what was found; false if the lease or the claim is lost, and the page is not ours to
    /// store.
    pub(super) async fn count(
        &self,
        conn: &impl ConnectionTrait,
        found: PageFindings,
        claim: &ComparedClaim,
    ) -> Result<bool, DbErr> {
        let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX).into();
        let values = vec![
            number(found.checked),
            number(found.missing),
            number(found.repaired),
            found.unreadable.into(),
        ];
        self.execute_while_claimed(conn, COUNT, values, claim).await
    }

    /// Writes the end; false if the lease is lost.
    pub(super) async fn end(
        &self,
        conn: &impl ConnectionTrait,
        state: &str,
        error: Option<String>,
        now: DateTime<Utc>,
    ) -> Result<bool, DbErr> {
        self.execute(conn, END, vec![state.into(), error.into(), now.into()])
            .await
    }

    async fn execute_while_claimed(
        &self,
        conn: &impl ConnectionTrait,
        sql: &str,
        mut rest: Vec<Value>,
        claim: &ComparedClaim,
    ) -> Result<bool, DbErr> {
        // After the two values that every statement has.
        let (until, shared) = (rest.len() + 3, rest.len() + 4);
        let present = is_of_present_account("p", &format!("${shared}"));
        let sql = format!(
            "{sql}{WHILE_CLAIMED} p.released_at IS NOT DISTINCT FROM ${until}::timestamptz
             AND {present})"
        );
        rest.extend([claim.until.into(), claim.shared.clone().into()]);
        self.execute(conn, &sql, rest).await
    }

    async fn execute(
        &self,
        conn: &impl ConnectionTrait,
        sql: &str,
        rest: Vec<Value>,
    ) -> Result<bool, DbErr> {
        let mut values = vec![self.id.into(), self.owner.into()];
        values.extend(rest);
        Ok(sql::run(conn, sql, values).await? == 1)
    }
}
