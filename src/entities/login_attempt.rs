//! A sign-in that failed, or whose password is being checked.

use sea_orm::entity::prelude::*;

/// A sign-in that failed, or whose password is being checked.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "login_attempt")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub email: String,
    /// An IPv4 address, or the /64 of an IPv6 address.
    pub address: String,
    /// The browser, if the account's user has signed in with it before.
    pub device_hash: Option<Vec<u8>>,
    pub attempted_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
