//! The connection to Postgres.
//!
//! `connect` opens the pool, whose [`Db`] (`limited`) waits for no answer longer than a statement
//! may take. `own_connection`, `listener` and `job_database` are connections outside of it.

mod connect;
mod job_database;
mod limit;
mod limited;
mod listener;
mod outage;
mod own_connection;
mod url;

pub use connect::{ConnectError, connect};
pub use job_database::JobDatabase;
pub use limit::{NoAnswer, within};
pub use limited::{Db, DbTransaction};
pub use listener::Listener;
pub use outage::{
    describe_db_error, describe_sqlx_error, has_code, is_conflict, is_outage, is_sqlx_outage,
    outage, past_outage,
};
pub use own_connection::OwnConnection;
pub use url::{DatabaseUrlError, parse_database_url};
