//! A customer of an organization.

use sea_orm::{QueryFilter, Select, entity::prelude::*};

use crate::bases::ids::{ContactId, OrganizationId};

/// A customer of an organization.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ContactId,
    pub organization_id: OrganizationId,
    pub first_name: String,
    pub last_name: String,
    pub phone: String,
    pub source: String,
    pub last_contacted_at: Option<DateTimeUtc>,
    pub opted_out_at: Option<DateTimeUtc>,
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
}
