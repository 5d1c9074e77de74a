//! A browser that is signed in; the key is the hash of its cookie.

use sea_orm::entity::prelude::*;

use crate::bases::ids::UserId;

/// A browser that is signed in; the key is the hash of its cookie.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: Vec<u8>,
    /// Missing only in rows of an earlier version; those are no sessions.
    pub user_id: Option<UserId>,
    pub data: Json,
    pub expires_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
