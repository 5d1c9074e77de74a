//! The tokens of an account that this installation holds.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use secrecy::SecretString;

use super::account_tokens::token_hash;
use crate::{
    bases::{error::AppError, ids::OrganizationId, state::AppState},
    entities::organization,
};

/// Organizations that may bring the same account.
const MAX_ORGANIZATIONS: u64 = 20;
/// Where a token is kept.
#[derive(Debug, Clone)]
pub(super) enum Holder {
    /// The token that the organization uses, sealed.
    Organization(OrganizationId, Vec<u8>),
    /// The one that it used before, sealed.
    Previous(OrganizationId, Vec<u8>),
    /// The environment, by the hash of account and token.
    Environment(Vec<u8>),
}

/// A token, and where it is kept.
#[derive(Clone)]
pub(super) struct HeldToken {
    pub(super) holder: Holder,
    pub(super) token: SecretString,
}

/// All tokens of an account that this installation holds.
pub(super) async fn find_tokens(
    state: &AppState,
    account: &str,
) -> Result<Vec<HeldToken>, AppError> {
    let rows = organization::Entity::find()
        .filter(organization::Column::TwilioAccountSid.eq(account))
        .filter(organization::Column::ByoTwilio.eq(true))
        .limit(MAX_ORGANIZATIONS)
        .all(&state.db)
        .await?;
    let key = &state.config.master_key;
    let mut held = Vec::new();
    for row in rows {
        let of = row.id;
        let present = row.twilio_auth_token.map(|it| Holder::Organization(of, it));
        let previous = row
            .twilio_auth_token_previous
            .map(|it| Holder::Previous(of, it));
        held.extend(present.into_iter().chain(previous).filter_map(|holder| {
            let (Holder::Organization(of, sealed) | Holder::Previous(of, sealed)) = &holder else {
                return None;
            };
            // One that cannot be opened signs nothing either.
            let token = key.open(*of, sealed).ok()?;
            Some(HeldToken { holder, token })
        }));
    }
    let shared = state.config.shared_twilio.as_ref();
    if let Some(shared) = shared.filter(|shared| shared.account_sid == account) {
        let tokens = [
            Some(shared.auth_token.clone()),
            shared.previous_auth_token.clone(),
        ];
        held.extend(tokens.into_iter().flatten().map(|token| HeldToken {
            holder: Holder::Environment(token_hash(account, &token)),
            token,
        }));
    }
    Ok(held)
}
