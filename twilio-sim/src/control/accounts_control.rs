use std::collections::BTreeMap;

use chrono::Utc;
use serde::Deserialize;

use crate::control::ControlError;
use crate::control::number_control::set_by_hand;
use crate::model::{
    Account, AccountKind, AccountStatus, Capabilities, MessagingService, NumberSettings,
    PhoneNumber, Sid, SidPrefix,
};
use crate::simulation::{Notice, Simulation};
use crate::store::AccountState;
use crate::wire::normalize_phone_number;

/// Most accounts, and most numbers of one account.
const MAX_ACCOUNTS: usize = 1_000;
const MAX_NUMBERS: usize = 10_000;

/// An account to be made, or an existing one to be changed: what is not given stays.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// `AC…`
    pub sid: Sid,
    /// Password of the API and key of signatures.
    pub auth_token: String,
    /// The one that it is about to be replaced with: the API takes both. None unless given.
    #[serde(default)]
    pub secondary_auth_token: Option<String>,
    /// Its name; empty unless given.
    #[serde(default)]
    pub friendly_name: Option<String>,
    /// Active unless given.
    #[serde(default)]
    pub status: Option<AccountStatus>,
    /// `Full` unless given.
    #[serde(default, rename = "type")]
    pub kind: Option<AccountKind>,
    /// The account that pays for it; none unless it is a sub-account.
    #[serde(default)]
    pub owner_sid: Option<Sid>,
    /// New webhook sinks wait for Test and Validate; they are active at once unless given.
    #[serde(default)]
    pub sinks_wait: Option<bool>,
}

impl NewAccount {
    /// The account as it is afterwards.
    fn onto(self, known: Option<&Account>) -> Account {
        Account {
            sid: self.sid,
            auth_token: self.auth_token,
            secondary_auth_token: self.secondary_auth_token,
            friendly_name: self
                .friendly_name
                .or_else(|| known.map(|one| one.friendly_name.clone()))
                .unwrap_or_default(),
            status: self
                .status
                .or_else(|| known.map(|one| one.status))
                .unwrap_or_default(),
            kind: self
                .kind
                .or_else(|| known.map(|one| one.kind))
                .unwrap_or_default(),
            owner_sid: self
                .owner_sid
                .or_else(|| known.and_then(|one| one.owner_sid.clone())),
            sinks_wait: self
                .sinks_wait
                .or_else(|| known.map(|one| one.sinks_wait))
                .unwrap_or_default(),
            date_created: known.map_or_else(Utc::now, |one| one.date_created),
        }
    }
}

/// A number to be given to an account.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPhoneNumber {
    /// Its owner.
    pub account_sid: Sid,
    /// The number.
    pub phone_number: String,
    /// Its name; the number itself unless given.
    #[serde(default)]
    pub friendly_name: Option<String>,
    /// `PN…`; a new one unless given.
    #[serde(default)]
    pub sid: Option<Sid>,
    /// Whether it can text; true unless given.
    #[serde(default = "yes")]
    pub sms_enabled: bool,
    /// Where its calls and texts lead already, by the API's names: `voice_url` and so on.
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
}

/// A Messaging Service to be made.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewMessagingService {
    /// Its owner.
    pub account_sid: Sid,
    /// `MG…`; a new one unless given.
    #[serde(default)]
    pub sid: Option<Sid>,
    /// Numbers of the account that it sends from.
    pub phone_numbers: Vec<String>,
    /// Where texts to its numbers are posted instead of the number's own webhook; that one is used
    /// unless given.
    #[serde(default)]
    pub inbound_request_url: Option<String>,
    /// Where the status of its messages is posted, unless a message has an address of its own.
    #[serde(default)]
    pub status_callback: Option<String>,
}

fn yes() -> bool {
    true
}

impl Simulation {
    /// Adds an account. For an existing SID it changes the token and what else is given, which is
    /// how a token is rotated.
    ///
    /// # Errors
    /// The SID is no account SID, the token is empty, or there are too many accounts.
    pub fn add_account(&self, new: NewAccount) -> Result<(), ControlError> {
        if !new.sid.as_str().starts_with("AC") {
            return Err(ControlError::Invalid(
                "an account SID begins with AC".to_owned(),
            ));
        }
        if new.auth_token.is_empty() {
            return Err(ControlError::Invalid("auth_token is empty".to_owned()));
        }
        let mut state = self.state();
        let known = state.accounts.contains_key(&new.sid);
        if !known && state.accounts.len() >= MAX_ACCOUNTS {
            return Err(ControlError::Invalid(format!(
                "there are {MAX_ACCOUNTS} accounts already"
            )));
        }
        match state.accounts.get_mut(&new.sid) {
            Some(existing) => existing.account = new.onto(Some(&existing.account)),
            None => {
                let account = AccountState::new(new.onto(None));
                state.accounts.insert(account.account.sid.clone(), account);
            }
        }
        drop(state);
        self.notify(Notice::Settings);
        Ok(())
    }

    /// Gives a phone number to an account. The same number of the same account is kept as it is.
    ///
    /// # Errors
    /// There is no such account, the number is not valid, or another account owns it.
    pub fn add_phone_number(&self, new: NewPhoneNumber) -> Result<PhoneNumber, ControlError> {
        let phone_number = normalize_phone_number(&new.phone_number)
            .ok_or_else(|| ControlError::no_phone_number("phone_number", &new.phone_number))?;
        let mut state = self.state();
        if let Some(owner) = state.owners.get(&phone_number)
            && *owner != new.account_sid
        {
            return Err(ControlError::Conflict(format!(
                "{phone_number} belongs to another account"
            )));
        }
        let account = state
            .accounts
            .get_mut(&new.account_sid)
            .ok_or_else(|| ControlError::no_account(new.account_sid.as_str()))?;
        if let Some(existing) = account.phone_number(&phone_number) {
            return Ok(existing.clone());
        }
        if account.phone_numbers.len() >= MAX_NUMBERS {
            return Err(ControlError::Invalid(format!(
                "the account has {MAX_NUMBERS} numbers already"
            )));
        }
        let mut settings = NumberSettings::default();
        set_by_hand(&mut settings, &new.settings)?;
        let now = Utc::now();
        let number = PhoneNumber {
            sid: new
                .sid
                .unwrap_or_else(|| Sid::generate(SidPrefix::PhoneNumber)),
            account_sid: new.account_sid.clone(),
            friendly_name: new.friendly_name.unwrap_or_else(|| phone_number.clone()),
            phone_number: phone_number.clone(),
            sms_enabled: new.sms_enabled,
            capabilities: Capabilities {
                voice: true,
                sms: new.sms_enabled,
                mms: new.sms_enabled,
                fax: false,
            },
            settings,
            date_created: now,
            date_updated: now,
        };
        account.phone_numbers.insert(0, number.clone());
        state.owners.insert(phone_number, new.account_sid);
        drop(state);
        self.notify(Notice::Settings);
        Ok(number)
    }

    /// Adds a Messaging Service to an account.
    ///
    /// # Errors
    /// There is no such account, or a number is not the account's.
    pub fn add_messaging_service(&self, new: NewMessagingService) -> Result<Sid, ControlError> {
        let mut state = self.state();
        let account = state
            .accounts
            .get_mut(&new.account_sid)
            .ok_or_else(|| ControlError::no_account(new.account_sid.as_str()))?;
        if let Some(foreign) = new
            .phone_numbers
            .iter()
            .find(|number| account.phone_number(number).is_none())
        {
            return Err(ControlError::Invalid(format!(
                "{foreign} is not a number of the account"
            )));
        }
        if account.messaging_services.len() >= MAX_NUMBERS {
            return Err(ControlError::Invalid(format!(
                "the account has {MAX_NUMBERS} Messaging Services already"
            )));
        }
        let sid = new
            .sid
            .unwrap_or_else(|| Sid::generate(SidPrefix::MessagingService));
        account.messaging_services.push(MessagingService {
            sid: sid.clone(),
            phone_numbers: new.phone_numbers,
            inbound_request_url: new.inbound_request_url,
            status_callback: new.status_callback,
            date_created: Utc::now(),
        });
        Ok(sid)
    }

    /// Every number of every account, in the order they were added.
    #[must_use]
    pub fn phone_numbers(&self) -> Vec<PhoneNumber> {
        let state = self.state();
        let mut numbers: Vec<PhoneNumber> = state
            .accounts
            .values()
            .flat_map(|account| account.phone_numbers.iter().rev().cloned())
            .collect();
        numbers.sort_by_key(|number| number.date_created);
        numbers
    }

    /// Names of all accounts.
    pub(crate) fn account_names(&self) -> BTreeMap<Sid, String> {
        let state = self.state();
        state
            .accounts
            .iter()
            .map(|(sid, account)| (sid.clone(), account.account.friendly_name.clone()))
            .collect()
    }

    /// Adds the account of the configuration.
    pub(crate) fn add_seed_account(&self) -> Result<(), ControlError> {
        let Some(seed) = self.seed_account() else {
            return Ok(());
        };
        let sid = Sid::parse(&seed.sid).ok_or_else(|| {
            ControlError::Invalid("an account SID is AC and 32 hex digits".to_owned())
        })?;
        self.add_account(NewAccount {
            sid,
            auth_token: seed.auth_token.clone(),
            friendly_name: Some(seed.friendly_name.clone()),
            status: None,
            kind: None,
            secondary_auth_token: None,
            owner_sid: None,
            sinks_wait: None,
        })
    }
}
