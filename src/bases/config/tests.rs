use super::{Config, ConfigError};

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
        ("SOURCE_URL", "git"),
        ("LOQUENT_MASTER_KEY", "short"),
    ])
    .expect_err("seven problems")
    .to_string();
    for name in [
        "APP_HOST",
        "TWILIO_AUTH_TOKEN",
        "DATABASE_MAX_CONNECTIONS",
        "AWS_SECRET_ACCESS_KEY",
        "DATABASE_URL",
        "SOURCE_URL",
        "LOQUENT_MASTER_KEY",
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
