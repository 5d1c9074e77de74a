//! Events, imports and reconciliations as this browser knows them, live.

mod import_events;
mod use_imports;
mod use_reconciliations;
mod use_twilio_events;

pub use use_imports::{ImportAction, ImportRuns, use_imports};
pub use use_reconciliations::{Reconciliations, use_reconciliations};
pub use use_twilio_events::{TwilioEvents, use_twilio_events};
