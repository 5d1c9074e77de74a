use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::control::ControlError;
use crate::simulation::{Notice, Simulation};
use crate::wire::normalize_phone_number;

/// Phones that can have a name.
const MAX_NAMES: usize = 10_000;
/// Phones that are offered on the handset page.
const MAX_OFFERED: usize = 200;
/// Messages of an account that are looked at to find them.
const MESSAGES_LOOKED_AT: usize = 2_000;

/// A customer's phone with the name that the handset page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedHandset {
    /// The number.
    pub phone: String,
    /// The name; none for a phone that was only seen in messages.
    pub name: Option<String>,
}

impl Simulation {
    /// Gives a customer's phone a name, or takes it away.
    ///
    /// # Errors
    /// The number is not valid, or there are too many names.
    pub fn name_handset(&self, named: NamedHandset) -> Result<(), ControlError> {
        let phone = normalize_phone_number(&named.phone)
            .ok_or_else(|| ControlError::no_phone_number("phone", &named.phone))?;
        let mut state = self.state();
        if state.handset_names.len() >= MAX_NAMES && !state.handset_names.contains_key(&phone) {
            return Err(ControlError::Invalid(format!(
                "there are {MAX_NAMES} names already"
            )));
        }
        match named.name {
            Some(name) => state.handset_names.insert(phone, name),
            None => state.handset_names.remove(&phone),
        };
        drop(state);
        self.notify(Notice::Settings);
        Ok(())
    }

    /// Customers' phones to choose from: those with a name, then those of the newest messages.
    #[must_use]
    pub fn handsets(&self) -> Vec<NamedHandset> {
        let state = self.state();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut handsets: Vec<NamedHandset> = Vec::new();
        for (phone, name) in &state.handset_names {
            seen.insert(phone.clone());
            handsets.push(NamedHandset {
                phone: phone.clone(),
                name: Some(name.clone()),
            });
        }
        handsets.sort_by(|one, other| one.name.cmp(&other.name));
        for account in state.accounts.values() {
            for message in account.messages.iter().rev().take(MESSAGES_LOOKED_AT) {
                let phone = if message.direction.is_inbound() {
                    message.from.clone().unwrap_or_default()
                } else {
                    message.to.clone()
                };
                if !state.owners.contains_key(&phone) && seen.insert(phone.clone()) {
                    handsets.push(NamedHandset { phone, name: None });
                }
            }
        }
        handsets.truncate(MAX_OFFERED);
        handsets
    }
}
