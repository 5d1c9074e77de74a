use std::time::Duration;

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{self, Output, ParamsString, PasswordHash, SaltString},
};
use rand::RngCore;
use subtle::ConstantTimeEq;
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    task::spawn_blocking,
    time::timeout,
};

use crate::bases::error::AppError;

/// Hashing takes 19 MiB, and a core for some 30 ms: this is what sign-ins may take of a machine.
const AT_ONCE: usize = 1;
/// Those who wait for a place; further ones are sent away.
const WAITING: usize = 50;
/// Somebody who waits longer has given up.
const PATIENCE: Duration = Duration::from_secs(10);
/// glibc gives memory back at once only if it was asked for in a piece above 32 MiB. Of these, what
/// is not written to takes no memory.
const OWN_MAPPING_BLOCKS: usize = 33 * 1024 * 1024 / Block::SIZE;
const HASH_BYTES: usize = 32;
const SALT_BYTES: usize = 16;

static PLACES: Semaphore = Semaphore::const_new(AT_ONCE);
static STRANGERS: Semaphore = Semaphore::const_new(AT_ONCE + WAITING);
static KNOWN: Semaphore = Semaphore::const_new(AT_ONCE + WAITING);

/// Who waits for a place. Strangers cannot fill the queue of people who are signed in or use a
/// known browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashingQueue {
    Strangers,
    Known,
}

/// The right to hash one password.
#[derive(Debug)]
pub struct HashingPlace {
    _place: SemaphorePermit<'static>,
    _in_queue: SemaphorePermit<'static>,
}

impl HashingPlace {
    /// Waits for a place; 503 where too many wait already, or it takes too long.
    pub async fn take(queue: HashingQueue) -> Result<Self, AppError> {
        let queue = match queue {
            HashingQueue::Strangers => &STRANGERS,
            HashingQueue::Known => &KNOWN,
        };
        let queued = queue.try_acquire().map_err(|_| too_many())?;
        match timeout(PATIENCE, PLACES.acquire()).await {
            Ok(Ok(place)) => Ok(Self {
                _place: place,
                _in_queue: queued,
            }),
            _ => Err(too_many()),
        }
    }
}

fn too_many() -> AppError {
    tracing::warn!("too many passwords are being checked at once; refused a request");
    AppError::Unavailable
}

/// Hashes a new password, of somebody who may give one, with Argon2id and a random salt.
pub async fn hash_password_util(password: String) -> Result<String, AppError> {
    let place = HashingPlace::take(HashingQueue::Known).await?;
    let hash = in_place(place, move || make_hash(&password)).await?;
    hash.map_err(|error| {
        tracing::error!(%error, "hashing a password failed");
        AppError::Internal
    })
}

/// Whether the password is the one that was hashed. Without a hash (no such user) it takes as
/// long and says no, so that the time of the answer does not tell which e-mails exist.
pub async fn verify_password_util(
    place: HashingPlace,
    password: String,
    hash: Option<String>,
) -> Result<bool, AppError> {
    let verify = move || match hash {
        Some(hash) => is_password(&password, &hash),
        None => make_hash(&password).map(|_| false),
    };
    let right = in_place(place, verify).await?;
    Ok(right.unwrap_or_else(|error| {
        tracing::error!(%error, "the hash of a password cannot be used");
        false
    }))
}

/// The place is free when the work is done, also if nobody waits for it any more.
async fn in_place<T: Send + 'static>(
    place: HashingPlace,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AppError> {
    let work = move || {
        let done = work();
        drop(place);
        done
    };
    spawn_blocking(work).await.map_err(|error| {
        tracing::error!(%error, "hashing a password failed");
        AppError::Internal
    })
}

fn make_hash(password: &str) -> Result<String, password_hash::Error> {
    let mut salt = [0; SALT_BYTES];
    rand::rng().fill_bytes(&mut salt);
    let (params, mut hash) = (Params::default(), [0; HASH_BYTES]);
    let (algorithm, version) = (Algorithm::default(), Version::default());
    let argon2 = Argon2::new(algorithm, version, params.clone());
    derive(&argon2, password, &salt, &mut hash)?;
    let salt = SaltString::encode_b64(&salt)?;
    let hash = PasswordHash {
        algorithm: algorithm.ident(),
        version: Some(version.into()),
        params: ParamsString::try_from(&params)?,
        salt: Some(salt.as_salt()),
        hash: Some(Output::new(&hash)?),
    };
    Ok(hash.to_string())
}

fn is_password(password: &str, hash: &str) -> Result<bool, password_hash::Error> {
    let hash = PasswordHash::new(hash)?;
    let (Some(salt), Some(expected)) = (hash.salt, hash.hash) else {
        return Err(password_hash::Error::PhcStringField);
    };
    let version = hash.version.map(Version::try_from).transpose()?;
    let argon2 = Argon2::new(
        Algorithm::try_from(hash.algorithm)?,
        version.unwrap_or_default(),
        Params::try_from(&hash)?,
    );
    let mut salt_bytes = [0; 64];
    let salt = salt.decode_b64(&mut salt_bytes)?;
    let mut given = vec![0; expected.len()];
    derive(&argon2, password, salt, &mut given)?;
    Ok(given.ct_eq(expected.as_bytes()).into())
}

fn derive(
    argon2: &Argon2<'_>,
    password: &str,
    salt: &[u8],
    hash: &mut [u8],
) -> Result<(), argon2::Error> {
    let blocks = argon2.params().block_count();
    let mut memory = Vec::with_capacity(blocks.max(OWN_MAPPING_BLOCKS));
    memory.resize(blocks, Block::default());
    argon2.hash_password_into_with_memory(password.as_bytes(), salt, hash, &mut memory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_fits_its_password_only_and_one_of_before_still_fits() {
        let hash = make_hash("correct horse battery").expect("a hash");
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        assert_eq!(is_password("correct horse battery", &hash), Ok(true));
        assert_eq!(is_password("correct horse batterx", &hash), Ok(false));
        assert!(is_password("x", "").is_err());
        // Of the reference implementation's tests.
        let foreign = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        assert_eq!(is_password("password", foreign), Ok(true));
    }
}
