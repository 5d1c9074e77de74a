//! The right to work on a row for some seconds, which its holder renews. A node that dies loses it,
//! and another one takes over. Time is Postgres', so that the clocks of nodes need not agree.
//!
//! A table of leased work has `id`, `organization_id`, `state` ('running' while there is work),
//! `lease_owner` and `lease_until`.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::{ids::OrganizationId, sql};

/// Sets the end of a lease anew: 15 s, so that a node that is killed is replaced soon, and one that
/// is only slow is not.
pub const EXTEND: &str = "lease_until = now() + interval '15 seconds'";
/// Ends a lease.
pub const END: &str = "lease_owner = NULL, lease_until = NULL";
/// A row that waits for a worker.
pub const IS_FREE: &str = "state = 'running' AND (lease_until IS NULL OR lease_until < now())";

/// A table whose rows are worked on under a lease.
#[derive(Debug, Clone, Copy)]
pub struct LeasedTable {
    pub name: &'static str,
    /// Selects the id of the next row, and locks it; see [`IS_FREE`].
    pub next: fn() -> String,
    /// What a claim sets besides: `column = value` parts, each after a comma.
    pub reset: &'static str,
}

/// What else must hold for a statement of a lease's holder to change the row.
#[derive(Debug, Clone)]
pub struct Guard {
    /// The condition; its values begin at this placeholder.
    pub sql: fn(usize) -> String,
    pub values: Vec<Value>,
}

impl Guard {
    /// Only the lease counts.
    pub fn none() -> Self {
        Self {
            sql: |_| "true".to_owned(),
            values: Vec::new(),
        }
    }
}

/// The right to work on a row, as long as it is renewed.
#[derive(Debug, Clone, Copy)]
pub struct Lease {
    /// Of the row, in whichever table it is.
    pub id: Uuid,
    pub organization_id: OrganizationId,
    pub table: &'static str,
    owner: Uuid,
}

/// A row that this node has claimed.
#[derive(Debug)]
pub struct Claimed<M> {
    pub lease: Lease,
    pub row: M,
}

impl LeasedTable {
    /// Claims the next row that nobody works on: a new one, or one whose node has died.
    pub async fn claim<M: FromQueryResult>(
        &self,
        conn: &impl ConnectionTrait,
    ) -> Result<Option<Claimed<M>>, DbErr> {
        let owner = Uuid::now_v7();
        let claim = format!(
            "UPDATE {} SET lease_owner = $1, {EXTEND}{} WHERE id = ({}) RETURNING *",
            self.name,
            self.reset,
            (self.next)()
        );
        let Some(row) = sql::first(conn, claim, [owner.into()]).await? else {
            return Ok(None);
        };
        let lease = Lease {
            id: row.try_get("", "id")?,
            organization_id: row.try_get("", "organization_id")?,
            table: self.name,
            owner,
        };
        let row = M::from_query_result(&row, "")?;
        Ok(Some(Claimed { lease, row }))
    }
}

impl Lease {
    /// Changes the row; false if the lease or the guard is lost, or the work was stopped. The
    /// values of `set` begin at `$3`.
    pub async fn update(
        &self,
        conn: &impl ConnectionTrait,
        set: &str,
        values: impl IntoIterator<Item = Value>,
        guard: Guard,
    ) -> Result<bool, DbErr> {
        let mut all = vec![self.id.into(), self.owner.into()];
        all.extend(values);
        let guarded = (guard.sql)(all.len() + 1);
        all.extend(guard.values);
        let update = format!(
            "UPDATE {} SET {set}
             WHERE id = $1 AND lease_owner = $2 AND state = 'running' AND {guarded}",
            self.table
        );
        Ok(sql::run(conn, update, all).await? == 1)
    }

    /// Renews it; false if it or the guard is lost.
    pub async fn renew(&self, conn: &impl ConnectionTrait, guard: Guard) -> Result<bool, DbErr> {
        self.update(conn, EXTEND, [], guard).await
    }

    /// Gives it back, so that another node need not wait for its end.
    pub async fn release(&self, conn: &impl ConnectionTrait) -> Result<(), DbErr> {
        self.update(conn, END, [], Guard::none()).await.map(drop)
    }

    /// Writes how the work ended; false if the lease is lost.
    pub async fn end(
        &self,
        conn: &impl ConnectionTrait,
        state: impl Into<Value>,
        error: Option<String>,
        now: DateTime<Utc>,
    ) -> Result<bool, DbErr> {
        let set = format!("state = $3, error = $4, finished_at = $5, {END}");
        let values = [state.into(), error.into(), now.into()];
        self.update(conn, &set, values, Guard::none()).await
    }
}
