use async_trait::async_trait;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use crate::{
    bases::{
        config::Config,
        db::DbTransaction,
        error::AppError,
        ids::{OrganizationId, PhoneNumberId},
    },
    entities::{phone_number, states::AccountChangeKind},
    mods::{
        account::services::account_changes::{
            AccountAccess, AccountAction, Action, Outcome, Values, changed_since, gone,
        },
        phone::services::find_live_number_service,
    },
    twilio::{TwilioError, TwilioHost, TwilioNumber, TwilioWriter},
};

/// What a change of a number's values is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberChange {
    /// Calls come to Loquent from now on.
    SetVoice,
    /// They go where they went before.
    RestoreVoice,
    /// Texts come to Loquent directly from now on.
    SetSms,
    /// They go where they went before.
    RestoreSms,
    /// Restores what Loquent had set.
    Repair,
    Rename,
}

/// Sets values of a number: URLs, methods, its name. Only the values that are named change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateNumber {
    pub change: NumberChange,
    pub phone_number_id: PhoneNumberId,
    /// `PN…`
    pub number_sid: String,
    /// For people: "Main line" or the number.
    pub label: String,
    /// The present values by their names at Twilio (`voice_url`, `voice_method` …).
    pub before: Values,
    /// The values to be set; the same names.
    pub after: Values,
}

impl UpdateNumber {
    fn resource_path(&self) -> String {
        format!("IncomingPhoneNumbers/{}.json", self.number_sid)
    }

    /// The name of the value that the change is about.
    fn what(&self) -> &'static str {
        match self.change {
            NumberChange::SetVoice | NumberChange::RestoreVoice => "voice URL",
            NumberChange::SetSms | NumberChange::RestoreSms => "SMS URL",
            NumberChange::Repair => "webhooks",
            NumberChange::Rename => "name",
        }
    }
}

#[typetag::serde(name = "update_number")]
#[async_trait]
impl Action for UpdateNumber {
    fn kind(&self) -> AccountChangeKind {
        match self.change {
            NumberChange::SetVoice => AccountChangeKind::VoiceUrlSet,
            NumberChange::RestoreVoice => AccountChangeKind::VoiceUrlRestored,
            NumberChange::SetSms => AccountChangeKind::SmsUrlSet,
            NumberChange::RestoreSms => AccountChangeKind::SmsUrlRestored,
            NumberChange::Repair => AccountChangeKind::NumberRepaired,
            NumberChange::Rename => AccountChangeKind::NumberRenamed,
        }
    }

    fn summary(&self) -> String {
        let (what, label) = (self.what(), &self.label);
        match self.change {
            NumberChange::SetVoice | NumberChange::SetSms => {
                format!("{} of {label} set to Loquent", capitalized(what))
            }
            NumberChange::RestoreVoice | NumberChange::RestoreSms => {
                format!("{} of {label} put back", capitalized(what))
            }
            NumberChange::Repair => format!("Webhooks of {label} repaired"),
            NumberChange::Rename => format!("Name of {label} changed"),
        }
    }

    fn intent(&self) -> String {
        let (what, label) = (self.what(), &self.label);
        match self.change {
            NumberChange::SetVoice | NumberChange::SetSms => {
                format!("Set the {what} of {label} to Loquent")
            }
            NumberChange::RestoreVoice | NumberChange::RestoreSms => {
                format!("Restore the {what} of {label}")
            }
            NumberChange::Repair => format!("Repair the webhooks of {label}"),
            NumberChange::Rename => format!("Change the name of {label}"),
        }
    }

    fn target(&self) -> (&'static str, Option<&str>) {
        ("IncomingPhoneNumbers", Some(&self.number_sid))
    }

    fn phone_number_id(&self) -> Option<PhoneNumberId> {
        Some(self.phone_number_id)
    }

    fn before(&self) -> Option<Values> {
        Some(self.before.clone())
    }

    fn after(&self) -> Option<Values> {
        Some(self.after.clone())
    }

    async fn execute(
        &self,
        account: &AccountAccess,
        writer: TwilioWriter<'_>,
    ) -> Result<Outcome, TwilioError> {
        let fields: Vec<(String, String)> = self
            .after
            .iter()
            .map(|(name, value)| (form_field(name), value.clone()))
            .collect();
        let form: Vec<(&str, String)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();
        let path = account.path(&self.resource_path());
        writer.post(TwilioHost::Api, &path, &form).await?;
        Ok(Outcome::default())
    }

    async fn look_up(&self, account: &AccountAccess) -> Result<Option<Outcome>, TwilioError> {
        let path = account.path(&self.resource_path());
        let there: Option<TwilioNumber> = account.fetch(TwilioHost::Api, &path).await?;
        let is_set = there.is_some_and(|there| {
            let mut after = self.after.iter();
            after.all(|(name, value)| there.setting(name) == value)
        });
        Ok(is_set.then(Outcome::default))
    }

    /// Keeps what was there before, or forgets it once it is back.
    async fn note_done(
        &self,
        conn: &DbTransaction,
        _config: &Config,
        organization: OrganizationId,
        _outcome: &Outcome,
    ) -> Result<(), AppError> {
        // The previous value is another one than ours: setting the same again must not lose it.
        let previous = |name: &str| {
            let (before, after) = (self.before.get(name), self.after.get(name));
            before.filter(|before| Some(*before) != after).cloned()
        };
        let mut row = phone_number::ActiveModel::default();
        match self.change {
            NumberChange::SetVoice => match previous("voice_url") {
                Some(url) => row.previous_voice_url = Set(Some(url)),
                None => return Ok(()),
            },
            NumberChange::SetSms => match previous("sms_url") {
                Some(url) => row.previous_sms_url = Set(Some(url)),
                None => return Ok(()),
            },
            NumberChange::RestoreVoice => row.previous_voice_url = Set(None),
            NumberChange::RestoreSms => row.previous_sms_url = Set(None),
            NumberChange::Rename => match self.after.get("friendly_name") {
                Some(name) => row.friendly_name = Set(name.clone()),
                None => return Ok(()),
            },
            NumberChange::Repair => return Ok(()),
        }
        phone_number::Entity::update_many()
            .set(row)
            .filter(phone_number::Column::OrganizationId.eq(organization))
            .filter(phone_number::Column::Id.eq(self.phone_number_id))
            .exec(conn)
            .await?;
        Ok(())
    }

    async fn undo(
        &self,
        account: &AccountAccess,
        _resource_sid: &str,
    ) -> Result<Vec<AccountAction>, AppError> {
        // The number may be another organization's by now.
        let state = &account.state;
        find_live_number_service(
            &state.db,
            state.config.shared_account_sid(),
            account.organization_id,
            self.phone_number_id,
        )
        .await?;
        let there: TwilioNumber = account
            .fetch_or_say(TwilioHost::Api, &account.path(&self.resource_path()))
            .await?
            .ok_or_else(|| gone("number"))?;
        let mut after = self.after.iter();
        if let Some((name, _)) = after.find(|(name, value)| there.setting(name) != *value) {
            return Err(changed_since(
                &format!("{} of {}", name.replace('_', " "), self.label),
                there.setting(name),
            ));
        }
        let change = match self.change {
            NumberChange::SetVoice | NumberChange::RestoreVoice => NumberChange::RestoreVoice,
            NumberChange::SetSms | NumberChange::RestoreSms => NumberChange::RestoreSms,
            NumberChange::Repair => NumberChange::Repair,
            NumberChange::Rename => NumberChange::Rename,
        };
        Ok(vec![Box::new(Self {
            change,
            before: self.after.clone(),
            after: self.before.clone(),
            ..self.clone()
        })])
    }
}

/// Twilio's name of a value in a form: `voice_url` is `VoiceUrl` there.
fn form_field(name: &str) -> String {
    name.split('_').map(capitalized).collect()
}

fn capitalized(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}
