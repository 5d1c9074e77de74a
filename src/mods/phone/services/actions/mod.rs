//! What the ledger records of numbers: one file for each kind of call.

mod buy_number;
mod release_number;
mod update_number;

pub use buy_number::BuyNumber;
pub use release_number::ReleaseNumber;
pub use update_number::{NumberChange, UpdateNumber};
