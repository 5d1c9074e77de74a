use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::bases::ids::{ContactId, PhoneNumberId};

/// The most characters one text may have ([Twilio's limit], error 21617 above it).
///
/// [Twilio's limit]: https://www.twilio.com/docs/errors/21617
pub const MAX_MESSAGE_CHARACTERS: usize = 1_600;

/// Body of `POST /api/messages/send`: exactly one of `contact_id` and `to`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendMessageIn {
    #[serde(default)]
    pub contact_id: Option<ContactId>,
    /// A phone number, in any usual form; a contact is made for it if there is none.
    #[serde(default)]
    pub to: Option<String>,
    /// 1 to [`MAX_MESSAGE_CHARACTERS`] characters.
    pub body: String,
    /// The organization's number to send from.
    pub phone_number_id: PhoneNumberId,
    /// The caller's own id of this send: the same one again sends nothing and answers the first
    /// message.
    #[serde(default)]
    pub client_key: Option<Uuid>,
}

impl fmt::Debug for SendMessageIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendMessageIn")
            .field("contact_id", &self.contact_id)
            .field("phone_number_id", &self.phone_number_id)
            .field("client_key", &self.client_key)
            .finish_non_exhaustive()
    }
}

/// A message to a number that is being written, as the browser keeps it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewMessageDraft {
    pub to: String,
    pub body: String,
    /// The chosen number to send from.
    pub from: Option<PhoneNumberId>,
    /// The id of the send, once these contents were sent.
    pub client_key: Option<Uuid>,
}
