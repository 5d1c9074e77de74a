//! A simulator of Twilio: run, show and test a program that texts, without a Twilio account.
//!
//! It answers a part of Twilio's REST API, delivers Event Streams and status callbacks with
//! Twilio's signatures and retry rules, shows a customer's handset at `/`, and is steered through
//! `/sim`. Everything is held in memory. Where it differs from Twilio, that is a defect, unless
//! `docs/reference.md` lists it as a deliberate difference.
//!
//! ```no_run
//! # async fn example() -> Result<(), twilio_sim::SimulatorError> {
//! use twilio_sim::{Simulator, SimulatorConfig};
//!
//! let simulator = Simulator::spawn(SimulatorConfig::default()).await?;
//! println!("{}", simulator.base_url());
//! simulator.stop().await;
//! # Ok(())
//! # }
//! ```

mod control;
mod delivery;
mod events;
mod faults;
mod handset;
mod history;
mod media;
mod model;
mod rest;
mod simulation;
mod simulator;
mod simulator_config;
mod store;
mod timing;
mod wire;

pub use control::{
    ArmOutcome, CallOutcome, CallReceiver, ChangedNumber, ChangedSink, ControlError, CustomerCall,
    CustomerMessage, ExternalMessage, HistoricMessage, HistorySummary, NamedHandset, NewAccount,
    NewHistory, NewMessagingService, NewPhoneNumber,
};
pub use faults::{ArmedFault, Fault, FaultPlan, FaultReport, FaultRule, FaultTarget, FiredFault};
pub use history::{
    GeneratedFile, GeneratedHistory, GeneratedMessage, HistoryCounts, NumberCounts, ShownDates,
};
pub use media::CdnRequest;
pub use model::{
    Account, AccountKind, AccountStatus, ArmedOutcome, Capabilities, CreateError, FinalStatus,
    Media, Message, MessageDirection, MessageOrigin, MessageStatus, NumberSettings, OutcomeKind,
    PhoneNumber, SettingError, Sid, SidPrefix, StatusChange,
};
pub use simulation::Simulation;
pub use simulator::{RunningSimulator, Simulator, SimulatorError};
pub use simulator_config::{SeedAccount, SimulatorConfig};
pub use store::{AttemptOutcome, DeliveredItem, DeliveryAttempt, DeliveryKind, RequestRecord};
pub use timing::{Timing, TimingUpdate};
pub use wire::{sign_url, with_body_hash};
