//! Loquent as a whole: the real server program, a real Postgres, and the simulator of Twilio.
//!
//! `cargo xtask test --only it` gives the database; by hand, set `TEST_DATABASE_URL` to a
//! superuser's URL. Every test has a database and a server of its own.

mod support;

mod access;
mod account_changes;
mod account_lease;
mod auth;
mod backlog;
mod bad_events;
mod chaos;
mod clocks;
mod database_outage;
mod direct_webhooks;
mod embedded_postgres;
mod end_to_end;
mod event_sink;
mod events_page;
mod external;
mod fairness;
mod inbox;
mod ingest;
mod ingest_order;
mod ingest_signature;
mod jobs;
mod master_key;
mod media_files;
mod message_history;
mod message_order;
mod migrations;
mod migrations_first_schema;
mod opt_out;
mod organization_scope;
mod phone_numbers;
mod process_death;
mod realtime;
mod reconciliation;
mod refusing_database;
mod retry;
mod sending;
mod sending_unknown_outcome;
mod shared_account;
mod sign_in_limits;
mod silent_database;
mod start;
mod sync;
mod sync_bucket;
mod sync_edges;
mod sync_faults;
mod sync_kill;
mod sync_media;
mod sync_outage;
mod sync_progress;
mod sync_resume;
mod sync_truth;
mod sync_undated;
mod twilio_connection;
mod twilio_health;
mod two_nodes;
mod voice;
mod void_token;
mod webhook_secrets;
mod whose_number;
mod whose_sequences;
