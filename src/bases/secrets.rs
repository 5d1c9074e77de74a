//! Sealing secrets at rest.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use chacha20poly1305::{
    Key, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use rand::RngCore;
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::private_files::{PRIVATE_FILE, create_private_directory};

/// Marks the form `form (1) | nonce (24) | ciphertext`.
const FORM: u8 = 1;
const NONCE_BYTES: usize = 24;

/// The key that seals the secrets of organizations (XChaCha20-Poly1305), and during a rotation a
/// second one, which only opens.
#[derive(Clone)]
pub struct MasterKey {
    key: Key,
    second: Option<Key>,
    origin: KeyOrigin,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum KeyOrigin {
    /// Set, or found in its file.
    Given,
    /// Random, and not stored yet; the path is that of its file.
    New(PathBuf),
}

/// The master key could not be read or created.
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

/// How a sealed value could be opened.
#[derive(Debug)]
pub enum Opened {
    /// With the key that seals.
    First(SecretString),
    /// With the one beside it.
    Second(SecretString),
}

impl MasterKey {
    /// From the setting, else from `master.key` in the data directory, else a new one, which is
    /// kept nowhere until [`MasterKey::keep`]. `second` opens what the key does not.
    pub fn load(
        setting: Option<String>,
        second: Option<String>,
        data_dir: &Path,
    ) -> Result<Self, MasterKeyError> {
        let file = data_dir.join("master.key");
        let (key, origin) = match setting {
            Some(hex) => (key_of(&hex)?, KeyOrigin::Given),
            None => match fs::read_to_string(&file) {
                Ok(hex) => (key_of(&hex)?, KeyOrigin::Given),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    let mut bytes = [0; 32];
                    rand::rng().fill_bytes(&mut bytes);
                    (bytes.into(), KeyOrigin::New(file))
                }
                Err(source) => return Err(file_error(&file, source)),
            },
        };
        let second = second.as_deref().map(key_of).transpose()?;
        Ok(Self {
            key,
            second,
            origin,
        })
    }

    /// Whether it was just generated, so that nothing can be sealed with it.
    pub fn is_new(&self) -> bool {
        self.origin != KeyOrigin::Given
    }

    /// Whether a second key is there, which only opens.
    pub fn has_second(&self) -> bool {
        self.second.is_some()
    }

    /// Writes a new key to its file, readable by its owner only. Of two processes that do it at once
    /// both get the same key.
    pub fn keep(self) -> Result<Self, MasterKeyError> {
        let KeyOrigin::New(file) = &self.origin else {
            return Ok(self);
        };
        let failed = |source| file_error(file, source);
        write_private(file, &hex::encode(self.key)).map_err(failed)?;
        let kept = fs::read_to_string(file).map_err(failed)?;
        Ok(Self {
            key: key_of(&kept)?,
            second: self.second,
            origin: KeyOrigin::Given,
        })
    }

    /// Seals a secret for one row: it can be opened only with that row's id.
    pub fn seal(&self, row: impl Into<Uuid>, secret: &SecretString) -> Vec<u8> {
        let (row, mut nonce) = (row.into(), [0; NONCE_BYTES]);
        rand::rng().fill_bytes(&mut nonce);
        let payload = Payload {
            msg: secret.expose_secret().as_bytes(),
            aad: row.as_bytes(),
        };
        let ciphertext = XChaCha20Poly1305::new(&self.key)
            .encrypt(XNonce::from_slice(&nonce), payload)
            .unwrap_or_else(|_| unreachable!("encryption fails only above 256 GiB"));
        [&[FORM], nonce.as_slice(), &ciphertext].concat()
    }

    /// Opens what [`MasterKey::seal`] made for the same row.
    pub fn open(&self, row: impl Into<Uuid>, sealed: &[u8]) -> Result<SecretString, OpenError> {
        match self.open_with_either(row, sealed)? {
            Opened::First(secret) | Opened::Second(secret) => Ok(secret),
        }
    }

    /// The same, and says with which key.
    pub fn open_with_either(
        &self,
        row: impl Into<Uuid>,
        sealed: &[u8],
    ) -> Result<Opened, OpenError> {
        let row = row.into();
        match (open_with(&self.key, row, sealed), &self.second) {
            (Ok(secret), _) => Ok(Opened::First(secret)),
            (Err(_), Some(second)) => open_with(second, row, sealed).map(Opened::Second),
            (Err(error), None) => Err(error),
        }
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

fn key_of(text: &str) -> Result<Key, MasterKeyError> {
    let bytes = hex::decode(text.trim()).map_err(|_| MasterKeyError::Malformed)?;
    let bytes: [u8; 32] = bytes.try_into().map_err(|_| MasterKeyError::Malformed)?;
    Ok(bytes.into())
}

fn open_with(key: &Key, row: Uuid, sealed: &[u8]) -> Result<SecretString, OpenError> {
    let [FORM, rest @ ..] = sealed else {
        return Err(OpenError);
    };
    let (nonce, ciphertext) = rest.split_at_checked(NONCE_BYTES).ok_or(OpenError)?;
    let payload = Payload {
        msg: ciphertext,
        aad: row.as_bytes(),
    };
    let bytes = XChaCha20Poly1305::new(key)
        .decrypt(XNonce::from_slice(nonce), payload)
        .map_err(|_| OpenError)?;
    String::from_utf8(bytes)
        .map(SecretString::from)
        .map_err(|_| OpenError)
}

fn file_error(path: &Path, source: io::Error) -> MasterKeyError {
    MasterKeyError::File {
        path: path.display().to_string(),
        source,
    }
}

/// Creates the file atomically: no process sees it half written, and of two that create it at once
/// one wins.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};

    if let Some(dir) = path.parent() {
        create_private_directory(dir)?;
    }
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(PRIVATE_FILE)
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

    fn key(hex: &str, second: Option<&str>) -> MasterKey {
        let long = |hex: &str| hex.repeat(32);
        MasterKey::load(Some(long(hex)), second.map(long), Path::new("nowhere")).expect("valid")
    }

    #[test]
    fn a_sealed_secret_opens_only_for_its_row_and_key() {
        let (first, other) = (key("ab", None), key("cd", None));
        let row = Uuid::from_u128(1);
        let sealed = first.seal(row, &SecretString::from("token"));
        assert_eq!(
            first.open(row, &sealed).expect("opens").expose_secret(),
            "token"
        );
        assert!(first.open(Uuid::from_u128(2), &sealed).is_err());
        assert!(other.open(row, &sealed).is_err());
        for i in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[i] ^= 1;
            assert!(
                first.open(row, &changed).is_err(),
                "byte {i} is not protected"
            );
        }
    }

    #[test]
    fn a_second_key_opens_and_does_not_seal() {
        let (old, both) = (key("ab", None), key("cd", Some("ab")));
        let row = Uuid::from_u128(1);
        let by_old = old.seal(row, &SecretString::from("token"));
        let opened = both.open_with_either(row, &by_old);
        assert!(matches!(opened, Ok(Opened::Second(_))), "{opened:?}");
        let by_both = both.seal(row, &SecretString::from("token"));
        let opened = both.open_with_either(row, &by_both);
        assert!(matches!(opened, Ok(Opened::First(_))), "{opened:?}");
        assert!(old.open(row, &by_both).is_err());
    }

    #[test]
    fn a_new_key_is_kept_only_when_it_is_said_and_the_first_to_be_kept_stays() {
        let directory = std::env::temp_dir().join(format!("key-{}", Uuid::now_v7()));
        let load = || MasterKey::load(None, None, &directory).expect("a key");
        let (one, two) = (load(), load());
        assert!(one.is_new() && two.is_new() && !directory.exists());
        let sealed = one.seal(Uuid::nil(), &SecretString::from("token"));
        let one = one.keep().expect("it is written");
        assert!(!one.is_new());
        two.keep()
            .expect("it is there")
            .open(Uuid::nil(), &sealed)
            .expect("the same");
        load().open(Uuid::nil(), &sealed).expect("the same");
        fs::remove_dir_all(directory).expect("it goes");
    }
}
