use serde::Serialize;

/// Somebody who can sign in to the demo.
#[derive(Debug, Clone, Serialize)]
pub struct DemoLogin {
    pub role: &'static str,
    pub email: &'static str,
    /// Known to everybody who reads this program.
    pub password: &'static str,
}
