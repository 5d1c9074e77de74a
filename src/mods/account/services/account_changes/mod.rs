//! Changes in a customer's Twilio account: plan → apply → record → undo.
//!
//! Nothing else in the program changes an account. The shape is the same for every action:
//!
//! 1. [`AccountChanger::begin`] finds the organization's credentials and, unless it is a dry run,
//!    takes the lease of that Twilio account (two admins, two nodes and two organizations of the
//!    same account come one after the other) and settles changes whose answer was lost.
//! 2. The service of the action reads the present state with [`AccountAccess`] and makes an
//!    [`ActionPlan`]: [`AccountAction`]s in order, and what stays untouched. It calls nothing else.
//! 3. [`AccountChanger::finish`] answers the plan, or carries it out: each action is written to
//!    `twilio_account_change` (`pending`) and committed **before** its one call, and settled after
//!    it. A crash or a lost answer leaves a pending row, which the next `begin` settles by looking.
//!
//! # To add an action
//! - Name it in `AccountChangeKind` (`entities/states`), if it is not there yet. A word that ends in
//!   `_restored` says that our callback is taken away (`find_expected_callbacks_service`).
//! - In the room of what it changes, add a file in its `actions/` with a struct that holds
//!   everything the call needs (it is stored as JSON). It implements [`Action`] under a name of its
//!   own: what to say of it, the call, how to see whether it was done, what to write in our own
//!   tables once it is done, and what undoes it.
//! - Add a service that makes the plan and ends with `finish`, and a thin API that takes
//!   [`PlanOptions`](crate::mods::account::types::PlanOptions) and answers
//!   [`TwilioActionAnswer`](crate::mods::account::types::TwilioActionAnswer).
//!   `setup_event_sink_service` is an example of two or more changes,
//!   `repair_phone_number_service` of one.
//! - In the browser, the section of the settings hands what it does to the plan dialog.

mod account_access;
mod account_action;
mod account_change_row;
mod account_changer;
mod account_lock;
mod action_plan;
mod action_words;
mod recorded_change;
mod undo_refusals;

pub use account_access::AccountAccess;
pub use account_action::{AccountAction, Action, Outcome, Values};
pub use account_change_row::{change_of_row, find_change_row, with_users};
pub use account_changer::AccountChanger;
pub use account_lock::AccountLock;
pub use action_plan::ActionPlan;
pub use action_words::{created, look_up_removal, values};
pub use recorded_change::RecordedChange;
pub use undo_refusals::{changed_since, gone, no_way_back};
