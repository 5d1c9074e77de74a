//! All that is sealed with the master key.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement};
use secrecy::SecretString;
use uuid::Uuid;

use crate::bases::{
    ids::OrganizationId,
    secrets::{MasterKey, Opened},
    sql,
};

/// Rows that are read at a time.
const BATCH: i64 = 100;
/// The row that check values are sealed for; it is no row of any table.
const CHECK_ROW: Uuid = Uuid::from_u128(0x4c6f_7175_656e_7400_6368_6563_6b00_0001);

/// The sealed values of an organization.
#[derive(Debug, FromQueryResult)]
pub(super) struct SealedRow {
    pub id: OrganizationId,
    pub twilio_auth_token: Option<Vec<u8>>,
    pub twilio_auth_token_previous: Option<Vec<u8>>,
}

impl SealedRow {
    pub(super) fn values(&self) -> impl Iterator<Item = &Vec<u8>> {
        let values = [&self.twilio_auth_token, &self.twilio_auth_token_previous];
        values.into_iter().flatten()
    }
}

/// A value that says which key was in use.
#[derive(Debug, FromQueryResult)]
pub(super) struct CheckValue {
    pub id: i64,
    pub sealed: Vec<u8>,
}

impl CheckValue {
    /// Whether the key, or the one beside it, is the one in use.
    pub(super) fn is_opened_by(&self, key: &MasterKey) -> bool {
        key.open(CHECK_ROW, &self.sealed).is_ok()
    }

    /// Whether it is the key that seals.
    pub(super) fn is_of_first(&self, key: &MasterKey) -> bool {
        matches!(
            key.open_with_either(CHECK_ROW, &self.sealed),
            Ok(Opened::First(_))
        )
    }
}

/// The next organizations with sealed values, which stay locked until the end of the transaction.
pub(super) async fn next_sealed_rows(
    conn: &impl ConnectionTrait,
    after: OrganizationId,
) -> Result<Vec<SealedRow>, DbErr> {
    sql::rows::<SealedRow>(
        conn,
        "SELECT id, twilio_auth_token, twilio_auth_token_previous FROM organization
         WHERE id > $1 AND num_nonnulls(twilio_auth_token, twilio_auth_token_previous) > 0
         ORDER BY id LIMIT $2 FOR UPDATE",
        [after.into(), BATCH.into()],
    )
    .await
}

/// Stores the sealed values of an organization.
pub(super) async fn save_sealed_row(
    conn: &impl ConnectionTrait,
    row: SealedRow,
) -> Result<(), DbErr> {
    sql::run(conn, "UPDATE organization SET twilio_auth_token = $2, twilio_auth_token_previous = $3 WHERE id = $1", [
            row.id.into(),
            row.twilio_auth_token.into(),
            row.twilio_auth_token_previous.into(),
        ]).await.map(drop)
}

/// All check values: one, or two during a rotation.
pub(super) async fn check_values(conn: &impl ConnectionTrait) -> Result<Vec<CheckValue>, DbErr> {
    let find = "SELECT id, sealed FROM master_key_check ORDER BY id LIMIT 10";
    let find = Statement::from_string(conn.get_database_backend(), find);
    CheckValue::find_by_statement(find).all(conn).await
}

/// Notes that the key is in use.
pub(super) async fn add_check_value(
    conn: &impl ConnectionTrait,
    key: &MasterKey,
) -> Result<(), DbErr> {
    let sealed = key.seal(CHECK_ROW, &SecretString::from("loquent"));
    sql::run(
        conn,
        "INSERT INTO master_key_check (sealed) VALUES ($1)",
        [sealed.into()],
    )
    .await
    .map(drop)
}

/// Notes that a key is in use no more.
pub(super) async fn remove_check_value(conn: &impl ConnectionTrait, id: i64) -> Result<(), DbErr> {
    sql::run(
        conn,
        "DELETE FROM master_key_check WHERE id = $1",
        [id.into()],
    )
    .await
    .map(drop)
}

/// Keeps others from adopting, rotating or forgetting a key until the end of the transaction.
pub(super) async fn lock_check_values(conn: &impl ConnectionTrait) -> Result<(), DbErr> {
    let lock = "LOCK TABLE master_key_check IN SHARE ROW EXCLUSIVE MODE";
    conn.execute_unprepared(lock).await.map(drop)
}
