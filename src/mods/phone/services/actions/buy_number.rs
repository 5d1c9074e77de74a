use async_trait::async_trait;
use chrono::DateTime;
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    bases::{
        config::Config,
        db::DbTransaction,
        e164::E164,
        error::AppError,
        ids::{OrganizationId, PhoneNumberId},
        sql,
    },
    entities::{claim::is_live, states::AccountChangeKind},
    mods::{
        account::services::{
            account_changes::{AccountAccess, Action, Outcome, Values, values},
            end_lost_claims_service, notify_twilio_account_service,
        },
        phone::{types::MonthlyPrice, utils::shown_phone},
    },
    twilio::{
        NumberCapabilities, TwilioError, TwilioHost, TwilioNumber, TwilioWriter, find_twilio_number,
    },
};

/// Buys a number whose calls point to Loquent.
///
/// Twilio sells one number only once, so the number itself keeps a repeated call from buying twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuyNumber {
    pub account_sid: String,
    pub number: E164,
    pub friendly_name: String,
    pub voice_url: String,
    /// What was said in the plan, if it was known.
    pub monthly_price: Option<MonthlyPrice>,
    /// Of the wish that it fulfils; see `BuyPhoneNumberIn`.
    pub client_key: Option<Uuid>,
}

impl BuyNumber {
    fn outcome(number: TwilioNumber) -> Outcome {
        let can = number.capabilities;
        let words = [(can.sms, "sms"), (can.mms, "mms"), (can.voice, "voice")];
        let words: Vec<&str> = words
            .into_iter()
            .filter_map(|(can, word)| can.then_some(word))
            .collect();
        let made_at = DateTime::parse_from_rfc2822(number.setting("date_created"));
        Outcome {
            made_at: made_at.ok().map(|at| at.to_utc()),
            resource_sid: Some(number.sid),
            values: values([(CAPABILITIES, words.join(", "))]),
        }
    }
}

/// The value of the activity that says what the number can do.
const CAPABILITIES: &str = "capabilities";

/// What the activity says that a number can do.
fn capabilities(outcome: &Outcome) -> NumberCapabilities {
    let words = outcome.values.get(CAPABILITIES);
    let can = |word: &str| words.is_some_and(|words| words.split(", ").any(|one| one == word));
    NumberCapabilities {
        sms: can("sms"),
        mms: can("mms"),
        voice: can("voice"),
    }
}

// A number that the organization had before, and has bought again, keeps its row and its threads.
// The empty text says that calls now point to Loquent and had no URL before.
const INSERT: &str = "
INSERT INTO phone_number
    (id, organization_id, twilio_account_sid, twilio_sid, number, friendly_name,
     sms_enabled, mms_enabled, voice_enabled, previous_voice_url, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', now())
ON CONFLICT (organization_id, number) DO UPDATE
SET twilio_account_sid = excluded.twilio_account_sid, twilio_sid = excluded.twilio_sid,
    friendly_name = excluded.friendly_name, sms_enabled = excluded.sms_enabled,
    mms_enabled = excluded.mms_enabled, voice_enabled = excluded.voice_enabled,
    previous_voice_url = '', previous_sms_url = NULL, released_at = NULL
";

impl BuyNumber {
    /// The number and its price.
    fn offer(&self) -> String {
        let number = shown_phone(self.number.as_str());
        match &self.monthly_price {
            Some(price) => format!("{number} for {} a month", price.display()),
            None => number,
        }
    }
}
// The account did not have the number, so rows that claim it are outdated.
const END_FORMER: &str = "
UPDATE phone_number SET released_at = now()
WHERE twilio_account_sid = $1 AND number = $2 AND organization_id <> $3 AND released_at IS NULL
RETURNING organization_id
";

#[derive(FromQueryResult)]
struct Former {
    organization_id: OrganizationId,
}

/// Whether another organization has the number as a live claim, or was given it.
fn anothers_sql() -> String {
    format!(
        "SELECT p.id FROM phone_number p
         WHERE p.twilio_account_sid = $1 AND p.number = $2 AND p.organization_id <> $3
           AND {is_live}
         UNION ALL
         SELECT given.organization_id FROM shared_number given
         WHERE given.account_sid = $1 AND given.number = $2 AND given.organization_id <> $3
         LIMIT 1",
        is_live = is_live("p", "$4"),
    )
}

// Of the shared account an organization keeps what it bought itself.
const KEEP: &str = "
INSERT INTO shared_number (account_sid, number, organization_id, source)
SELECT $1, $2, id, 'bought' FROM organization WHERE id = $3 AND NOT byo_twilio
ON CONFLICT (account_sid, number) DO UPDATE
SET organization_id = excluded.organization_id, source = excluded.source, created_at = now()
";

#[typetag::serde(name = "buy_number")]
#[async_trait]
impl Action for BuyNumber {
    fn kind(&self) -> AccountChangeKind {
        AccountChangeKind::NumberBought
    }

    fn summary(&self) -> String {
        format!("Bought {}", self.offer())
    }

    fn intent(&self) -> String {
        format!("Buy {}", self.offer())
    }

    fn target(&self) -> (&'static str, Option<&str>) {
        ("IncomingPhoneNumbers", None)
    }

    fn after(&self) -> Option<Values> {
        Some(values([
            ("phone_number", self.number.to_string()),
            ("friendly_name", self.friendly_name.clone()),
            ("voice_url", self.voice_url.clone()),
            ("voice_method", "POST".to_owned()),
        ]))
    }

    async fn execute(
        &self,
        account: &AccountAccess,
        writer: TwilioWriter<'_>,
    ) -> Result<Outcome, TwilioError> {
        let form = [
            ("PhoneNumber", self.number.to_string()),
            ("FriendlyName", self.friendly_name.clone()),
            ("VoiceUrl", self.voice_url.clone()),
            ("VoiceMethod", "POST".to_owned()),
        ];
        let path = account.path("IncomingPhoneNumbers.json");
        let bought = writer.post(TwilioHost::Api, &path, &form).await?;
        let bought: TwilioNumber = serde_json::from_value(bought)
            .map_err(|error| TwilioError::OutcomeUnknown(error.to_string()))?;
        Ok(Self::outcome(bought))
    }

    /// The plan was made only because the account did not have the number: if it has it now, it
    /// was bought.
    async fn look_up(&self, account: &AccountAccess) -> Result<Option<Outcome>, TwilioError> {
        let reader = account.reader(TwilioHost::Api)?;
        let found = find_twilio_number(&reader, &self.number).await?;
        Ok(found.map(Self::outcome))
    }

    async fn is_anothers(&self, account: &AccountAccess) -> Result<bool, AppError> {
        let db = &account.state.db;
        let shared = account.state.config.shared_account_sid();
        let values = [
            self.account_sid.clone().into(),
            self.number.to_string().into(),
            account.organization_id.into(),
            shared.map(str::to_owned).into(),
        ];
        Ok(sql::first(db, anothers_sql(), values).await?.is_some())
    }

    async fn note_done(
        &self,
        conn: &DbTransaction,
        config: &Config,
        organization: OrganizationId,
        outcome: &Outcome,
    ) -> Result<(), AppError> {
        let can = capabilities(outcome);
        let values = [
            PhoneNumberId::new().into(),
            organization.into(),
            self.account_sid.clone().into(),
            outcome.resource_sid.clone().unwrap_or_default().into(),
            self.number.to_string().into(),
            self.friendly_name.clone().into(),
            can.sms.into(),
            can.mms.into(),
            can.voice.into(),
        ];
        let whose = [
            self.account_sid.clone().into(),
            self.number.to_string().into(),
            organization.into(),
        ];
        let former = sql::rows::<Former>(conn, END_FORMER, whose.clone()).await?;
        sql::run(conn, KEEP, whose).await?;
        for former in former {
            let former = former.organization_id;
            end_lost_claims_service(conn, config, former).await?;
            notify_twilio_account_service(conn, former).await?;
        }
        sql::run(conn, INSERT, values).await?;
        Ok(())
    }
}
