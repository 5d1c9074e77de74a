//! Typed ids: an id of one table cannot be passed where another's is meant. On the server they are
//! columns and parameters of SQL as they are.

use std::{fmt, str::FromStr};

#[cfg(feature = "server")]
use sea_orm::{DbErr, DeriveValueType, TryFromU64};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! define_id {
    ($(#[$doc:meta])* $name:ident) => {
        define_id!($(#[$doc])* $name: Uuid);

        #[cfg(feature = "server")]
        impl $name {
            /// Before all others.
            pub const SMALLEST: Self = Self(Uuid::nil());

            /// A new id, ordered by time of creation (UUIDv7).
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        #[cfg(feature = "server")]
        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        /// A primary key has to say whether a number can stand for it.
        #[cfg(feature = "server")]
        impl TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, DbErr> {
                Err(DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    };
    ($(#[$doc:meta])* $name:ident: $inner:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "server", derive(DeriveValueType), sea_orm(try_getable_array))]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = <$inner as FromStr>::Err;

            fn from_str(raw: &str) -> Result<Self, Self::Err> {
                raw.parse().map(Self)
            }
        }

        impl From<$name> for $inner {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
}

define_id!(
    /// A tenant.
    OrganizationId
);
define_id!(
    /// A person who signs in.
    UserId
);
define_id!(
    /// A customer of an organization.
    ContactId
);
define_id!(
    /// The one thread with a contact.
    ConversationId
);
define_id!(
    /// One text, in or out.
    MessageId
);
define_id!(
    /// A Twilio number of an organization.
    PhoneNumberId
);
define_id!(
    /// One run of the import of a number's history.
    ImportId
);
define_id!(
    /// One reconciliation of a number with Twilio's list.
    ReconciliationId
);
define_id!(
    /// A file of a message.
    AttachmentId
);
define_id!(
    /// A change that Loquent made in a Twilio account.
    AccountChangeId
);
define_id!(
    /// An event as Twilio posted it. Ids are in the order of arrival.
    TwilioEventId: i64
);

#[cfg(feature = "server")]
impl TwilioEventId {
    /// After all others.
    pub const LARGEST: Self = Self(i64::MAX);
}
