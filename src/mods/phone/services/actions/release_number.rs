use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{
    bases::{
        config::Config,
        db::DbTransaction,
        error::AppError,
        ids::{OrganizationId, PhoneNumberId},
        sql,
    },
    entities::states::AccountChangeKind,
    mods::account::services::{
        account_changes::{AccountAccess, Action, Outcome, Values, look_up_removal},
        end_lost_claims_service,
    },
    twilio::{TwilioError, TwilioHost, TwilioWriter},
};

/// Releases a number at Twilio.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseNumber {
    pub phone_number_id: PhoneNumberId,
    /// `PN…`
    pub number_sid: String,
    /// For people: "Main line (415) 555-0134".
    pub label: String,
    /// What it was set to, for the record.
    pub before: Values,
}

impl ReleaseNumber {
    fn path(&self, account: &AccountAccess) -> String {
        account.path(&format!("IncomingPhoneNumbers/{}.json", self.number_sid))
    }
}

const MARK: &str = "
UPDATE phone_number SET released_at = now(), previous_voice_url = NULL, previous_sms_url = NULL
WHERE organization_id = $1 AND id = $2 AND released_at IS NULL
";

// Whoever has the number next, on the shared account too, is not the one that gave it back.
const TAKE_BACK: &str = "
DELETE FROM shared_number given USING phone_number p
WHERE p.organization_id = $1 AND p.id = $2 AND given.organization_id = $1
  AND given.account_sid = p.twilio_account_sid AND given.number = p.number
";

#[typetag::serde(name = "release_number")]
#[async_trait]
impl Action for ReleaseNumber {
    fn kind(&self) -> AccountChangeKind {
        AccountChangeKind::NumberReleased
    }

    fn summary(&self) -> String {
        format!("Released {}", self.label)
    }

    fn intent(&self) -> String {
        format!("Release {}", self.label)
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

    async fn execute(
        &self,
        account: &AccountAccess,
        writer: TwilioWriter<'_>,
    ) -> Result<Outcome, TwilioError> {
        writer.delete(TwilioHost::Api, &self.path(account)).await?;
        Ok(Outcome::default())
    }

    async fn look_up(&self, account: &AccountAccess) -> Result<Option<Outcome>, TwilioError> {
        look_up_removal(account, TwilioHost::Api, &self.path(account)).await
    }

    async fn note_done(
        &self,
        conn: &DbTransaction,
        config: &Config,
        organization: OrganizationId,
        _outcome: &Outcome,
    ) -> Result<(), AppError> {
        let values = [organization.into(), self.phone_number_id.into()];
        for sql in [MARK, TAKE_BACK] {
            sql::run(conn, sql, values.clone()).await?;
        }
        Ok(end_lost_claims_service(conn, config, organization).await?)
    }
}
