use std::collections::BTreeMap;

use chrono::Utc;
use serde::Deserialize;

use crate::control::ControlError;
use crate::model::{NumberSettings, PhoneNumber};
use crate::simulation::{Notice, Simulation};
use crate::wire::normalize_phone_number;

/// What somebody changed about a number in Twilio's Console. What is left out stays.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ChangedNumber {
    /// Its name.
    pub friendly_name: Option<String>,
    /// Where its calls and texts lead, by the API's names: `voice_url`, `trunk_sid` and so on.
    pub settings: BTreeMap<String, String>,
}

impl Simulation {
    /// Changes a number as somebody does by hand: it is in no log of requests.
    ///
    /// # Errors
    /// No account has the number, or a setting is not valid.
    pub fn change_phone_number(
        &self,
        number: &str,
        changed: &ChangedNumber,
    ) -> Result<PhoneNumber, ControlError> {
        let shown = {
            let mut state = self.state();
            let (number, owner) = owner_of(&state.owners, number)?;
            let found = state.accounts.get_mut(&owner).and_then(|account| {
                let mut numbers = account.phone_numbers.iter_mut();
                numbers.find(|one| one.phone_number == number)
            });
            let found = found.ok_or_else(|| no_number(&number))?;
            set_by_hand(&mut found.settings, &changed.settings)?;
            if let Some(name) = &changed.friendly_name {
                found.friendly_name.clone_from(name);
            }
            found.date_updated = Utc::now();
            found.clone()
        };
        self.notify(Notice::Settings);
        Ok(shown)
    }

    /// Takes a number away from its account, as somebody does by hand.
    ///
    /// # Errors
    /// No account has the number.
    pub fn remove_phone_number(&self, number: &str) -> Result<(), ControlError> {
        {
            let mut state = self.state();
            let (number, owner) = owner_of(&state.owners, number)?;
            state
                .take_phone_number(&owner, |one| one.phone_number == number)
                .ok_or_else(|| no_number(&number))?;
        }
        self.notify(Notice::Settings);
        Ok(())
    }
}

fn owner_of(
    owners: &std::collections::HashMap<String, crate::model::Sid>,
    number: &str,
) -> Result<(String, crate::model::Sid), ControlError> {
    let e164 = normalize_phone_number(number)
        .ok_or_else(|| ControlError::no_phone_number("the number", number))?;
    let owner = owners.get(&e164).cloned().ok_or_else(|| no_number(&e164))?;
    Ok((e164, owner))
}

fn no_number(number: &str) -> ControlError {
    ControlError::NotFound(format!("{number} belongs to no account"))
}

/// Takes settings by the API's names.
pub(crate) fn set_by_hand(
    settings: &mut NumberSettings,
    given: &BTreeMap<String, String>,
) -> Result<(), ControlError> {
    if let Some(name) = given.keys().find(|name| !NumberSettings::is_name(name)) {
        return Err(ControlError::Invalid(format!(
            "a number has no setting {name}"
        )));
    }
    settings
        .set(|_, name| given.get(name).map(String::as_str))
        .map_err(|error| ControlError::Invalid(error.to_string()))
}
