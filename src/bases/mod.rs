//! What every room stands on. It knows no room; of SMS it knows only names and settings.
//!
//! - **Start:** `config`, `secrets`, `state`
//! - **Database:** `db` (limits, outages, listeners), `sql` (set-based statements), `ids`, `keyset`
//! - **Requests:** `http`, `api_json`, `json_object`, `error`
//! - **Background work:** `claim_loop`, `lease`, `retry`, `jobs`, `health`, `clock`
//! - **Browsers:** `realtime` (browser events), `browser`
//! - **Files:** `media_store`, `private_files`
//! - **Values:** `e164`, `dates`

pub mod api_json;
pub mod browser;
#[cfg(feature = "server")]
pub mod claim_loop;
#[cfg(feature = "server")]
pub mod clock;
#[cfg(feature = "server")]
pub mod config;
pub mod dates;
#[cfg(feature = "server")]
pub mod db;
pub mod e164;
pub mod error;
#[cfg(feature = "server")]
pub mod health;
#[cfg(feature = "server")]
pub mod http;
pub mod ids;
#[cfg(feature = "server")]
pub mod jobs;
pub mod json_object;
#[cfg(feature = "server")]
pub mod keyset;
#[cfg(feature = "server")]
pub mod lease;
#[cfg(feature = "server")]
pub mod media_store;
#[cfg(feature = "server")]
pub mod private_files;
pub mod realtime;
#[cfg(feature = "server")]
pub mod retry;
#[cfg(feature = "server")]
pub mod secrets;
#[cfg(feature = "server")]
pub mod sql;
#[cfg(feature = "server")]
pub mod state;
