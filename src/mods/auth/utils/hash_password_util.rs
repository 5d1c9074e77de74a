use tokio::task::spawn_blocking;

use crate::bases::error::AppError;

/// Hashes a password with Argon2id and a random salt.
pub async fn hash_password_util(password: String) -> Result<String, AppError> {
    spawn_blocking(move || password_auth::generate_hash(password))
        .await
        .map_err(|error| {
            tracing::error!(%error, "hashing a password failed");
            AppError::Internal
        })
}

/// Whether the password is the one that was hashed. Without a hash (no such user) it takes as
/// long and says no, so that the time of the answer does not tell which e-mails exist.
pub async fn verify_password_util(
    password: String,
    hash: Option<String>,
) -> Result<bool, AppError> {
    let verify = move || match hash {
        Some(hash) => password_auth::verify_password(password, &hash).is_ok(),
        None => {
            password_auth::generate_hash(password);
            false
        }
    };
    spawn_blocking(verify).await.map_err(|error| {
        tracing::error!(%error, "checking a password failed");
        AppError::Internal
    })
}
