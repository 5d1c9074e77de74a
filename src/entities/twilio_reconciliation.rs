//! One reconciliation of a number's last days with Twilio's list.

use sea_orm::{QueryFilter, Select, entity::prelude::*};

use crate::{
    bases::ids::{OrganizationId, PhoneNumberId, ReconciliationId, UserId},
    entities::states::{ReconciliationState, Word},
};

/// One reconciliation of a number's last days with Twilio's list.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "twilio_reconciliation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReconciliationId,
    pub organization_id: OrganizationId,
    pub phone_number_id: PhoneNumberId,
    pub state: Word<ReconciliationState>,
    /// The first day (UTC) that is reconciled.
    pub since: Date,
    /// Who started it by hand; none for one by the clock.
    pub requested_by_user_id: Option<UserId>,
    pub checked: i64,
    pub missing: i64,
    pub repaired: i64,
    /// A hash of each entry of Twilio's list that could not be read, up to 1,000.
    pub unreadable: Vec<String>,
    pub error: Option<String>,
    /// Who works on it; a lease that has run out can be taken over.
    pub lease_owner: Option<Uuid>,
    pub lease_until: Option<DateTimeUtc>,
    pub started_at: DateTimeUtc,
    pub finished_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The rows of one organization: the way in for every read.
    pub fn in_org(organization: OrganizationId) -> Select<Self> {
        Self::find().filter(Column::OrganizationId.eq(organization))
    }
}
