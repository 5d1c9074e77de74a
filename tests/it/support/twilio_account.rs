use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A Twilio account, as far as it signs what it posts.
///
/// Written after Twilio's description and not after the server's code, whose second opinion it
/// is.
#[derive(Debug, Clone)]
pub struct TwilioAccount {
    /// `AC` and 32 hexadecimal digits.
    pub sid: String,
    /// The key of its signatures.
    pub token: String,
    http: reqwest::Client,
}

impl TwilioAccount {
    /// An account that no other test has.
    pub fn new() -> Self {
        Self {
            sid: format!("AC{}", Uuid::new_v4().simple()),
            token: Uuid::new_v4().simple().to_string(),
            http: reqwest::Client::new(),
        }
    }

    /// The same account with another token.
    pub fn with_token(&self, token: &str) -> Self {
        Self {
            token: token.to_owned(),
            ..self.clone()
        }
    }

    /// HMAC-SHA1 of the text with the token, in base64.
    pub fn sign(&self, text: &str) -> String {
        let mut mac = Hmac::<Sha1>::new_from_slice(self.token.as_bytes()).expect("any key");
        mac.update(text.as_bytes());
        BASE64.encode(mac.finalize().into_bytes())
    }

    /// Posts a body to `/twilio/events` as Event Streams does; returns the status of the answer.
    pub async fn post_body(&self, server: &str, body: impl Into<Vec<u8>>) -> u16 {
        self.try_post_body(server, body).await.expect("an answer")
    }

    /// The same; `None` where there is no answer at all.
    pub async fn try_post_body(&self, server: &str, body: impl Into<Vec<u8>>) -> Option<u16> {
        let body = body.into();
        let url = events_url(server, &body);
        let signature = self.sign(&url);
        self.post_to(&url, Some(&signature), body).await
    }

    /// Posts events; returns the status of the answer.
    pub async fn post(&self, server: &str, events: &Value) -> u16 {
        self.post_body(server, events.to_string()).await
    }

    /// Posts a signed form, as Twilio's status callbacks are; returns the status of the answer.
    pub async fn post_form(&self, url: &str, form: &[(&str, &str)]) -> u16 {
        let mut sorted = form.to_vec();
        sorted.sort_unstable();
        let pairs: String = sorted
            .iter()
            .flat_map(|(name, value)| [*name, *value])
            .collect();
        let signature = self.sign(&format!("{url}{pairs}"));
        self.post_form_as(&signature, url, form).await
    }

    /// Posts JSON with whatever signature; `None` where there is no answer.
    pub async fn post_to(&self, url: &str, signature: Option<&str>, body: Vec<u8>) -> Option<u16> {
        let mut request = self
            .http
            .post(url)
            .header("content-type", "application/json")
            .body(body);
        if let Some(signature) = signature {
            request = request.header("x-twilio-signature", signature);
        }
        Some(request.send().await.ok()?.status().as_u16())
    }

    /// Posts a form with whatever signature.
    pub async fn post_form_as(&self, signature: &str, url: &str, form: &[(&str, &str)]) -> u16 {
        let request = self.http.post(url).form(form);
        let answer = request.header("x-twilio-signature", signature).send().await;
        answer.expect("an answer").status().as_u16()
    }
}

/// The address that Event Streams posts a body to and signs: with the body's hash.
pub fn events_url(server: &str, body: &[u8]) -> String {
    let hash = hex::encode(Sha256::digest(body));
    format!("{server}/twilio/events?bodySHA256={hash}")
}
