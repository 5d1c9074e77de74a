use serde::Serialize;

use super::DemoLogin;

/// What `demo seed` prints.
#[derive(Debug, Clone, Serialize)]
pub struct SeededDemo {
    /// The name of the demo organization.
    pub organization: &'static str,
    pub logins: Vec<DemoLogin>,
}
