use std::{
    env,
    path::{Path, PathBuf},
};

use chrono::TimeDelta;
use secrecy::SecretString;

use super::{
    reader::{ConfigError, Reader, check_url},
    twilio::{SharedTwilioAccount, TwilioUrls},
};
use crate::bases::{
    db::parse_database_url,
    media_store::S3Settings,
    secrets::{MasterKey, MasterKeyError},
};

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
    /// `TWILIO_PAGE_SIZE`: messages that the import asks for at a time.
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
    /// `SOURCE_URL`: where the source code of this server is.
    pub source_url: Option<String>,
}

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

    pub(super) fn from_lookup(get: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut reader = Reader::new(&get);
        let config = Self::read(&mut reader);
        reader.finish(config)
    }

    /// Reads all groups of settings, also after a problem; none if a setting without a default is
    /// wrong.
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let data_dir = reader.text("LOQUENT_DATA_DIR");
        let data_dir = PathBuf::from(data_dir.unwrap_or_else(|| "data".to_owned()));
        let public_url = read_public_url(reader);
        let shared_twilio = SharedTwilioAccount::read(reader);
        let twilio = TwilioUrls::read(reader);
        let s3 = read_s3(reader);
        let master_key = read_master_key(reader, &data_dir);
        // Postgres allows 100 by default; a node leaves room for others.
        let database_max_connections = reader.number("DATABASE_MAX_CONNECTIONS", 20, 5..=1_000);
        // Twilio's largest page: https://www.twilio.com/docs/usage/twilios-response#pagination
        let twilio_page_size = reader.number("TWILIO_PAGE_SIZE", 1_000, 1..=1_000);
        // Twilio does not publish its limit of concurrent requests; this is far below those that
        // were seen, and more would only wait for our own database.
        let import_pages = reader.renamed("SMS_SYNC_WINDOWS", "IMPORT_PAGES_AT_ONCE");
        let import_pages_at_once = reader.number(import_pages, 16, 1..=16);
        Some(Self {
            public_url,
            shared_twilio,
            twilio_api_base_url: twilio.api,
            twilio_events_base_url: twilio.events,
            twilio_messaging_base_url: twilio.messaging,
            twilio_pricing_base_url: twilio.pricing,
            twilio_page_size,
            import_pages_at_once,
            s3,
            // Twilio repeats an event for 4 hours; a weekend without anybody is not more than 3
            // days.
            reconcile_days: reader.number("RECONCILE_DAYS", 3, 1..=30),
            reconcile_every_minutes: reader.number("RECONCILE_EVERY_MINUTES", 60, 0..=10_080),
            database_max_connections,
            database_url: read_database_url(reader),
            clock_ahead: read_clock_ahead(reader),
            client_address_header: reader
                .text("CLIENT_ADDRESS_HEADER")
                .map(|header| header.to_ascii_lowercase()),
            source_url: read_source_url(reader),
            data_dir,
            master_key: master_key?,
        })
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

fn read_public_url(reader: &mut Reader<'_>) -> String {
    let Some(host) = reader.text("APP_HOST") else {
        let port = reader.text("PORT").unwrap_or_else(|| "8080".to_owned());
        return format!("http://127.0.0.1:{port}");
    };
    let url = if host.contains("://") {
        host
    } else {
        format!("https://{host}")
    };
    let right = "a host such as sms.example.com, or a full URL";
    reader
        .keep(check_url("APP_HOST", &url, right))
        .unwrap_or_default()
}

fn read_s3(reader: &mut Reader<'_>) -> Option<S3Settings> {
    let right = "a URL such as https://storage.example.com";
    let s3 = S3Settings::from_lookup(
        |name| reader.text(name),
        |name, url| check_url(name, &url, right),
    );
    reader.keep(s3).flatten()
}

fn read_master_key(reader: &mut Reader<'_>, data_dir: &Path) -> Option<MasterKey> {
    let key = MasterKey::load(
        reader.text("LOQUENT_MASTER_KEY"),
        reader.text("LOQUENT_MASTER_KEY_SECOND"),
        data_dir,
    );
    reader.keep(key.map_err(|error: MasterKeyError| format!("LOQUENT_MASTER_KEY: {error}")))
}

/// A wrong one is refused before it gets into somebody else's error.
fn read_database_url(reader: &mut Reader<'_>) -> Option<SecretString> {
    let url = reader.secret("DATABASE_URL")?;
    let parsed = parse_database_url(&url).map_err(|error| error.to_string());
    reader.keep(parsed).map(|_| url)
}

fn read_clock_ahead(reader: &mut Reader<'_>) -> TimeDelta {
    let name = "LOQUENT_TEST_CLOCK_AHEAD";
    let seconds = reader.text(name).map_or(Ok(0), |raw| raw.parse());
    let ahead = seconds.ok().and_then(TimeDelta::try_seconds);
    reader
        .keep(ahead.ok_or_else(|| format!("{name} must be a number of seconds")))
        .unwrap_or_default()
}

fn read_source_url(reader: &mut Reader<'_>) -> Option<String> {
    let url = reader.text("SOURCE_URL")?;
    let right = "a URL such as https://git.example.com/loquent";
    // It is shown as it was given: a slash at its end may matter.
    reader
        .keep(check_url("SOURCE_URL", &url, right))
        .map(|_| url)
}
