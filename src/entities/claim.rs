//! Which organization a Twilio number belongs to, in one place.
//!
//! A row of `phone_number` says that an organization took a number in once. It is a live claim only
//! while the organization's present account is the account that has the number: whoever has lost
//! the account has lost the number, whatever its row says. On the shared account, which many
//! organizations use, the operator says whose a number is (`shared_number`, `shared_twilio`).
//!
//! These are pieces of SQL. `shared` stands for the shared account's SID, as a placeholder (`$3`);
//! see `Config::shared_account_sid`.

/// The SID of the account that the organization of this alias uses now; NULL if it has none, and
/// while Twilio refuses its token.
pub fn present_account(organization: &str, shared: &str) -> String {
    format!(
        "(CASE WHEN {organization}.byo_twilio THEN
            CASE WHEN {organization}.twilio_auth_token IS NOT NULL
                  AND {organization}.twilio_token_refused_at IS NULL
                 THEN {organization}.twilio_account_sid END
          WHEN {organization}.shared_twilio <> 'none' THEN {shared}::text END)"
    )
}

/// Whether the number of this alias is of its organization's present account, and on the shared
/// account given to it. Also true of a number that the organization has given up since.
pub fn is_of_present_account(number: &str, shared: &str) -> String {
    let account = present_account("claimant", shared);
    format!(
        "EXISTS (
            SELECT 1 FROM organization claimant
            WHERE claimant.id = {number}.organization_id
              AND {number}.twilio_account_sid = {account}
              AND (claimant.byo_twilio OR coalesce(
                  (SELECT given.organization_id = claimant.id FROM shared_number given
                   WHERE given.account_sid = {number}.twilio_account_sid
                     AND given.number = {number}.number),
                  claimant.shared_twilio = 'whole')))"
    )
}

/// Whether the number of this alias is a live claim of its organization.
pub fn is_live(number: &str, shared: &str) -> String {
    format!(
        "({number}.released_at IS NULL AND {})",
        is_of_present_account(number, shared)
    )
}

/// When another organization had the number of this alias until, if what came before is not for
/// its organization of today: NULL for one that brings the account, and may read all of it anyway.
pub fn since(number: &str) -> String {
    format!(
        "(SELECT max(former.released_at) FROM phone_number former
          WHERE former.twilio_account_sid = {number}.twilio_account_sid
            AND former.number = {number}.number
            AND former.organization_id <> {number}.organization_id
            AND NOT (SELECT own.byo_twilio FROM organization own
                     WHERE own.id = {number}.organization_id))"
    )
}
