use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
};

use super::find_current_user_service;
use crate::{
    bases::{error::AppError, ids::UserId},
    entities::{login_attempt, user},
    mods::auth::{
        types::{CurrentUser, LoginIn},
        utils::verify_password_util,
    },
};

/// Failed attempts are counted over this time.
const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// Enough for a person who mistypes, too few for one who guesses.
const MAX_FAILURES_PER_ACCOUNT: u64 = 10;
/// An office shares an address, so it may fail more often than one account.
const MAX_FAILURES_PER_ADDRESS: u64 = 50;
/// Longer ones are no passwords, and hashing them costs time.
const MAX_PASSWORD_BYTES: usize = 1_024;

/// Checks e-mail and password, and counts failures per account and per address.
pub async fn log_in_service(
    conn: &impl ConnectionTrait,
    login: &LoginIn,
    address: IpAddr,
    now: DateTime<Utc>,
) -> Result<CurrentUser, AppError> {
    let email = login.email.trim().to_lowercase();
    refuse_too_many_failures(conn, &email, address, now).await?;
    match check(conn, &email, &login.password).await? {
        Some(user) => Ok(user),
        None => {
            record_failure(conn, &email, address, now).await?;
            Err(AppError::WrongCredentials)
        }
    }
}

async fn refuse_too_many_failures(
    conn: &impl ConnectionTrait,
    email: &str,
    address: IpAddr,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let recent = || {
        login_attempt::Entity::find().filter(login_attempt::Column::AttemptedAt.gt(now - WINDOW))
    };
    let by_account = recent()
        .filter(login_attempt::Column::Email.eq(email))
        .count(conn)
        .await?;
    let by_address = recent()
        .filter(login_attempt::Column::Address.eq(address.to_string()))
        .count(conn)
        .await?;
    if by_account >= MAX_FAILURES_PER_ACCOUNT || by_address >= MAX_FAILURES_PER_ADDRESS {
        tracing::warn!(%address, by_account, by_address, "sign-in refused after too many failures");
        let retry_after_seconds = WINDOW.num_seconds().unsigned_abs();
        return Err(AppError::TooManyRequests {
            retry_after_seconds,
        });
    }
    Ok(())
}

async fn check(
    conn: &impl ConnectionTrait,
    email: &str,
    password: &str,
) -> Result<Option<CurrentUser>, AppError> {
    let found = user::Entity::find()
        .filter(user::Column::Email.eq(email))
        .one(conn)
        .await?;
    if password.len() > MAX_PASSWORD_BYTES {
        return Ok(None);
    }
    let hash = found.as_ref().map(|user| user.password_hash.clone());
    if !verify_password_util(password.to_owned(), hash).await? {
        return Ok(None);
    }
    match found {
        Some(user) => find_current_user_service(conn, UserId(user.id)).await,
        None => Ok(None),
    }
}

async fn record_failure(
    conn: &impl ConnectionTrait,
    email: &str,
    address: IpAddr,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let row = login_attempt::ActiveModel {
        id: NotSet,
        email: Set(email.chars().take(320).collect()),
        address: Set(address.to_string()),
        attempted_at: Set(now),
    };
    login_attempt::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}
