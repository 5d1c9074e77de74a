//! `/sim`: what a test or the handset page does with the simulator. The methods of
//! [`Simulation`](crate::Simulation) do the work, the handlers only carry JSON.

mod accounts_control;
mod arm_control;
mod calls_control;
mod control_api;
mod control_error;
mod control_router;
mod fault_api;
mod fault_control;
mod generated_history_api;
mod generated_history_control;
mod handsets_control;
mod history_control;
mod messages_control;
mod number_control;
mod read_back;
mod sinks_control;
mod stream_api;
mod uploads_api;

pub use accounts_control::{NewAccount, NewMessagingService, NewPhoneNumber};
pub use arm_control::ArmOutcome;
pub use calls_control::{CallOutcome, CallReceiver, CustomerCall};
pub use control_error::ControlError;
pub(crate) use control_router::control_router;
pub use generated_history_control::{HistorySummary, NewHistory};
pub use handsets_control::NamedHandset;
pub use history_control::HistoricMessage;
pub use messages_control::{CustomerMessage, ExternalMessage};
pub use number_control::ChangedNumber;
pub use sinks_control::ChangedSink;
