use std::collections::HashMap;

use sea_orm::FromQueryResult;

use crate::{
    bases::{error::AppError, ids::OrganizationId, sql},
    entities::{claim, organization::find_organization, states::SharedTwilio},
    mods::account::services::account_changes::AccountAccess,
    twilio::TwilioNumber,
};

/// The reason for a number that another organization uses.
const TAKEN: &str =
    "Another organization of this Loquent has this number. It must remove it first.";
/// The reason for a number that the operator gave to another organization.
const GIVEN: &str = "This number is assigned to another organization.";

/// What a number of the account is to an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberStanding {
    /// It has it.
    Own,
    /// It may import it.
    Free,
    /// It may not, and why.
    Refused(&'static str),
    /// It is of the shared account and hidden from this organization.
    Hidden,
}

#[derive(FromQueryResult)]
struct Row {
    number: String,
    owner: Option<OrganizationId>,
    given_to: Option<OrganizationId>,
}

/// The standing of these numbers for the organization whose account it is. A number whose
/// organization has lost the account is free.
pub(super) async fn find_number_standings_service(
    account: &AccountAccess,
    numbers: &[TwilioNumber],
) -> Result<HashMap<String, NumberStanding>, AppError> {
    let (conn, own) = (&account.state.db, account.organization_id);
    let organization = find_organization(conn, account.organization_id).await?;
    let part = (!organization.byo_twilio).then_some(organization.shared_twilio);
    let sql = format!(
        "SELECT n.number,
                (SELECT p.organization_id FROM phone_number p
                 WHERE p.number = n.number AND p.twilio_account_sid = $1 AND {is_live}
                 ORDER BY p.created_at, p.id LIMIT 1) AS owner,
                (SELECT g.organization_id FROM shared_number g
                 WHERE g.account_sid = $1 AND g.number = n.number) AS given_to
         FROM unnest($3::text[]) AS n (number)",
        is_live = claim::is_live("p", "$2"),
    );
    let wanted: Vec<String> = numbers.iter().map(|one| one.phone_number.clone()).collect();
    let shared = account.state.config.shared_account_sid().map(str::to_owned);
    let values = [account.account_sid().into(), shared.into(), wanted.into()];
    let rows = sql::rows::<Row>(conn, sql, values).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let standing = standing(own, part, row.owner, row.given_to);
            (row.number, standing)
        })
        .collect())
}

fn standing(
    own: OrganizationId,
    part: Option<SharedTwilio>,
    owner: Option<OrganizationId>,
    given_to: Option<OrganizationId>,
) -> NumberStanding {
    let is_given_away = given_to.is_some_and(|other| other != own);
    match (part, owner) {
        (Some(SharedTwilio::None), _) => NumberStanding::Hidden,
        (Some(SharedTwilio::Assigned), _) if given_to != Some(own) => NumberStanding::Hidden,
        (Some(SharedTwilio::Whole), _) if is_given_away => NumberStanding::Refused(GIVEN),
        (_, Some(owner)) if owner == own => NumberStanding::Own,
        (_, Some(_)) => NumberStanding::Refused(TAKEN),
        (_, None) => NumberStanding::Free,
    }
}
