use secrecy::SecretString;

/// Where AWS keeps a bucket if nothing else is said.
const DEFAULT_REGION: &str = "us-east-1";

/// A bucket of S3, or of another store that speaks its protocol.
#[derive(Debug, Clone)]
pub struct S3Settings {
    /// `S3_BUCKET`.
    pub bucket: String,
    /// `S3_ENDPOINT`, without a trailing slash; AWS' own where it is not set. Browsers must reach
    /// it, too: they are sent there for files.
    pub endpoint: Option<String>,
    /// `S3_REGION`.
    pub region: String,
    /// `AWS_ACCESS_KEY_ID`.
    pub access_key_id: String,
    /// `AWS_SECRET_ACCESS_KEY`.
    pub secret_access_key: SecretString,
    /// `AWS_SESSION_TOKEN`, of credentials that end.
    pub session_token: Option<SecretString>,
}

impl S3Settings {
    /// Reads the variables; none without `S3_BUCKET`. `check_url` makes a base URL of a value, or
    /// says what is wrong with it.
    pub fn from_lookup(
        get: impl Fn(&str) -> Option<String>,
        check_url: impl Fn(&str, String) -> Result<String, String>,
    ) -> Result<Option<Self>, String> {
        let Some(bucket) = get("S3_BUCKET") else {
            let alone = ["S3_ENDPOINT", "S3_REGION"]
                .into_iter()
                .find(|name| get(name).is_some());
            return match alone {
                Some(name) => Err(format!("{name} is set, but S3_BUCKET is not")),
                None => Ok(None),
            };
        };
        if cfg!(not(feature = "s3")) {
            return Err(
                "S3_BUCKET is set, but this program was built without S3: build it with \
                 `--features s3`, or install a release"
                    .to_owned(),
            );
        }
        let (Some(access_key_id), Some(secret)) =
            (get("AWS_ACCESS_KEY_ID"), get("AWS_SECRET_ACCESS_KEY"))
        else {
            return Err("S3_BUCKET needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY".to_owned());
        };
        let endpoint = get("S3_ENDPOINT")
            .map(|url| check_url("S3_ENDPOINT", url))
            .transpose()?;
        Ok(Some(Self {
            bucket,
            endpoint,
            region: get("S3_REGION").unwrap_or_else(|| DEFAULT_REGION.to_owned()),
            access_key_id,
            secret_access_key: secret.into(),
            session_token: get("AWS_SESSION_TOKEN").map(SecretString::from),
        }))
    }
}
