mod send_message_job;

pub use send_message_job::{SendMessageJob, UnfinishedTry};
