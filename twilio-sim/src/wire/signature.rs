use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::wire::hex;

/// `X-Twilio-Signature` of a form POST: HMAC-SHA1 over the URL followed by each key and value,
/// keys in byte order, the values of a repeated key sorted and without duplicates.
pub(crate) fn sign_form_request<'a>(
    auth_token: &str,
    url: &str,
    fields: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> String {
    let mut sorted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (key, value) in fields {
        sorted.entry(key).or_default().insert(value);
    }
    let mut message = url.to_owned();
    for (key, values) in sorted {
        for value in values {
            message.push_str(key);
            message.push_str(value);
        }
    }
    sign_url(auth_token, &message)
}

/// `X-Twilio-Signature` of a request without form fields: HMAC-SHA1 over the URL, base64.
#[must_use]
pub fn sign_url(auth_token: &str, url: &str) -> String {
    // HMAC takes a key of any length, so this cannot fail; an empty signature is refused anyway.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(auth_token.as_bytes()) else {
        return String::new();
    };
    mac.update(url.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// The URL that a JSON body is posted to and that is signed: as configured, with `bodySHA256`.
#[must_use]
pub fn with_body_hash(url: &str, body: &[u8]) -> String {
    let separator = if url.contains('?') { '&' } else { '?' };
    let hash = hex(&Sha256::digest(body));
    format!("{url}{separator}bodySHA256={hash}")
}

/// The URL that a GET asks and that is signed: as configured, with the fields in its query.
pub(crate) fn with_query<'a>(
    url: &str,
    fields: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> String {
    let separator = if url.contains('?') { '&' } else { '?' };
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    format!("{url}{separator}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    const VECTORS: &str = include_str!("../../tests/fixtures/signature-vectors.json");

    #[test]
    fn every_official_vector_gives_the_expected_signature() {
        let vectors: Vec<Value> = serde_json::from_str(VECTORS).expect("a list of vectors");
        assert!(vectors.len() >= 36);
        for vector in &vectors {
            let text = |key: &str| vector[key].as_str().unwrap_or_default();
            let mut fields = Vec::new();
            for (key, value) in vector["params"].as_object().into_iter().flatten() {
                match value {
                    Value::Array(values) => fields.extend(
                        values
                            .iter()
                            .filter_map(Value::as_str)
                            .map(|value| (key.as_str(), value)),
                    ),
                    value => fields.push((key.as_str(), value.as_str().unwrap_or_default())),
                }
            }
            assert_eq!(
                sign_form_request(text("auth_token"), text("signed_string_url"), fields),
                text("expected_signature"),
                "{}",
                text("id")
            );
        }
    }

    #[test]
    fn the_hash_of_the_body_is_that_of_the_official_vectors() {
        let vectors: Vec<Value> = serde_json::from_str(VECTORS).expect("a list of vectors");
        let mut seen = 0;
        for vector in &vectors {
            if let (Some(body), Some(hash)) =
                (vector["raw_body"].as_str(), vector["body_sha256"].as_str())
            {
                let signed = with_body_hash("https://example.com/hook?a=1", body.as_bytes());
                assert_eq!(
                    signed,
                    format!("https://example.com/hook?a=1&bodySHA256={hash}")
                );
                seen += 1;
            }
        }
        assert!(seen > 0, "no vector has a body");
        assert!(with_body_hash("https://example.com/hook", b"{}").contains("/hook?bodySHA256="));
    }
}
