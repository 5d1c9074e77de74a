use sea_orm::TransactionTrait;

use super::{
    KeyCheckError,
    sealed_values::{
        check_values, lock_check_values, next_sealed_rows, remove_check_value, save_sealed_row,
    },
};
use crate::bases::{db::Db, ids::OrganizationId, secrets::MasterKey};

/// Forgets what the present keys do not open, for an operator who has lost the other key: these
/// organizations have to connect their Twilio accounts again. Returns them. Unless `confirmed`,
/// they are only listed.
pub async fn forget_sealed_values_service(
    db: &Db,
    key: &MasterKey,
    confirmed: bool,
) -> Result<Vec<OrganizationId>, KeyCheckError> {
    let transaction = db.begin().await?;
    lock_check_values(&transaction).await?;
    let mut forgotten = Vec::new();
    let mut after = OrganizationId::SMALLEST;
    loop {
        let rows = next_sealed_rows(&transaction, after).await?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        for mut row in rows {
            let before = row.values().count();
            let id = row.id;
            let opens = |value: &Vec<u8>| key.open(id, value).is_ok();
            row.twilio_auth_token = row.twilio_auth_token.filter(opens);
            row.twilio_auth_token_previous = row.twilio_auth_token_previous.filter(opens);
            if row.values().count() < before {
                save_sealed_row(&transaction, row).await?;
                forgotten.push(id);
            }
        }
    }
    for check in check_values(&transaction).await? {
        if !check.is_opened_by(key) {
            remove_check_value(&transaction, check.id).await?;
        }
    }
    if confirmed {
        transaction.commit().await?;
    } else {
        transaction.rollback().await?;
    }
    Ok(forgotten)
}
