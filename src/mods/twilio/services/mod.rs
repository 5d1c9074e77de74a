pub mod events;
pub mod forwarding;
pub mod history;
pub mod media;
pub mod reconciliation;
