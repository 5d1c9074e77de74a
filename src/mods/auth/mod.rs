//! People, organizations, roles, signing in.
//!
//! A sign-in passes these files:
//! 1. `components/login_page_component` posts to `api/login_api`, or as a form to
//!    `api/sign_in_form_api` while the page is not live.
//! 2. `services/log_in_service` counts the attempt (`sign_in_attempt`), checks the password
//!    (`check_password_service`, `utils/hash_password_util`) and remembers the browser
//!    (`utils/device_cookie_util`).
//! 3. `utils/session_util` puts the user into the session, which
//!    `utils/postgres_session_store_util` keeps.
//! 4. Every later request passes `api/require_login`. `api/current_user_extractor` hands its
//!    handler a `CurrentUser` with organization and role (`services/find_current_user_service`).
//!
//! Access ends in `services/end_access_service`; nodes hear of it and close sockets. People and
//! organizations are created and changed by the command line (`create_…`, `set_…`, `remove_…`). The
//! master key is checked, rotated and given up in `services/*_master_key_service`, `sealed_values`
//! and `forget_sealed_values_service`. `jobs/` deletes what is out of date.

pub mod api;
pub mod components;
pub mod hooks;
#[cfg(feature = "server")]
pub mod jobs;
#[cfg(feature = "server")]
pub mod services;
pub mod types;
#[cfg(feature = "server")]
pub mod utils;
