//! Who works on a reconciliation, and what is counted meanwhile.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use crate::{
    bases::lease::{EXTEND, Guard, IS_FREE, Lease, LeasedTable},
    entities::claim::is_of_present_account,
};

/// Reconciliations, the oldest first. Whoever takes one over starts over: messages are counted
/// again, and what was added or advanced already is found in order.
pub(super) const RECONCILIATIONS: LeasedTable = LeasedTable {
    name: "twilio_reconciliation",
    next: || {
        format!(
            "SELECT id FROM twilio_reconciliation WHERE {IS_FREE}
             ORDER BY started_at LIMIT 1
             FOR UPDATE SKIP LOCKED"
        )
    },
    reset: ", checked = 0, unreadable = '{}'",
};

const COUNT: &str = "
checked = checked + $3, missing = missing + $4, repaired = repaired + $5,
unreadable = CASE WHEN cardinality($6::text[]) = 0 THEN unreadable ELSE ARRAY (
    SELECT DISTINCT entry FROM unnest(unreadable || $6) AS entry LIMIT 1000) END
";

/// The claim that a reconciliation is made for.
#[derive(Debug, Clone)]
pub(super) struct ComparedClaim {
    /// The SID of the shared account.
    pub shared: Option<String>,
    /// When the organization has given the number up.
    pub until: Option<DateTime<Utc>>,
}

impl ComparedClaim {
    /// No reconciliation outlives the claim of its number: an organization that loses the number
    /// stores nothing of it from then on. A number that was given up or imported again meanwhile
    /// starts over, up to another end.
    pub(super) fn guard(&self) -> Guard {
        Guard {
            sql: |until| {
                let present = is_of_present_account("p", &format!("${}", until + 1));
                format!(
                    "EXISTS (
                        SELECT 1 FROM phone_number p
                        WHERE p.id = twilio_reconciliation.phone_number_id
                          AND p.released_at IS NOT DISTINCT FROM ${until}::timestamptz
                          AND {present})"
                )
            },
            values: vec![self.until.into(), self.shared.clone().into()],
        }
    }
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

impl PageFindings {
    /// Adds them up and renews the lease; false if it or the claim is lost: then the page is not
    /// stored.
    pub(super) async fn count(
        self,
        conn: &impl ConnectionTrait,
        lease: &Lease,
        claim: &ComparedClaim,
    ) -> Result<bool, DbErr> {
        let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX).into();
        let values = [
            number(self.checked),
            number(self.missing),
            number(self.repaired),
            self.unreadable.into(),
        ];
        let set = format!("{EXTEND}, {COUNT}");
        lease.update(conn, &set, values, claim.guard()).await
    }
}
