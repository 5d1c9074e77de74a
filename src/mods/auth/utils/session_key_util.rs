use sha2::{Digest, Sha256};
use tower_sessions::session::Id;
use uuid::Uuid;

/// What the database knows of a session's id: its SHA-256. Who reads the table cannot sign in
/// with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionKey([u8; 32]);

impl SessionKey {
    /// The key of the session with this id.
    pub fn of(id: Id) -> Self {
        Self(Sha256::digest(id.0.to_be_bytes()).into())
    }

    /// As it is in the database.
    pub fn to_vec(self) -> Vec<u8> {
        self.0.to_vec()
    }

    /// A name for it in notices between nodes.
    pub fn notice_id(self) -> Uuid {
        let [id @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = self.0;
        Uuid::from_bytes(id)
    }
}
