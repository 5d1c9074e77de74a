//! What the tests stand on.

mod agent;
mod cluster;
mod eventually;
mod program;
mod rows;
mod server;
mod socket;
mod test_database;
mod twilio_account;
mod twilio_event;
mod twilio_front;
mod world;

pub use agent::{Agent, Reply};
pub use cluster::{Cluster, kill_postmaster};
pub use eventually::{eventually, eventually_within};
pub use program::Program;
pub use rows::{Rows, StoredMessage};
pub use server::{Server, ServerSettings, free_port, server_program};
pub use socket::Socket;
pub use test_database::TestDatabase;
pub use twilio_account::{TwilioAccount, events_url, post_events, post_form};
pub use twilio_event::{TwilioEvent, new_sid};
pub use twilio_front::{Fault, TwilioFront};
pub use world::{CUSTOMER, MAIN_LINE, Organization, World};
