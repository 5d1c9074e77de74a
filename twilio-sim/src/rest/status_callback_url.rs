use reqwest::Url;

/// True for a `StatusCallback` that Twilio accepts: http or https, and a host name without an
/// underscore. Unlike Twilio the simulator also takes `localhost` and addresses, because that is
/// where the program under test runs.
pub(crate) fn is_valid_status_callback(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else {
        return false;
    };
    let valid_host = url
        .host_str()
        .is_some_and(|host| !host.is_empty() && !host.contains('_'));
    matches!(url.scheme(), "http" | "https") && valid_host
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_name_without_underscore_is_needed() {
        for good in [
            "https://example.com/status?id=1",
            "http://127.0.0.1:8080/twilio/message-status",
            "http://localhost/x",
        ] {
            assert!(is_valid_status_callback(good), "{good}");
        }
        for bad in [
            "",
            "/status",
            "https://my_host.example.com/",
            "ftp://example.com/",
            "https://",
        ] {
            assert!(!is_valid_status_callback(bad), "{bad}");
        }
    }
}
