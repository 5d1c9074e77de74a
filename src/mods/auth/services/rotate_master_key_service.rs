use sea_orm::TransactionTrait;

use super::{
    KeyCheckError, adopt_master_key_service,
    sealed_values::{
        SealedRow, check_values, lock_check_values, next_sealed_rows, remove_check_value,
        save_sealed_row,
    },
};
use crate::bases::{
    db::Db,
    ids::OrganizationId,
    secrets::{MasterKey, Opened},
};

/// What a rotation has done.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Rotation {
    /// Organizations whose secrets were sealed again.
    pub sealed_again: u64,
    /// Secrets that neither key opens; they stay as they are.
    pub unopened: u64,
}

/// Seals everything with the first key that the second one opens. It may end at any point and be
/// run again: what is sealed again stays so, and both keys are in use until all is done. From then
/// on the second one is refused.
pub async fn rotate_master_key_service(db: &Db, key: MasterKey) -> Result<Rotation, KeyCheckError> {
    if !key.has_second() {
        return Err(KeyCheckError::NoSecond);
    }
    let key = adopt_master_key_service(db, key).await?;
    let mut rotation = Rotation::default();
    // Nodes that have not been restarted yet may seal with the other key meanwhile.
    loop {
        let pass = seal_all_again(db, &key).await?;
        rotation.sealed_again += pass.sealed_again;
        rotation.unopened = pass.unopened;
        if pass.sealed_again == 0 {
            break;
        }
    }
    let transaction = db.begin().await?;
    lock_check_values(&transaction).await?;
    for check in check_values(&transaction).await? {
        if !check.is_of_first(&key) {
            remove_check_value(&transaction, check.id).await?;
        }
    }
    transaction.commit().await?;
    Ok(rotation)
}

async fn seal_all_again(db: &Db, key: &MasterKey) -> Result<Rotation, KeyCheckError> {
    let mut pass = Rotation::default();
    let mut after = OrganizationId::SMALLEST;
    loop {
        let transaction = db.begin().await?;
        let rows = next_sealed_rows(&transaction, after).await?;
        let Some(last) = rows.last() else {
            return Ok(pass);
        };
        after = last.id;
        for row in rows {
            if let Some(row) = seal_again(key, row, &mut pass) {
                save_sealed_row(&transaction, row).await?;
                pass.sealed_again += 1;
            }
        }
        transaction.commit().await?;
    }
}

/// The row with its values sealed by the first key, if one was not.
fn seal_again(key: &MasterKey, mut row: SealedRow, pass: &mut Rotation) -> Option<SealedRow> {
    let mut changed = false;
    for value in [
        &mut row.twilio_auth_token,
        &mut row.twilio_auth_token_previous,
    ] {
        let Some(sealed) = value else { continue };
        match key.open_with_either(row.id, sealed) {
            Ok(Opened::First(_)) => {}
            Ok(Opened::Second(secret)) => {
                *sealed = key.seal(row.id, &secret);
                changed = true;
            }
            Err(error) => {
                tracing::warn!(%error, organization_id = %row.id, "a sealed value is left as it is");
                pass.unopened += 1;
            }
        }
    }
    changed.then_some(row)
}
