//! Settings, read once at start from the environment.

use std::{env, ops::RangeInclusive, path::PathBuf};

use chrono::TimeDelta;
use secrecy::SecretString;

use super::{
    db::parse_database_url,
    media_store::S3Settings,
    secrets::{MasterKey, MasterKeyError},
};

/// Twilio's REST API.
const TWILIO_API_BASE_URL: &str = "https://api.twilio.com";
/// Twilio's Events API.
const TWILIO_EVENTS_BASE_URL: &str = "https://events.twilio.com";
/// Twilio's Messaging API.
const TWILIO_MESSAGING_BASE_URL: &str = "https://messaging.twilio.com";
/// Twilio's API of prices.
const TWILIO_PRICING_BASE_URL: &str = "https://pricing.twilio.com";

/// Everything that can be set from outside. `.env.example` describes each variable.
#[derive(Debug, Clone)]
pub struct Config {
    /// `DATABASE_URL`; without it the server keeps a cluster of its own.
    pub database_url: Option<SecretString>,
    /// `LOQUENT_DATA_DIR`: the embedded cluster, the generated master key.
    pub data_dir: PathBuf,
    /// `APP_HOST` as a URL without a trailing slash: what Twilio and browsers call us by.
    pub public_url: String,
    /// `TWILIO_ACCOUNT_SID` and its tokens: the account of organizations without one of their own.
    pub shared_twilio: Option<SharedTwilioAccount>,
    /// `TWILIO_API_BASE_URL`, without a trailing slash.
    pub twilio_api_base_url: String,
    /// `TWILIO_EVENTS_BASE_URL`, without a trailing slash.
    pub twilio_events_base_url: String,
    /// `TWILIO_MESSAGING_BASE_URL`, without a trailing slash.
    pub twilio_messaging_base_url: String,
    /// `TWILIO_PRICING_BASE_URL`, without a trailing slash.
    pub twilio_pricing_base_url: String,
    /// `TWILIO_PAGE_SIZE`: messages that the history sync asks for at a time.
    pub twilio_page_size: u32,
    /// `IMPORT_PAGES_AT_ONCE`: pages of one import that are read at once at most, each in a
    /// window of its own. With 1, no list is split.
    pub import_pages_at_once: u32,
    /// `S3_BUCKET` and what belongs to it; without it files are kept below the data directory.
    pub s3: Option<S3Settings>,
    /// `RECONCILE_DAYS`: how far back the comparisons with Twilio's list look.
    pub reconcile_days: u32,
    /// `RECONCILE_EVERY_MINUTES`: how often they are made for each number; 0 for never.
    pub reconcile_every_minutes: u32,
    /// `LOQUENT_MASTER_KEY`: seals the secrets of organizations; `LOQUENT_MASTER_KEY_SECOND` opens
    /// them, too. A new one is kept nowhere until the database has been looked at.
    pub master_key: MasterKey,
    /// `DATABASE_MAX_CONNECTIONS`.
    pub database_max_connections: u32,
    /// `LOQUENT_TEST_CLOCK_AHEAD`: for tests, seconds by which this node's clock is wrong.
    pub clock_ahead: TimeDelta,
    /// `CLIENT_ADDRESS_HEADER`: set it to the header in which a trusted proxy puts the caller's
    /// address.
    pub client_address_header: Option<String>,
}

/// The Twilio account that Loquent's operator shares with organizations.
#[derive(Debug, Clone)]
pub struct SharedTwilioAccount {
    pub account_sid: String,
    pub auth_token: SecretString,
    /// `TWILIO_AUTH_TOKEN_PREVIOUS`: still accepted in signatures during a rotation.
    pub previous_auth_token: Option<SecretString>,
}

/// All that is wrong with the environment, in one message.
#[derive(Debug, thiserror::Error)]
#[error("the configuration is wrong:\n{}", .0.iter().map(|p| format!("  - {p}")).collect::<Vec<_>>().join("\n"))]
pub struct ConfigError(Vec<String>);

impl Config {
    /// The SID of the shared account, if there is one.
    pub fn shared_account_sid(&self) -> Option<&str> {
        self.shared_twilio
            .as_ref()
            .map(|shared| shared.account_sid.as_str())
    }

    /// Reads the environment and reports every problem at once.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_lookup(|name| env::var(name).ok().filter(|value| !value.trim().is_empty()))
    }

    fn from_lookup(get: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut problems = Vec::new();
        let data_dir = PathBuf::from(get("LOQUENT_DATA_DIR").unwrap_or_else(|| "data".to_owned()));
        let public_url = keep(public_url(get("APP_HOST"), get("PORT")), &mut problems);
        let shared_twilio = keep(shared_twilio(&get), &mut problems);
        let twilio_api_base_url = keep(
            base_url(&get, "TWILIO_API_BASE_URL", TWILIO_API_BASE_URL),
            &mut problems,
        );
        let twilio_events_base_url = keep(
            base_url(&get, "TWILIO_EVENTS_BASE_URL", TWILIO_EVENTS_BASE_URL),
            &mut problems,
        );
        // Whoever stands in for Twilio's API stands in for these too.
        let stand_in = get("TWILIO_API_BASE_URL");
        let or_stand_in = |own: &'static str| stand_in.clone().unwrap_or_else(|| own.to_owned());
        let messaging_default = or_stand_in(TWILIO_MESSAGING_BASE_URL);
        let twilio_messaging_base_url = keep(
            base_url(&get, "TWILIO_MESSAGING_BASE_URL", &messaging_default),
            &mut problems,
        );
        let prices_default = or_stand_in(TWILIO_PRICING_BASE_URL);
        let twilio_pricing_base_url = keep(
            base_url(&get, "TWILIO_PRICING_BASE_URL", &prices_default),
            &mut problems,
        );
        let s3 = keep(
            S3Settings::from_lookup(&get, |name, url| {
                check_url(name, url, "a URL such as https://storage.example.com")
            }),
            &mut problems,
        );
        let master_key = keep(
            MasterKey::load(
                get("LOQUENT_MASTER_KEY"),
                get("LOQUENT_MASTER_KEY_SECOND"),
                &data_dir,
            )
            .map_err(|error: MasterKeyError| format!("LOQUENT_MASTER_KEY: {error}")),
            &mut problems,
        );
        // Postgres allows 100 by default; a node leaves room for others.
        let database_max_connections = keep(
            number(&get, "DATABASE_MAX_CONNECTIONS", 20, 5..=1_000),
            &mut problems,
        );
        // Twilio's largest page: https://www.twilio.com/docs/usage/twilios-response#pagination
        let twilio_page_size = keep(
            number(&get, "TWILIO_PAGE_SIZE", 1_000, 1..=1_000),
            &mut problems,
        );
        // Twilio does not publish its limit of concurrent requests; this is far below those that
        // were seen, and more would only wait for our own database.
        let import_pages = renamed(&get, "SMS_SYNC_WINDOWS", "IMPORT_PAGES_AT_ONCE");
        let import_pages_at_once = keep(number(&get, import_pages, 16, 1..=16), &mut problems);
        // Twilio repeats an event for 4 hours; a weekend without anybody is not more than 3 days.
        let reconcile_days = keep(number(&get, "RECONCILE_DAYS", 3, 1..=30), &mut problems);
        let reconcile_every_minutes = keep(
            number(&get, "RECONCILE_EVERY_MINUTES", 60, 0..=10_080),
            &mut problems,
        );
        let database_url = get("DATABASE_URL").map(SecretString::from);
        let database_url = keep(check_database_url(database_url), &mut problems);
        let clock_ahead = keep(clock_ahead(&get), &mut problems);
        match (
            public_url,
            shared_twilio,
            twilio_api_base_url,
            (twilio_events_base_url, twilio_messaging_base_url),
            twilio_pricing_base_url,
            twilio_page_size,
            import_pages_at_once,
            s3,
            (reconcile_days, reconcile_every_minutes),
            master_key,
            (database_max_connections, database_url, clock_ahead),
        ) {
            (
                Some(public_url),
                Some(shared_twilio),
                Some(twilio_api_base_url),
                (Some(twilio_events_base_url), Some(twilio_messaging_base_url)),
                Some(twilio_pricing_base_url),
                Some(twilio_page_size),
                Some(import_pages_at_once),
                Some(s3),
                (Some(reconcile_days), Some(reconcile_every_minutes)),
                Some(master_key),
                (Some(database_max_connections), Some(database_url), Some(clock_ahead)),
            ) => Ok(Self {
                database_url,
                clock_ahead,
                data_dir,
                public_url,
                shared_twilio,
                twilio_api_base_url,
                twilio_events_base_url,
                twilio_messaging_base_url,
                twilio_pricing_base_url,
                twilio_page_size,
                import_pages_at_once,
                s3,
                reconcile_days,
                reconcile_every_minutes,
                master_key,
                database_max_connections,
                client_address_header: get("CLIENT_ADDRESS_HEADER").map(|h| h.to_ascii_lowercase()),
            }),
            _ => Err(ConfigError(problems)),
        }
    }

    /// Where Event Streams posts to.
    pub fn events_url(&self) -> String {
        format!("{}/twilio/events", self.public_url)
    }

    /// What Twilio asks what to do with a call.
    pub fn voice_url(&self) -> String {
        format!("{}/twilio/voice", self.public_url)
    }

    /// Where texts go of a number that is set up without Event Streams.
    pub fn sms_incoming_url(&self) -> String {
        format!("{}/api/twilio/sms-incoming", self.public_url)
    }

    /// Whether browsers reach us by https.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// Cookies may go over plain HTTP only on this machine.
    pub fn is_loopback(&self) -> bool {
        let host = self.public_url.split("://").nth(1).unwrap_or_default();
        ["localhost", "127.0.0.1", "[::1]"].iter().any(|local| {
            host.strip_prefix(local)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
        })
    }
}

/// The name of a setting; its former name where only that is set.
fn renamed(
    get: &impl Fn(&str) -> Option<String>,
    former: &'static str,
    name: &'static str,
) -> &'static str {
    if get(name).is_some() || get(former).is_none() {
        return name;
    }
    tracing::warn!("{former} is called {name} now; the former name still works");
    former
}

fn keep<T>(result: Result<T, String>, problems: &mut Vec<String>) -> Option<T> {
    result.map_err(|problem| problems.push(problem)).ok()
}

fn public_url(app_host: Option<String>, port: Option<String>) -> Result<String, String> {
    let Some(host) = app_host else {
        return Ok(format!(
            "http://127.0.0.1:{}",
            port.unwrap_or_else(|| "8080".to_owned())
        ));
    };
    let url = if host.contains("://") {
        host
    } else {
        format!("https://{host}")
    };
    check_url(
        "APP_HOST",
        url,
        "a host such as sms.example.com, or a full URL",
    )
}

/// A wrong one is refused before it gets into somebody else's error.
fn check_database_url(url: Option<SecretString>) -> Result<Option<SecretString>, String> {
    if let Some(url) = &url {
        parse_database_url(url).map_err(|error| error.to_string())?;
    }
    Ok(url)
}

fn clock_ahead(get: &impl Fn(&str) -> Option<String>) -> Result<TimeDelta, String> {
    let seconds = get("LOQUENT_TEST_CLOCK_AHEAD").map_or(Ok(0), |raw| raw.parse());
    seconds
        .ok()
        .and_then(TimeDelta::try_seconds)
        .ok_or_else(|| "LOQUENT_TEST_CLOCK_AHEAD must be a number of seconds".to_owned())
}

fn base_url(
    get: &impl Fn(&str) -> Option<String>,
    name: &str,
    default: &str,
) -> Result<String, String> {
    check_url(
        name,
        get(name).unwrap_or_else(|| default.to_owned()),
        "a URL such as https://api.twilio.com",
    )
}

fn check_url(name: &str, url: String, right: &str) -> Result<String, String> {
    let trimmed = url.trim_end_matches('/');
    let has_scheme = trimmed.starts_with("http://") || trimmed.starts_with("https://");
    match reqwest::Url::parse(trimmed) {
        Ok(parsed) if has_scheme && parsed.has_host() => Ok(trimmed.to_owned()),
        _ => Err(format!("{name} is {url:?}; it must be {right}")),
    }
}

fn shared_twilio(
    get: &impl Fn(&str) -> Option<String>,
) -> Result<Option<SharedTwilioAccount>, String> {
    match (get("TWILIO_ACCOUNT_SID"), get("TWILIO_AUTH_TOKEN")) {
        (None, None) => Ok(None),
        (Some(account_sid), Some(_)) if !is_account_sid(&account_sid) => {
            Err("TWILIO_ACCOUNT_SID must be AC and 32 hexadecimal digits".to_owned())
        }
        (Some(account_sid), Some(token)) => Ok(Some(SharedTwilioAccount {
            account_sid,
            auth_token: token.into(),
            previous_auth_token: get("TWILIO_AUTH_TOKEN_PREVIOUS").map(SecretString::from),
        })),
        (Some(_), None) => {
            Err("TWILIO_ACCOUNT_SID is set, but TWILIO_AUTH_TOKEN is not".to_owned())
        }
        (None, Some(_)) => {
            Err("TWILIO_AUTH_TOKEN is set, but TWILIO_ACCOUNT_SID is not".to_owned())
        }
    }
}

/// Whether the text has the form of an account's SID: `AC` and 32 hexadecimal digits.
pub fn is_account_sid(sid: &str) -> bool {
    sid.strip_prefix("AC")
        .is_some_and(|hex| hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn number(
    get: &impl Fn(&str) -> Option<String>,
    name: &str,
    default: u32,
    allowed: RangeInclusive<u32>,
) -> Result<u32, String> {
    match get(name).map(|raw| raw.parse::<u32>()) {
        None => Ok(default),
        Some(Ok(n)) if allowed.contains(&n) => Ok(n),
        Some(_) => Err(format!(
            "{name} must be a number from {} to {}",
            allowed.start(),
            allowed.end()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(vars: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let key = "00".repeat(32);
        Config::from_lookup(|name| {
            vars.iter()
                .find(|(n, _)| *n == name)
                .map(|(_, v)| (*v).to_owned())
                .or_else(|| (name == "LOQUENT_MASTER_KEY").then(|| key.clone()))
        })
    }

    #[test]
    fn all_problems_are_reported_at_once() {
        let error = config(&[
            ("APP_HOST", "ftp://x"),
            ("TWILIO_ACCOUNT_SID", "AC1"),
            ("DATABASE_MAX_CONNECTIONS", "many"),
            ("S3_BUCKET", "media"),
            ("DATABASE_URL", "postgres://me:secret#1@db/sms"),
        ])
        .expect_err("five problems")
        .to_string();
        for name in [
            "APP_HOST",
            "TWILIO_AUTH_TOKEN",
            "DATABASE_MAX_CONNECTIONS",
            "AWS_SECRET_ACCESS_KEY",
            "DATABASE_URL",
        ] {
            assert!(error.contains(name), "{error}");
        }
    }

    #[test]
    fn a_setting_is_taken_by_its_former_name_too() {
        let former = config(&[("SMS_SYNC_WINDOWS", "3")]).expect("settings");
        assert_eq!(former.import_pages_at_once, 3);
        let both = config(&[("SMS_SYNC_WINDOWS", "3"), ("IMPORT_PAGES_AT_ONCE", "4")]);
        assert_eq!(both.expect("settings").import_pages_at_once, 4);
    }

    #[test]
    fn a_bucket_needs_credentials_and_a_sound_endpoint() {
        let keys = [
            ("AWS_ACCESS_KEY_ID", "id"),
            ("AWS_SECRET_ACCESS_KEY", "key"),
        ];
        let with = |more: &[(&'static str, &'static str)]| config(&[&keys[..], more].concat());
        assert!(with(&[]).expect("no bucket").s3.is_none());
        let s3 = with(&[
            ("S3_BUCKET", "media"),
            ("S3_ENDPOINT", "https://s3.example.com/"),
        ]);
        let s3 = s3.expect("valid").s3.expect("a bucket");
        assert_eq!(s3.endpoint.as_deref(), Some("https://s3.example.com"));
        assert_eq!(s3.region, "us-east-1");
        assert!(!format!("{s3:?}").contains("\"key\""));
        let wrong = with(&[("S3_BUCKET", "media"), ("S3_ENDPOINT", "s3")]);
        assert!(
            wrong
                .expect_err("no URL")
                .to_string()
                .contains("S3_ENDPOINT")
        );
        let alone = with(&[("S3_REGION", "eu-west-1")]);
        assert!(
            alone
                .expect_err("no bucket")
                .to_string()
                .contains("S3_BUCKET")
        );
    }

    #[test]
    fn a_bare_host_means_https_and_a_full_url_is_kept() {
        let url = |host| config(&[("APP_HOST", host)]).expect("valid").public_url;
        assert_eq!(url("sms.example.com"), "https://sms.example.com");
        assert_eq!(url("http://127.0.0.1:8080/"), "http://127.0.0.1:8080");
    }

    #[test]
    fn only_this_machine_counts_as_loopback() {
        let local = |host| config(&[("APP_HOST", host)]).expect("valid").is_loopback();
        assert!(local("http://127.0.0.1:8080"));
        assert!(local("http://localhost"));
        assert!(!local("http://localhost.example.com"));
        assert!(!local("sms.example.com"));
    }
}
