//! A tenant.

use std::{fmt, str::FromStr};

use sea_orm::entity::prelude::*;

use crate::bases::{error::AppError, ids::OrganizationId};

/// How much of the operator's Twilio account an organization may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum SharedTwilio {
    /// Nothing.
    #[sea_orm(string_value = "none")]
    None,
    /// The numbers that were given to it, and those that it buys itself.
    #[sea_orm(string_value = "assigned")]
    Assigned,
    /// All numbers that were not given to another organization.
    #[sea_orm(string_value = "whole")]
    Whole,
}

/// The text names no part of the shared account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the shared account is given as one of: none, assigned, whole")]
pub struct SharedTwilioError;

impl FromStr for SharedTwilio {
    type Err = SharedTwilioError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        Self::try_from_value(&raw.to_owned()).map_err(|_| SharedTwilioError)
    }
}

impl fmt::Display for SharedTwilio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_value())
    }
}

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
