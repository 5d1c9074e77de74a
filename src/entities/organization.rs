//! A tenant.

use sea_orm::entity::prelude::*;

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organization")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub byo_twilio: bool,
    pub twilio_account_sid: Option<String>,
    pub twilio_auth_token: Option<Vec<u8>>,
    pub twilio_auth_token_previous: Option<Vec<u8>>,
    /// Said to callers; of this and the next one at most one is set.
    pub voice_sentence: Option<String>,
    /// E.164.
    pub voice_forward_to: Option<String>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
