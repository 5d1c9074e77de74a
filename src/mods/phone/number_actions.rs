use uuid::Uuid;

use dioxus::prelude::*;

use super::{
    api::{
        buy_phone_number_api, configure_phone_sms_api, configure_phone_voice_api,
        release_phone_number_api, restore_phone_sms_api, restore_phone_voice_api,
    },
    types::{AvailableNumber, BuyPhoneNumberIn, PhoneNumber, PhoneWebhookIn, ReleasePhoneNumberIn},
};
use crate::{
    bases::{api_json::ApiJson, e164::E164, error::AppError, ids::PhoneNumberId},
    mods::account::{
        planned_action::{ActionAnswer, ActionCall, ActionRequest, Confirmation, PlannedAction},
        types::TwilioActionAnswer,
    },
};

/// The part of the page that shows the numbers.
const SECTION: &str = "#numbers";

/// What can be done with one number at Twilio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberTask {
    /// Point its calls to Loquent.
    ConfigureVoice,
    /// Point its calls to where they went before.
    RestoreVoice,
    /// Point its texts directly to Loquent, without event forwarding.
    ConfigureSms,
    /// Point its texts to where they went before.
    RestoreSms,
    /// Give it back to Twilio.
    Release,
}

impl NumberTask {
    /// The task as an action whose plan can be shown.
    pub fn action(self, number: &PhoneNumber) -> PlannedAction {
        fn open_chunk_twilio_forms(
            ((task, number), request): ((NumberTask, PhoneNumberId), ActionRequest),
        ) -> ActionAnswer {
            Box::pin(task.call(number, request))
        }
        let (name, shown) = (&number.friendly_name, &number.shown);
        let (title, verb, done) = match self {
            Self::ConfigureVoice => (
                format!("Send calls to {name} to Loquent"),
                "Configure voice",
                format!("Calls to {name} now go to Loquent."),
            ),
            Self::RestoreVoice => (
                format!("Restore the voice URL of {name}"),
                "Restore previous",
                format!("Voice URL restored for {name}."),
            ),
            Self::ConfigureSms => (
                format!("Send texts to {name} directly to Loquent"),
                "Configure texts",
                format!("Texts to {name} now go directly to Loquent."),
            ),
            Self::RestoreSms => (
                format!("Restore the SMS URL of {name}"),
                "Restore previous",
                format!("SMS URL restored for {name}."),
            ),
            Self::Release => (
                format!("Release {shown}"),
                "Release number",
                format!("{shown} is released."),
            ),
        };
        let is_release = self == Self::Release;
        PlannedAction {
            title,
            verb,
            done,
            section: SECTION,
            takes_away: is_release,
            confirmation: is_release.then(|| Confirmation {
                number: number.number.clone(),
                shown: shown.clone(),
            }),
            asked_in: None,
            call: ActionCall::new(open_chunk_twilio_forms, (self, number.id)),
        }
    }

    async fn call(
        self,
        phone_number_id: PhoneNumberId,
        request: ActionRequest,
    ) -> Result<TwilioActionAnswer, AppError> {
        let ActionRequest { options, typed } = request;
        let webhook = ApiJson(PhoneWebhookIn {
            phone_number_id,
            options: options.clone(),
        });
        match self {
            Self::ConfigureVoice => configure_phone_voice_api(webhook).await.map(Into::into),
            Self::RestoreVoice => restore_phone_voice_api(webhook).await.map(Into::into),
            Self::ConfigureSms => configure_phone_sms_api(webhook).await.map(Into::into),
            Self::RestoreSms => restore_phone_sms_api(webhook).await.map(Into::into),
            Self::Release => {
                release_phone_number_api(ApiJson(ReleasePhoneNumberIn {
                    phone_number_id,
                    confirm_number: typed,
                    options,
                }))
                .await
            }
        }
    }
}

/// Buys a number. `client_key` is the same for every try, so that it is bought once.
pub fn buy_action(
    number: &AvailableNumber,
    client_key: Uuid,
    asked_in: Signal<bool>,
) -> PlannedAction {
    fn open_chunk_twilio_forms(
        ((phone_number, client_key), request): ((E164, Uuid), ActionRequest),
    ) -> ActionAnswer {
        let input = BuyPhoneNumberIn {
            phone_number,
            friendly_name: None,
            client_key: Some(client_key),
            options: request.options,
        };
        Box::pin(async move { buy_phone_number_api(ApiJson(input)).await.map(Into::into) })
    }
    let shown = &number.shown;
    PlannedAction {
        title: format!("Buy {shown}"),
        verb: "Buy number",
        done: format!("{shown} is yours."),
        section: SECTION,
        takes_away: false,
        confirmation: None,
        asked_in: Some(asked_in),
        call: ActionCall::new(open_chunk_twilio_forms, (number.number.clone(), client_key)),
    }
}
