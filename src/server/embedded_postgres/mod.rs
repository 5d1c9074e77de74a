//! Our own Postgres cluster, for machines without one.
//!
//! `cluster` starts and stops it, `place` finds a directory that its owner can reach, `programs`
//! finds and runs Postgres' programs.

mod cluster;
mod error;
mod place;
mod programs;

pub use cluster::EmbeddedPostgres;
pub use error::EmbeddedPostgresError;
pub use programs::Durability;
