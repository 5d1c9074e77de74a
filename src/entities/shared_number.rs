//! A number of the shared Twilio account that the operator gave to an organization, or that it
//! bought there.

use sea_orm::entity::prelude::*;

use crate::{bases::ids::OrganizationId, entities::states::SharedNumberSource};

/// A number of the shared account, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "shared_number")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_sid: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: String,
    pub organization_id: OrganizationId,
    pub source: SharedNumberSource,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
