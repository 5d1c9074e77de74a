use std::{borrow::Cow, time::Duration};

use reqwest::{Response, Url, header::LOCATION};
use secrecy::ExposeSecret;

use super::{MAX_PAGE_BYTES, TwilioError, read_bounded, readable_json};
use crate::twilio::TwilioCredentials;

/// A page of 1,000 messages takes Twilio seconds at most; after this the answer counts as lost.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Read-only access to Twilio's REST API. It can only GET, so code that uses it cannot change a
/// customer's account.
#[derive(Debug, Clone)]
pub struct TwilioReader {
    http: reqwest::Client,
    base_url: Url,
    credentials: TwilioCredentials,
}

impl TwilioReader {
    /// A reader of one account. `http` must follow no redirects, so that the account's token goes
    /// nowhere else.
    pub fn new(
        http: reqwest::Client,
        base_url: &str,
        credentials: TwilioCredentials,
    ) -> Result<Self, TwilioError> {
        let base_url = Url::parse(base_url).map_err(|_| foreign(base_url))?;
        Ok(Self {
            http,
            base_url,
            credentials,
        })
    }

    /// The account that is read.
    pub fn account_sid(&self) -> &str {
        &self.credentials.account_sid
    }

    /// Reads a list. `link` is a path with a query, or a whole URL on the configured host; it is
    /// used byte for byte, since Twilio's page tokens do not survive being decoded and encoded
    /// again (twilio-ruby#71).
    pub async fn list(&self, link: &str) -> Result<Vec<u8>, TwilioError> {
        let response = self.get(self.resolve(link)?).send().await?;
        if !response.status().is_success() {
            return Err(TwilioError::from_response(response).await);
        }
        let bytes = read_bounded(response, MAX_PAGE_BYTES).await?;
        // Texts of others may hold bytes that are no valid text.
        Ok(match readable_json(&bytes) {
            Cow::Borrowed(_) => bytes,
            Cow::Owned(mended) => mended.into_bytes(),
        })
    }

    /// Opens a file. The API answers with a redirect to Twilio's media host, whose links are
    /// signed: the account's token stays here, and no other host is followed.
    pub async fn open_redirected(&self, link: &str) -> Result<Response, TwilioError> {
        let here = self.get(self.resolve(link)?).send().await?;
        if here.status().is_success() {
            return Ok(here);
        }
        if !here.status().is_redirection() {
            return Err(TwilioError::from_response(here).await);
        }
        let location = here.headers().get(LOCATION);
        let location = location
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let there = self
            .base_url
            .join(location)
            .ok()
            .filter(|url| self.is_media_host(url))
            .ok_or_else(|| foreign(location))?;
        let response = self.http.get(there).timeout(TIMEOUT).send().await?;
        if response.status().is_success() {
            Ok(response)
        } else {
            Err(TwilioError::from_response(response).await)
        }
    }

    /// Twilio's CDN; for a simulator or a proxy, which are reached without TLS, their own host.
    fn is_media_host(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        let is_twilio = url.scheme() == "https" && host.ends_with(".twiliocdn.com");
        let is_stand_in = self.base_url.scheme() == "http"
            && url.scheme() == "http"
            && self.base_url.host_str() == Some(host);
        is_twilio || is_stand_in
    }

    /// A GET with the account's credentials.
    fn get(&self, url: Url) -> reqwest::RequestBuilder {
        let token = self.credentials.auth_token.expose_secret();
        self.http
            .get(url)
            .timeout(TIMEOUT)
            .basic_auth(&self.credentials.account_sid, Some(token))
    }

    /// The URL of a link, which must stay on the configured host.
    fn resolve(&self, link: &str) -> Result<Url, TwilioError> {
        let url = if link.starts_with('/') && !link.starts_with("//") {
            let base = self.base_url.as_str().trim_end_matches('/');
            Url::parse(&format!("{base}{link}"))
        } else {
            Url::parse(link)
        };
        match url {
            Ok(url) if url.origin() == self.base_url.origin() => Ok(url),
            _ => Err(foreign(link)),
        }
    }
}

fn foreign(link: &str) -> TwilioError {
    // Without the query: it may hold a phone number.
    let place = link.split('?').next().unwrap_or_default();
    TwilioError::ForeignLink(place.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader() -> TwilioReader {
        let credentials = TwilioCredentials {
            account_sid: "AC1".to_owned(),
            auth_token: "token".to_owned().into(),
        };
        TwilioReader::new(
            reqwest::Client::new(),
            "https://api.twilio.com",
            credentials,
        )
        .expect("a reader")
    }

    #[test]
    fn a_link_is_kept_byte_for_byte_and_stays_on_the_host() {
        let reader = reader();
        let link = "/2010-04-01/Accounts/AC1/Messages.json?To=%2B1415&DateSent%3E=2024-01-01&PageToken=PASM1%3D";
        let url = reader.resolve(link).expect("our host");
        assert_eq!(url.as_str(), format!("https://api.twilio.com{link}"));
        assert!(reader.resolve(url.as_str()).is_ok());
        for elsewhere in [
            "https://evil.example/2010-04-01/Messages.json",
            "http://api.twilio.com/2010-04-01/Messages.json",
            "https://api.twilio.com:8443/x",
            "https://api.twilio.com@evil.example/x",
            "//evil.example/x",
            "@evil.example/x",
            "",
        ] {
            assert!(reader.resolve(elsewhere).is_err(), "{elsewhere}");
        }
    }
}
