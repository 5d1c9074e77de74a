use sea_orm::DatabaseConnection;
use serde::Serialize;

use crate::bases::{clock::Clock, config::Config, error::AppError};

/// Somebody who can sign in to the demo.
#[derive(Debug, Clone, Serialize)]
pub struct DemoLogin {
    pub role: &'static str,
    pub email: &'static str,
    pub password: &'static str,
}

/// What `loquent demo seed` prints.
#[derive(Debug, Clone, Serialize)]
pub struct SeededDemo {
    pub logins: Vec<DemoLogin>,
}

pub async fn seed_demo_service(
    _db: &DatabaseConnection,
    _config: &Config,
    _simulator: Option<&str>,
    _clock: &Clock,
) -> Result<SeededDemo, AppError> {
    Ok(SeededDemo { logins: vec![] })
}
