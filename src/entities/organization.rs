//! A tenant.

use sea_orm::entity::prelude::*;

use crate::{
    bases::{error::AppError, ids::OrganizationId},
    entities::states::SharedTwilio,
};

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organization")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrganizationId,
    pub name: String,
    pub byo_twilio: bool,
    pub twilio_account_sid: Option<String>,
    pub twilio_auth_token: Option<Vec<u8>>,
    pub twilio_auth_token_previous: Option<Vec<u8>>,
    /// Since when Twilio refuses `twilio_auth_token`; it is not used until it is accepted again.
    pub twilio_token_refused_at: Option<DateTimeUtc>,
    pub shared_twilio: SharedTwilio,
    /// The sentence for callers; at most one of this and the next one is set.
    pub voice_sentence: Option<String>,
    /// E.164.
    pub voice_forward_to: Option<String>,
    /// Whether one STOP of a customer closes all numbers, and not only the one it was sent to.
    pub stop_closes_all: bool,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The organization; 404 if there is none.
pub async fn find_organization(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
) -> Result<Model, AppError> {
    Entity::find_by_id(organization)
        .one(conn)
        .await?
        .ok_or_else(|| AppError::not_found("organization"))
}
