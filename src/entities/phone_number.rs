//! A Twilio number of an organization.

use sea_orm::{QueryFilter, Select, entity::prelude::*};

use super::claim;
use crate::bases::ids::{OrganizationId, PhoneNumberId};

/// A Twilio number of an organization.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "phone_number")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PhoneNumberId,
    pub organization_id: OrganizationId,
    pub twilio_account_sid: String,
    pub twilio_sid: String,
    pub number: String,
    pub friendly_name: String,
    pub sms_enabled: bool,
    pub mms_enabled: bool,
    pub voice_enabled: bool,
    pub previous_voice_url: Option<String>,
    pub previous_sms_url: Option<String>,
    /// The sentence for callers; at most one of this and the next one is set.
    pub voice_sentence: Option<String>,
    /// E.164.
    pub voice_forward_to: Option<String>,
    pub released_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The rows of one organization: the way in for every read.
    pub fn in_org(organization: OrganizationId) -> Select<Self> {
        Self::find().filter(Column::OrganizationId.eq(organization))
    }

    /// Those that are live claims: see [`claim`].
    pub fn live_in_org(organization: OrganizationId, shared: Option<&str>) -> Select<Self> {
        let live = claim::is_live("phone_number", "$1");
        let shared = shared.map(str::to_owned);
        Self::in_org(organization).filter(Expr::cust_with_values(live, [shared]))
    }
}
