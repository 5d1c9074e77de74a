//! Loquent as a whole: the real server program, a real Postgres, and the simulator of Twilio.
//!
//! `cargo xtask test it` gives the database; by hand, set `TEST_DATABASE_URL` to a superuser's
//! URL. Every test has a database and a server of its own.

mod support;

mod ingest;
mod ingest_order;
mod ingest_signature;
