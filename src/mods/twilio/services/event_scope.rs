//! Whose a stored event is. Events are of a Twilio account, and an account may be shared by
//! organizations: nobody may see an event of another one.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement};

use crate::{bases::ids::OrganizationId, mods::twilio::utils::INBOUND_WEBHOOK_EVENT};

/// More numbers than an organization of this kind has.
const MAX_NUMBERS: i64 = 1_000;

/// Which events an organization may see.
#[derive(Debug)]
pub(super) struct EventScope {
    /// By account and number: since when it is the organization's, where another had it before.
    numbers: HashMap<(String, String), Option<DateTime<Utc>>>,
    /// The accounts that events may be of.
    accounts: Vec<String>,
    /// Those of them that no other organization has to do with.
    alone: HashSet<String>,
    /// The account that the organization brought, if it did.
    brought: Option<String>,
}

/// What tells whose an event is.
#[derive(Debug, Clone, Copy)]
pub(super) struct EventAddresses<'a> {
    pub(super) from: Option<&'a str>,
    pub(super) to: Option<&'a str>,
}

#[derive(FromQueryResult)]
struct NumberRow {
    account: String,
    number: String,
    since: Option<DateTime<Utc>>,
}

// As for the processing of events, the first organization that has a number keeps it. What came
// before another one released it was for that one.
const NUMBERS: &str = "
SELECT p.twilio_account_sid AS account, p.number,
       (SELECT max(o.released_at) FROM phone_number o
        WHERE o.twilio_account_sid = p.twilio_account_sid AND o.number = p.number
          AND o.organization_id <> p.organization_id) AS since
FROM phone_number p
WHERE p.organization_id = $1 AND p.released_at IS NULL
  AND NOT EXISTS (
      SELECT 1 FROM phone_number o
      WHERE o.twilio_account_sid = p.twilio_account_sid AND o.number = p.number
        AND o.organization_id <> p.organization_id AND o.released_at IS NULL
        AND o.created_at <= p.created_at)
LIMIT $2
";

#[derive(FromQueryResult)]
struct AccountRow {
    account: String,
    is_brought: bool,
    is_alone: bool,
}

const ACCOUNTS: &str = "
SELECT a.account, bool_or(a.is_brought) AS is_brought,
       NOT EXISTS (SELECT 1 FROM phone_number o
                   WHERE o.twilio_account_sid = a.account AND o.organization_id <> $1)
       AND NOT EXISTS (SELECT 1 FROM organization o
                       WHERE o.twilio_account_sid = a.account AND o.id <> $1) AS is_alone
FROM (SELECT DISTINCT twilio_account_sid AS account, false AS is_brought
      FROM phone_number WHERE organization_id = $1 AND released_at IS NULL
      UNION ALL
      SELECT twilio_account_sid, true FROM organization
      WHERE id = $1 AND byo_twilio AND twilio_account_sid IS NOT NULL) AS a
GROUP BY a.account
";

impl EventScope {
    /// What belongs to the organization at this moment.
    pub(super) async fn of(
        conn: &impl ConnectionTrait,
        organization: OrganizationId,
    ) -> Result<Self, DbErr> {
        let backend = conn.get_database_backend();
        let values = [organization.0.into(), MAX_NUMBERS.into()];
        let select = Statement::from_sql_and_values(backend, NUMBERS, values);
        let numbers = NumberRow::find_by_statement(select).all(conn).await?;
        let select = Statement::from_sql_and_values(backend, ACCOUNTS, [organization.0.into()]);
        let accounts = AccountRow::find_by_statement(select).all(conn).await?;
        let alone = accounts.iter().filter(|row| row.is_alone);
        let brought = accounts.iter().find(|row| row.is_brought);
        Ok(Self {
            numbers: numbers
                .into_iter()
                .map(|row| ((row.account, row.number), row.since))
                .collect(),
            alone: alone.map(|row| row.account.clone()).collect(),
            brought: brought.map(|row| row.account.clone()),
            accounts: accounts.into_iter().map(|row| row.account).collect(),
        })
    }

    /// The accounts whose events may concern the organization.
    pub(super) fn accounts(&self) -> &[String] {
        &self.accounts
    }

    /// Whether the organization may see an event of one of its accounts:
    /// - one that concerns a number of its own;
    /// - one that names no number, if no other organization has to do with the account;
    /// - one of another number, if the account was brought by the organization and is only its own.
    pub(super) fn may_see(
        &self,
        account: &str,
        event_type: &str,
        addresses: EventAddresses<'_>,
        received_at: DateTime<Utc>,
    ) -> bool {
        let is_alone = self.alone.contains(account);
        let EventAddresses { from, to } = addresses;
        if from.is_none() && to.is_none() {
            return is_alone;
        }
        // A customer's text is to the owner of `to`; other news is of the sender's message. Where
        // others share the account, the sender may be one of theirs.
        let is_inbound = event_type == "com.twilio.messaging.inbound-message.received"
            || event_type == INBOUND_WEBHOOK_EVENT;
        let is_ours = match from.filter(|_| !is_inbound) {
            Some(from) if !is_alone => self.has(account, from, received_at),
            sender => [sender, to]
                .into_iter()
                .flatten()
                .any(|number| self.has(account, number, received_at)),
        };
        is_ours || (is_alone && self.brought.as_deref() == Some(account))
    }

    /// Whether the number was the organization's at that time.
    fn has(&self, account: &str, number: &str, at: DateTime<Utc>) -> bool {
        self.numbers
            .get(&(account.to_owned(), number.to_owned()))
            .is_some_and(|since| since.is_none_or(|since| at > since))
    }
}
