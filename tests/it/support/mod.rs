//! What the tests stand on.

mod agent;
mod cluster;
mod eventually;
mod object_store;
mod program;
mod rows;
mod server;
mod socket;
mod strange_twilio;
mod sync_world;
mod test_database;
mod twilio_account;
mod twilio_event;
mod twilio_front;
mod twilio_rest;
mod world;

pub use agent::{Agent, Reply};
pub use cluster::Cluster;
pub use eventually::{eventually, eventually_within};
pub use object_store::ObjectStore;
use program::Program;
pub use rows::{Rows, StoredMessage};
pub use server::{Server, ServerSettings};
use server::{free_port, server_program};
pub use socket::Socket;
pub use strange_twilio::{StrangeTwilio, Strangeness};
pub use sync_world::{History, SyncRun};
pub use test_database::TestDatabase;
pub use twilio_account::{TwilioAccount, events_url};
pub use twilio_event::{TwilioEvent, new_sid};
pub use twilio_front::Fault;
use twilio_front::TwilioFront;
pub use world::{CUSTOMER, MAIN_LINE, Organization, World};
