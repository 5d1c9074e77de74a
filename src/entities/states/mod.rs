//! The closed sets of words in the tables, one enum a file, shared by server and browser.
//!
//! Each word stands in one place (`define_state`): JSON, the database and the command line have the
//! same. A Model has the enum itself, or [`Word`] of it where a newer node may have written a word
//! that this program does not know.

mod account_change_kind;
mod account_change_state;
mod attachment_state;
#[cfg(feature = "server")]
mod conversation_state;
mod define_state;
#[cfg(feature = "server")]
mod history_side;
mod import_phase;
mod import_state;
mod log_source;
#[cfg(feature = "server")]
mod message_channel;
mod message_direction;
mod message_source;
mod message_status;
#[cfg(feature = "server")]
mod part_kind;
mod reconciliation_state;
mod role;
#[cfg(feature = "server")]
mod shared_number_source;
#[cfg(feature = "server")]
mod shared_twilio;
mod twilio_event_state;
#[cfg(feature = "server")]
mod word;

pub use account_change_kind::{AccountChangeKind, ChangeVerb};
pub use account_change_state::AccountChangeState;
pub use attachment_state::AttachmentState;
#[cfg(feature = "server")]
pub use conversation_state::ConversationState;
pub use define_state::UnknownWord;
#[cfg(feature = "server")]
pub use history_side::HistorySide;
pub use import_phase::ImportPhase;
pub use import_state::ImportState;
pub use log_source::LogSource;
#[cfg(feature = "server")]
pub use message_channel::MessageChannel;
pub use message_direction::MessageDirection;
pub use message_source::MessageSource;
pub use message_status::MessageStatus;
#[cfg(feature = "server")]
pub use part_kind::PartKind;
pub use reconciliation_state::ReconciliationState;
pub use role::Role;
#[cfg(feature = "server")]
pub use shared_number_source::SharedNumberSource;
#[cfg(feature = "server")]
pub use shared_twilio::SharedTwilio;
pub use twilio_event_state::TwilioEventState;
#[cfg(feature = "server")]
pub use word::Word;
