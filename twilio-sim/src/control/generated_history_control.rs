use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::control::{ControlError, NewPhoneNumber};
use crate::history::{
    GeneratedHistory, HistoryPlan, HistoryShares, MAX_CUSTOMERS, customer_with_phone,
};
use crate::model::Sid;
use crate::simulation::{Notice, Simulation};
use crate::wire::normalize_phone_number;

/// Most messages of a history, for which arithmetic and tests have been looked at.
const MAX_MESSAGES: u64 = 100_000_000;
/// Most histories of an account: each is looked at for a page.
const MAX_HISTORIES: usize = 100;
/// Most numbers of a history.
const MAX_NUMBERS: usize = 1_000;

/// A history to be generated. The same description always gives the same messages; only SIDs
/// differ between accounts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewHistory {
    /// The account.
    pub account_sid: Sid,
    /// Its numbers that take part; one that the account does not have is given to it. All numbers
    /// of the account unless given.
    #[serde(default)]
    pub numbers: Vec<String>,
    /// Number of messages, at most one for each second.
    pub messages: u64,
    /// Number of customers; one in four messages unless given, and at most 20,000.
    #[serde(default)]
    pub contacts: Option<u64>,
    /// Everything follows from it. An account has one history with the same seed.
    pub seed: u64,
    /// Not before; 2023-01-01 unless given.
    #[serde(default)]
    pub from: Option<DateTime<Utc>>,
    /// Before; 2026-01-01 unless given.
    #[serde(default)]
    pub to: Option<DateTime<Utc>>,
    /// Share of the messages that customers sent: 0 to 1, like every share.
    #[serde(default = "default_inbound")]
    pub inbound_share: f64,
    /// Share with one to ten files.
    #[serde(default = "default_media")]
    pub media_share: f64,
    /// Share whose body is null.
    #[serde(default = "default_null_body")]
    pub null_body_share: f64,
    /// Share of the outbound ones that are failed or undelivered, with a code.
    #[serde(default = "default_failed")]
    pub failed_share: f64,
    /// Share of the outbound ones that are scheduled, canceled or accepted, and never sent.
    #[serde(default = "default_never_sent")]
    pub never_sent_share: f64,
    /// Share with a status that Twilio does not have today.
    #[serde(default)]
    pub unknown_status_share: f64,
    /// Share with dates that are missing or cannot be.
    #[serde(default)]
    pub bad_date_share: f64,
}

fn default_inbound() -> f64 {
    0.45
}

fn default_media() -> f64 {
    0.04
}

fn default_null_body() -> f64 {
    0.01
}

fn default_failed() -> f64 {
    0.05
}

fn default_never_sent() -> f64 {
    0.01
}

impl NewHistory {
    /// A history with the usual shares between every number of the account and its customers.
    #[must_use]
    pub fn new(account_sid: Sid, messages: u64, seed: u64) -> Self {
        Self {
            account_sid,
            numbers: Vec::new(),
            messages,
            contacts: None,
            seed,
            from: None,
            to: None,
            inbound_share: default_inbound(),
            media_share: default_media(),
            null_body_share: default_null_body(),
            failed_share: default_failed(),
            never_sent_share: default_never_sent(),
            unknown_status_share: 0.0,
            bad_date_share: 0.0,
        }
    }
}

/// A history in a few words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HistorySummary {
    /// Its account.
    pub account_sid: Sid,
    /// Its seed.
    pub seed: u64,
    /// Number of messages.
    pub messages: u64,
    /// Number of customers that it chooses from.
    pub contacts: u64,
    /// The numbers that take part.
    pub numbers: Vec<String>,
}

impl HistorySummary {
    fn of(history: &GeneratedHistory) -> Self {
        let plan = history.plan();
        Self {
            account_sid: plan.account_sid.clone(),
            seed: plan.seed,
            messages: plan.messages,
            contacts: plan.contacts,
            numbers: plan.numbers.clone(),
        }
    }
}

impl Simulation {
    /// Gives an account a generated past. Nothing is stored and no event is sent.
    ///
    /// # Errors
    /// There is no such account, a number, date or share cannot be, or the account has a history
    /// with this seed already.
    pub fn add_history(&self, new: NewHistory) -> Result<HistorySummary, ControlError> {
        let numbers = self.history_numbers(&new)?;
        let plan = plan_of(&new, numbers)?;
        let mut state = self.state();
        let collision = state.owners.keys().find(|number| {
            customer_with_phone(number).is_some_and(|customer| customer < plan.contacts)
        });
        if let Some(number) = collision {
            return Err(ControlError::Conflict(format!(
                "{number} belongs to an account and would be a customer of the history"
            )));
        }
        let account = state
            .accounts
            .get_mut(&new.account_sid)
            .ok_or_else(|| ControlError::no_account(new.account_sid.as_str()))?;
        if account.histories.iter().any(|one| one.seed() == new.seed) {
            return Err(ControlError::Conflict(format!(
                "the account has a history with the seed {} already",
                new.seed
            )));
        }
        if account.histories.len() >= MAX_HISTORIES {
            return Err(ControlError::Invalid(format!(
                "the account has {MAX_HISTORIES} histories already"
            )));
        }
        let history = GeneratedHistory::new(plan);
        let summary = HistorySummary::of(&history);
        account.histories.push(Arc::new(history));
        drop(state);
        self.notify(Notice::Settings);
        Ok(summary)
    }

    /// The generated histories of an account, in the order in which they were added.
    #[must_use]
    pub fn histories(&self, account_sid: &str) -> Vec<Arc<GeneratedHistory>> {
        self.state()
            .accounts
            .values()
            .filter(|account| account.account.sid.as_str() == account_sid)
            .flat_map(|account| account.histories.iter().cloned())
            .collect()
    }

    /// The generated histories of all accounts in a few words.
    #[must_use]
    pub fn history_summaries(&self) -> Vec<HistorySummary> {
        self.state()
            .accounts
            .values()
            .flat_map(|account| &account.histories)
            .map(|history| HistorySummary::of(history))
            .collect()
    }

    fn history_numbers(&self, new: &NewHistory) -> Result<Vec<String>, ControlError> {
        if new.numbers.is_empty() {
            let numbers = self.phone_numbers();
            return Ok(numbers
                .into_iter()
                .filter(|number| number.account_sid == new.account_sid)
                .map(|number| number.phone_number)
                .collect());
        }
        let mut numbers = Vec::with_capacity(new.numbers.len());
        for given in &new.numbers {
            let number = normalize_phone_number(given)
                .ok_or_else(|| ControlError::no_phone_number("numbers", given))?;
            if numbers.contains(&number) {
                return Err(ControlError::Invalid(format!("{number} is given twice")));
            }
            self.add_phone_number(NewPhoneNumber {
                account_sid: new.account_sid.clone(),
                phone_number: number.clone(),
                friendly_name: None,
                sid: None,
                sms_enabled: true,
                settings: BTreeMap::new(),
            })?;
            numbers.push(number);
        }
        Ok(numbers)
    }
}

fn plan_of(new: &NewHistory, numbers: Vec<String>) -> Result<HistoryPlan, ControlError> {
    let invalid = |text: String| Err(ControlError::Invalid(text));
    if numbers.is_empty() || numbers.len() > MAX_NUMBERS {
        return invalid(format!("1 to {MAX_NUMBERS} numbers can take part"));
    }
    if new.messages == 0 || new.messages > MAX_MESSAGES {
        return invalid(format!("messages must be 1 to {MAX_MESSAGES}"));
    }
    let contacts = new
        .contacts
        .unwrap_or_else(|| (new.messages / 4).clamp(1, 20_000));
    if contacts == 0 || contacts > MAX_CUSTOMERS {
        return invalid(format!("contacts must be 1 to {MAX_CUSTOMERS}"));
    }
    // 2023-01-01 and 2026-01-01.
    let start = new.from.map_or(1_672_531_200, |date| date.timestamp());
    let end = new.to.map_or(1_767_225_600, |date| date.timestamp());
    let span = u64::try_from(end.saturating_sub(start)).unwrap_or(0);
    if span < new.messages {
        return invalid(format!(
            "{} messages need at least as many seconds between from and to, which are {span} apart",
            new.messages
        ));
    }
    let shares = [
        ("inbound_share", new.inbound_share),
        ("media_share", new.media_share),
        ("null_body_share", new.null_body_share),
        ("failed_share", new.failed_share),
        ("never_sent_share", new.never_sent_share),
        ("unknown_status_share", new.unknown_status_share),
        ("bad_date_share", new.bad_date_share),
    ];
    if let Some((name, _)) = shares
        .into_iter()
        .find(|(_, share)| !(0.0..=1.0).contains(share))
    {
        return invalid(format!("{name} must be 0 to 1"));
    }
    Ok(HistoryPlan {
        account_sid: new.account_sid.clone(),
        seed: new.seed,
        messages: new.messages,
        contacts,
        numbers,
        start,
        span,
        shares: HistoryShares {
            inbound: new.inbound_share,
            media: new.media_share,
            null_body: new.null_body_share,
            failed: new.failed_share,
            never_sent: new.never_sent_share,
            unknown_status: new.unknown_status_share,
            bad_dates: new.bad_date_share,
        },
    })
}
