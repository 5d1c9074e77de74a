//! Who works on a reconciliation.

use chrono::{DateTime, Utc};

use crate::{
    bases::{
        config::Config,
        lease::{Guard, IS_FREE, LeasedTable},
    },
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

/// No reconciliation outlives the claim of its number: an organization that loses the number
/// stores nothing of it from then on. A number that was given up or imported again meanwhile
/// starts over, up to another end: `until` is when the organization has given it up.
pub(super) fn while_claimed(config: &Config, until: Option<DateTime<Utc>>) -> Guard {
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
        values: vec![
            until.into(),
            config.shared_account_sid().map(str::to_owned).into(),
        ],
    }
}
