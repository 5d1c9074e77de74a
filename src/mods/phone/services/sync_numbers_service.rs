use std::collections::{HashMap, HashSet};

use sea_orm::{FromQueryResult, TransactionTrait};

use super::{
    find_number_standings_service::{NumberStanding, find_number_standings_service},
    list_unsynced_numbers_service::{list_account_numbers, name_of},
    take_over_numbers_service,
};
use crate::{
    bases::{
        e164::E164,
        error::AppError,
        ids::{OrganizationId, PhoneNumberId},
        sql::{self, column},
        state::AppState,
    },
    mods::{
        account::services::account_changes::{AccountAccess, AccountLock},
        phone::types::{
            ImportedNumber, MAX_NUMBERS_AT_ONCE, RefusedNumber, SyncNumbersIn, SyncNumbersOut,
        },
    },
    twilio::TwilioNumber,
};

#[derive(FromQueryResult)]
struct Row {
    id: PhoneNumberId,
    number: String,
    is_new: bool,
}

// A number that the organization had before keeps its row, and with it its threads. What is there
// already only learns the SID that it has now.
const INSERT: &str = "
WITH given AS (
    SELECT * FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::bool[], $8::bool[], $9::bool[])
        AS t (id, sid, number, name, sms, mms, voice)
), before AS (
    SELECT p.number FROM phone_number p JOIN given ON given.number = p.number
    WHERE p.organization_id = $1 AND p.twilio_account_sid = $2 AND p.released_at IS NULL
), stored AS (
    INSERT INTO phone_number AS p
        (id, organization_id, twilio_account_sid, twilio_sid, number, friendly_name,
         sms_enabled, mms_enabled, voice_enabled, created_at)
    SELECT id, $1, $2, sid, number, name, sms, mms, voice, now() FROM given
    ON CONFLICT (organization_id, number) DO UPDATE
    SET twilio_account_sid = excluded.twilio_account_sid, twilio_sid = excluded.twilio_sid,
        sms_enabled = excluded.sms_enabled, mms_enabled = excluded.mms_enabled,
        voice_enabled = excluded.voice_enabled,
        previous_voice_url = CASE WHEN p.twilio_sid = excluded.twilio_sid AND p.released_at IS NULL THEN p.previous_voice_url END,
        previous_sms_url = CASE WHEN p.twilio_sid = excluded.twilio_sid AND p.released_at IS NULL THEN p.previous_sms_url END,
        released_at = NULL
    RETURNING p.id, p.number
)
SELECT stored.id, stored.number, before.number IS NULL AS is_new
FROM stored LEFT JOIN before ON before.number = stored.number
";

/// Imports numbers of the organization's Twilio account: makes their rows, and changes nothing at
/// Twilio. Says which are new, which were there already, and which could not be imported and why.
/// A number of an organization that has lost the account is taken over.
pub async fn sync_numbers_service(
    state: &AppState,
    organization: OrganizationId,
    input: &SyncNumbersIn,
) -> Result<SyncNumbersOut, AppError> {
    let wanted: HashSet<&str> = input.twilio_sids.iter().map(String::as_str).collect();
    if wanted.is_empty() || wanted.len() > MAX_NUMBERS_AT_ONCE {
        return Err(AppError::bad_request(format!(
            "`twilio_sids` must name 1 to {MAX_NUMBERS_AT_ONCE} numbers."
        )));
    }
    let account = AccountAccess::open(state, organization).await?;
    let there = list_account_numbers(&account).await?;
    // Two organizations of one account must not import the same number at the same moment.
    let lock = AccountLock::acquire(&state.db, account.account_sid()).await?;
    let standings = find_number_standings_service(&account, &there).await?;
    let mut out = SyncNumbersOut::default();
    let importable = choose(&there, &standings, &wanted, &mut out.refused);
    let rows = insert(&account, &importable).await?;
    for (one, number) in importable {
        let Some(row) = rows.get(number.as_str()) else {
            continue;
        };
        let imported = ImportedNumber {
            id: row.id,
            twilio_sid: one.sid.clone(),
            number,
        };
        if row.is_new {
            out.imported.push(imported);
        } else {
            out.already_there.push(imported);
        }
    }
    lock.release().await;
    Ok(out)
}

/// Those of the wanted numbers that can be imported; the others are refused with the reason.
fn choose<'a>(
    there: &'a [TwilioNumber],
    standings: &HashMap<String, NumberStanding>,
    wanted: &HashSet<&str>,
    refused: &mut Vec<RefusedNumber>,
) -> Vec<(&'a TwilioNumber, E164)> {
    let standing = |one: &TwilioNumber| standings.get(&one.phone_number).copied();
    let is_shown = |one: &&TwilioNumber| standing(one) != Some(NumberStanding::Hidden);
    let shown: Vec<&TwilioNumber> = there.iter().filter(is_shown).collect();
    let mut refuse = |sid: &str, reason: &str| {
        refused.push(RefusedNumber {
            twilio_sid: sid.to_owned(),
            reason: reason.to_owned(),
        });
    };
    let known: HashSet<&str> = shown.iter().map(|one| one.sid.as_str()).collect();
    for sid in wanted.difference(&known) {
        refuse(sid, "Your Twilio account has no such number (any more).");
    }
    let mut importable = Vec::new();
    for one in shown {
        if !wanted.contains(one.sid.as_str()) {
            continue;
        }
        match (standing(one), E164::parse(&one.phone_number)) {
            (Some(NumberStanding::Refused(why)), _) => refuse(&one.sid, why),
            (_, Err(_)) => refuse(&one.sid, "It is no phone number that Loquent can use."),
            (_, Ok(number)) => importable.push((one, number)),
        }
    }
    importable
}

async fn insert(
    account: &AccountAccess,
    numbers: &[(&TwilioNumber, E164)],
) -> Result<HashMap<String, Row>, AppError> {
    let (organization, config) = (account.organization_id, &account.state.config);
    let transaction = account.state.db.begin().await?;
    let wanted = numbers.iter().map(|(_, number)| number.to_string());
    let (sid, wanted) = (account.account_sid(), wanted.collect());
    take_over_numbers_service(&transaction, config, organization, sid, wanted).await?;
    let values = [
        organization.into(),
        sid.into(),
        column(numbers, |_| PhoneNumberId::new()),
        column(numbers, |(one, _)| one.sid.clone()),
        column(numbers, |(_, number)| number.to_string()),
        column(numbers, |(one, _)| name_of(one)),
        column(numbers, |(one, _)| one.capabilities.sms),
        column(numbers, |(one, _)| one.capabilities.mms),
        column(numbers, |(one, _)| one.capabilities.voice),
    ];
    let rows = sql::rows::<Row>(&transaction, INSERT, values).await?;
    transaction.commit().await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.number.clone(), row))
        .collect())
}
