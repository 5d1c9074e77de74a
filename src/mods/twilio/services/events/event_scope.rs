//! Who may see a stored event. Events belong to a Twilio account, which organizations may share:
//! nobody may see an event of another organization.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use crate::{
    bases::{config::Config, ids::OrganizationId, sql},
    entities::claim,
    mods::twilio::utils::INBOUND_WEBHOOK_EVENT,
};

/// More numbers than an organization of this kind has.
const MAX_NUMBERS: i64 = 1_000;

/// Which events an organization may see.
#[derive(Debug)]
pub(super) struct EventScope {
    /// By account and number: since when the organization has it, if another had it before.
    numbers: HashMap<(String, String), Option<DateTime<Utc>>>,
    /// The account that the organization uses now; none if it uses none.
    accounts: Vec<String>,
    /// No other organization uses it.
    is_alone: bool,
    /// The organization brought it.
    is_brought: bool,
}

/// The payload fields that identify an event's owner.
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

// As in processing, the first organization that has a number keeps it. What came before another one
// gave it up belongs to that one.
fn numbers_sql() -> String {
    format!(
        "SELECT p.twilio_account_sid AS account, p.number, {since} AS since
         FROM phone_number p
         WHERE p.organization_id = $1 AND {is_live}
           AND NOT EXISTS (
               SELECT 1 FROM phone_number o
               WHERE o.number = p.number AND o.twilio_account_sid = p.twilio_account_sid
                 AND o.organization_id <> p.organization_id
                 AND (o.created_at, o.id) < (p.created_at, p.id) AND {is_live_too})
         LIMIT $3",
        since = claim::since("p"),
        is_live = claim::is_live("p", "$2"),
        is_live_too = claim::is_live("o", "$2"),
    )
}

#[derive(FromQueryResult)]
struct AccountRow {
    account: String,
    is_brought: bool,
    is_alone: bool,
}

// The one account that is used now. Whoever brings it may read all of it at Twilio, so only others
// who use it now count; on the shared one also those who once did, and whoever has only a part of
// it is never alone.
fn account_sql() -> String {
    format!(
        "SELECT mine.account, mine.byo_twilio AS is_brought,
                NOT EXISTS (SELECT 1 FROM organization o
                            WHERE o.id <> $1 AND {present} = mine.account)
                AND (mine.byo_twilio OR (
                    mine.shared_twilio = 'whole'
                    AND NOT EXISTS (SELECT 1 FROM organization o
                                    WHERE o.id <> $1 AND o.twilio_account_sid = mine.account)
                    AND NOT EXISTS (
                        SELECT 1 FROM phone_number p
                        WHERE p.twilio_account_sid = mine.account AND p.organization_id <> $1)))
                AS is_alone
         FROM (SELECT m.*, {own} AS account FROM organization m WHERE m.id = $1) AS mine
         WHERE mine.account IS NOT NULL",
        present = claim::present_account("o", "$2"),
        own = claim::present_account("m", "$2"),
    )
}

impl EventScope {
    /// The scope of the organization at this moment.
    pub(super) async fn of(
        conn: &impl ConnectionTrait,
        config: &Config,
        organization: OrganizationId,
    ) -> Result<Self, DbErr> {
        let shared = config.shared_account_sid().map(str::to_owned);
        let values = [
            organization.into(),
            shared.clone().into(),
            MAX_NUMBERS.into(),
        ];
        let numbers = sql::rows::<NumberRow>(conn, numbers_sql(), values).await?;
        let values = [organization.into(), shared.into()];
        let account = sql::row::<AccountRow>(conn, account_sql(), values).await?;
        Ok(Self {
            numbers: numbers
                .into_iter()
                .map(|row| ((row.account, row.number), row.since))
                .collect(),
            is_alone: account.as_ref().is_some_and(|row| row.is_alone),
            is_brought: account.as_ref().is_some_and(|row| row.is_brought),
            accounts: account.into_iter().map(|row| row.account).collect(),
        })
    }

    /// The account whose events may concern the organization; empty if it uses none.
    pub(super) fn accounts(&self) -> &[String] {
        &self.accounts
    }

    /// Whether the organization may know how much comes for the whole account: it brought the
    /// account, or no other organization uses it.
    pub(super) fn is_of_whole_account(&self) -> bool {
        self.is_brought || self.is_alone
    }

    /// Whether the organization may see an event of one of its accounts:
    /// - one that concerns a number of its own;
    /// - one that names no number, if no other organization has to do with the account;
    /// - one of another number, if the account was brought by the organization and is only its own.
    ///
    /// It never sees an event of another account than the present one.
    pub(super) fn may_see(
        &self,
        account: &str,
        event_type: &str,
        addresses: EventAddresses<'_>,
        received_at: DateTime<Utc>,
    ) -> bool {
        if !self.accounts.iter().any(|own| own == account) {
            return false;
        }
        let is_alone = self.is_alone;
        let EventAddresses { from, to } = addresses;
        if from.is_none() && to.is_none() {
            return is_alone;
        }
        // A customer's text belongs to the owner of `to`; a status belongs to the sender's message.
        // If others share the account, the sender may be theirs.
        let is_inbound = event_type == "com.twilio.messaging.inbound-message.received"
            || event_type == INBOUND_WEBHOOK_EVENT;
        let is_ours = match from.filter(|_| !is_inbound) {
            Some(from) if !is_alone => self.has(account, from, received_at),
            sender => [sender, to]
                .into_iter()
                .flatten()
                .any(|number| self.has(account, number, received_at)),
        };
        is_ours || (is_alone && self.is_brought)
    }

    /// Whether the number was the organization's at that time.
    fn has(&self, account: &str, number: &str, at: DateTime<Utc>) -> bool {
        self.numbers
            .get(&(account.to_owned(), number.to_owned()))
            .is_some_and(|since| since.is_none_or(|since| at > since))
    }
}
