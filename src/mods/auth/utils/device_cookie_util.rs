//! The cookie of a browser that somebody has signed in with.

use rand::RngCore;
use sha2::{Digest, Sha256};
use time::Duration;
use tower_cookies::{Cookie, Cookies, cookie::SameSite};

use crate::bases::config::Config;

const NAME: &str = "loquent_device";
const NAME_OVER_HTTPS: &str = "__Host-loquent_device";
/// As long as browsers keep a cookie at most.
const KEPT_FOR: Duration = Duration::days(400);

/// Tells a browser that somebody has signed in with from all others. It lets nobody in: its
/// attempts are only counted by themselves.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceToken([u8; 32]);

impl DeviceToken {
    /// A new one, of chance.
    pub fn new() -> Self {
        let mut bytes = [0; 32];
        rand::rng().fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// What the database knows of it.
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0).to_vec()
    }

    /// The one that the browser sent, if it did.
    pub fn read(cookies: &Cookies, config: &Config) -> Option<Self> {
        let cookie = cookies.get(name(config))?;
        let bytes = hex::decode(cookie.value()).ok()?;
        bytes.try_into().map(Self).ok()
    }

    /// Gives it to the browser.
    pub fn write(&self, cookies: &Cookies, config: &Config) {
        let cookie = Cookie::build((name(config), hex::encode(self.0)))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Strict)
            .secure(!config.is_loopback())
            .max_age(KEPT_FOR);
        cookies.add(cookie.build());
    }
}

impl Default for DeviceToken {
    fn default() -> Self {
        Self::new()
    }
}

/// Browsers take a name with this prefix from a page of the same host over https only.
fn name(config: &Config) -> &'static str {
    if config.is_loopback() {
        NAME
    } else {
        NAME_OVER_HTTPS
    }
}
