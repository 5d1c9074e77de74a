//! A change that Loquent made, or is about to make, in a Twilio account.

use sea_orm::{QueryFilter, Select, entity::prelude::*};

use crate::{
    bases::ids::{AccountChangeId, OrganizationId, PhoneNumberId, UserId},
    entities::states::{AccountChangeKind, AccountChangeState, Word},
};

/// A change that Loquent made, or is about to make, in a Twilio account.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "twilio_account_change")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountChangeId,
    pub organization_id: OrganizationId,
    pub twilio_account_sid: String,
    pub requested_by_user_id: Option<UserId>,
    pub kind: Word<AccountChangeKind>,
    pub summary: String,
    /// Twilio's path of the thing.
    pub resource: String,
    pub resource_sid: Option<String>,
    pub phone_number_id: Option<PhoneNumberId>,
    /// The call, in full: enough to look whether it was done, and to take it back.
    pub action: Json,
    pub value_before: Option<Json>,
    pub value_after: Option<Json>,
    pub state: Word<AccountChangeState>,
    pub error: Option<String>,
    pub undo_of: Option<AccountChangeId>,
    pub undone_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub settled_at: Option<DateTimeUtc>,
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
