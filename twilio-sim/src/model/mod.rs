//! What exists at the simulated Twilio.

mod account;
mod armed_outcome;
mod delivery_error;
mod message;
mod message_direction;
mod message_status;
mod messaging_service;
mod number_offer;
mod number_settings;
mod phone_number;
mod sid;
mod sink;
mod subscription;

pub use account::{Account, AccountKind, AccountStatus};
pub use armed_outcome::{ArmedOutcome, CreateError, FinalStatus, OutcomeKind};
pub(crate) use delivery_error::delivery_error_text;
pub use message::{Media, Message, MessageOrigin, StatusChange};
pub use message_direction::MessageDirection;
pub use message_status::MessageStatus;
pub(crate) use messaging_service::MessagingService;
pub use number_offer::Capabilities;
pub(crate) use number_offer::{COUNTRIES, Country, NumberKind, NumberOffer, country};
pub use number_settings::{NumberSettings, SettingError};
pub use phone_number::PhoneNumber;
pub use sid::{Sid, SidPrefix};
pub(crate) use sink::{Sink, SinkConfiguration, SinkStatus, SinkType};
pub(crate) use subscription::{SubscribedEvent, Subscription};
