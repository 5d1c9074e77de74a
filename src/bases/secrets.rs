//! Sealing of secrets at rest.

use std::{fmt, fs, io, path::Path};

use chacha20poly1305::{
    Key, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use rand::RngCore;
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

/// Marks the form `key id (1) | nonce (24) | ciphertext`; the next key of a rotation gets 2.
const KEY_ID: u8 = 1;
const NONCE_BYTES: usize = 24;

/// The key that seals the secrets of organizations (XChaCha20-Poly1305).
#[derive(Clone)]
pub struct MasterKey(Key);

/// The master key could not be had.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    #[error("must be 64 hexadecimal digits (32 bytes), for example from `openssl rand -hex 32`")]
    Malformed,
    #[error("the key file {path} could not be used")]
    File { path: String, source: io::Error },
}

/// A sealed value could not be opened: wrong key, wrong row, or changed bytes.
#[derive(Debug, thiserror::Error)]
#[error("a sealed secret could not be opened: it was sealed with another key or for another row")]
pub struct OpenError;

impl MasterKey {
    /// From the setting, else from `master.key` in the data directory, which is made on first
    /// use and readable by its owner only.
    pub fn load(setting: Option<String>, data_dir: &Path) -> Result<Self, MasterKeyError> {
        match setting {
            Some(hex) => Self::from_hex(&hex),
            None => Self::from_file(&data_dir.join("master.key")),
        }
    }

    fn from_hex(text: &str) -> Result<Self, MasterKeyError> {
        let bytes = hex::decode(text.trim()).map_err(|_| MasterKeyError::Malformed)?;
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| MasterKeyError::Malformed)?;
        Ok(Self(bytes.into()))
    }

    fn from_file(path: &Path) -> Result<Self, MasterKeyError> {
        let failed = |source| MasterKeyError::File {
            path: path.display().to_string(),
            source,
        };
        match fs::read_to_string(path) {
            Ok(text) => Self::from_hex(&text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut bytes = [0; 32];
                rand::rng().fill_bytes(&mut bytes);
                let text = hex::encode(bytes);
                write_private(path, &text).map_err(failed)?;
                Self::from_hex(&fs::read_to_string(path).map_err(failed)?)
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// Seals a secret for one row: it can be opened only with that row's id.
    pub fn seal(&self, row: Uuid, secret: &SecretString) -> Vec<u8> {
        let mut nonce = [0; NONCE_BYTES];
        rand::rng().fill_bytes(&mut nonce);
        let payload = Payload {
            msg: secret.expose_secret().as_bytes(),
            aad: row.as_bytes(),
        };
        let ciphertext = XChaCha20Poly1305::new(&self.0)
            .encrypt(XNonce::from_slice(&nonce), payload)
            .unwrap_or_else(|_| unreachable!("encryption fails only above 256 GiB"));
        [&[KEY_ID], nonce.as_slice(), &ciphertext].concat()
    }

    /// Opens what [`MasterKey::seal`] made for the same row.
    pub fn open(&self, row: Uuid, sealed: &[u8]) -> Result<SecretString, OpenError> {
        let [KEY_ID, rest @ ..] = sealed else {
            return Err(OpenError);
        };
        let (nonce, ciphertext) = rest.split_at_checked(NONCE_BYTES).ok_or(OpenError)?;
        let payload = Payload {
            msg: ciphertext,
            aad: row.as_bytes(),
        };
        let bytes = XChaCha20Poly1305::new(&self.0)
            .decrypt(XNonce::from_slice(nonce), payload)
            .map_err(|_| OpenError)?;
        String::from_utf8(bytes)
            .map(SecretString::from)
            .map_err(|_| OpenError)
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// Makes the file with its text at once: another process never sees it half written, and of two
/// that make it at the same time one wins.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};

    if let Some(dir) = path.parent() {
        fs::create_dir_all(dir)?;
    }
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_only_for_its_row_and_key() {
        let key = MasterKey::from_hex(&"ab".repeat(32)).expect("valid");
        let other = MasterKey::from_hex(&"cd".repeat(32)).expect("valid");
        let row = Uuid::from_u128(1);
        let sealed = key.seal(row, &SecretString::from("token"));
        assert_eq!(
            key.open(row, &sealed).expect("opens").expose_secret(),
            "token"
        );
        assert!(key.open(Uuid::from_u128(2), &sealed).is_err());
        assert!(other.open(row, &sealed).is_err());
        for i in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[i] ^= 1;
            assert!(
                key.open(row, &changed).is_err(),
                "byte {i} is not protected"
            );
        }
    }
}
