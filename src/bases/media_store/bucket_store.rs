use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_sdk_s3::{
    Client,
    config::{
        Config, Credentials, Region, RequestChecksumCalculation, ResponseChecksumValidation,
        timeout::TimeoutConfig,
    },
    presigning::PresigningConfig,
};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};
use secrecy::ExposeSecret;

use super::{MediaLink, MediaStoreError, S3Settings};

/// One try of one call. A part of 5 MB takes 4 s at 10 Mbit/s.
const TRY_TIMEOUT: Duration = Duration::from_secs(15);
/// A link is followed at once; what is left over is for clocks that differ.
const LINK_LIFE: Duration = Duration::from_secs(300);
/// The link of a file is the same for so long, so that a browser finds the file in its cache.
const LINK_STEP: Duration = Duration::from_secs(150);
/// A file never changes.
const CACHE_CONTROL: &str = "private, max-age=31536000, immutable";

/// A bucket of S3, or of another store that speaks its protocol.
#[derive(Debug, Clone)]
pub struct BucketStore {
    pub(super) client: Client,
    pub(super) bucket: String,
}

impl BucketStore {
    /// A client for the bucket; nothing is called yet.
    pub fn new(settings: &S3Settings) -> Self {
        let credentials = Credentials::new(
            &settings.access_key_id,
            settings.secret_access_key.expose_secret(),
            settings
                .session_token
                .as_ref()
                .map(|token| token.expose_secret().to_owned()),
            None,
            "loquent",
        );
        let http = Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .build_https();
        let timeouts = TimeoutConfig::builder()
            .operation_attempt_timeout(TRY_TIMEOUT)
            .build();
        let mut config = Config::builder()
            .behavior_version_latest()
            .credentials_provider(credentials)
            .region(Region::new(settings.region.clone()))
            .http_client(http)
            .timeout_config(timeouts)
            // The signature covers the bytes; other stores than AWS' do not all know checksums.
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired);
        if let Some(endpoint) = &settings.endpoint {
            // Such stores seldom have a host for each bucket.
            config = config.endpoint_url(endpoint).force_path_style(true);
        }
        Self {
            client: Client::from_conf(config.build()),
            bucket: settings.bucket.clone(),
        }
    }

    /// A signed link, made without asking the bucket.
    pub(super) async fn link(
        &self,
        key: &str,
        content_type: &str,
        disposition: &str,
    ) -> Result<MediaLink, MediaStoreError> {
        let signing = PresigningConfig::builder()
            .start_time(step_of(SystemTime::now()))
            .expires_in(LINK_LIFE)
            .build()
            .map_err(|error| MediaStoreError::before_call("GetObject", error))?;
        let request = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .response_content_type(content_type)
            .response_content_disposition(disposition)
            .response_cache_control(CACHE_CONTROL)
            .presigned(signing)
            .await
            .map_err(MediaStoreError::of_call("GetObject"))?;
        Ok(MediaLink {
            url: request.uri().to_owned(),
        })
    }

    /// `https://host` of its links.
    pub(super) async fn origin(&self) -> Result<String, MediaStoreError> {
        let link = self.link("origin", "", "").await?;
        let url = reqwest::Url::parse(&link.url)
            .map_err(|error| MediaStoreError::before_call("GetObject", error))?;
        Ok(url.origin().ascii_serialization())
    }
}

/// The begin of the step that this time is in.
fn step_of(now: SystemTime) -> SystemTime {
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    UNIX_EPOCH + Duration::from_secs(since - since % LINK_STEP.as_secs())
}
