//! What the settings show of events, imports and reconciliations.

pub mod events;
pub mod history;
pub mod reconciliation;
