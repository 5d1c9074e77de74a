pub mod events;
pub mod history;
pub mod reconciliation;
