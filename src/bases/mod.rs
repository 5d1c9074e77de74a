//! What every room stands on. It knows no room; of SMS it knows only names and settings.
//!
//! - **Start:** `config`, `secrets`, `embedded_postgres`, `migrate`, `telemetry` (`log_mask`),
//!   `state`
//! - **Database:** `db` (limits, outages, listeners), `sql` (set-based statements), `ids`, `keyset`
//! - **Requests:** `http`, `api_json`, `json_object`, `error`, `html`
//! - **Background work:** `jobs`, `health`, `clock`, `position`
//! - **Browsers:** `realtime` (browser events), `page_data`, `browser`
//! - **Files:** `media_store`, `private_files`
//! - **Values:** `e164`, `phone_format`, `dates`, `figures`

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
#[cfg(feature = "server")]
pub mod embedded_postgres;
pub mod error;
pub mod figures;
#[cfg(feature = "server")]
pub mod health;
#[cfg(feature = "server")]
pub mod html;
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
mod log_mask;
#[cfg(feature = "server")]
pub mod media_store;
#[cfg(feature = "server")]
pub mod migrate;
pub mod page_data;
#[cfg(feature = "server")]
pub mod phone_format;
pub mod position;
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
#[cfg(feature = "server")]
pub mod telemetry;
#[cfg(feature = "server")]
pub mod turn;
