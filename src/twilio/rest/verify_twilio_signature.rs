use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// Whether one of the tokens signed a form post ([Twilio's rules]): the URL, then every parameter
/// in the order of the names, each name followed by its value; a repeated name by its distinct
/// values in order.
///
/// `url` is the one configured at Twilio, with the query exactly as it came.
///
/// [Twilio's rules]: https://www.twilio.com/docs/usage/security#validating-requests
pub fn verify_form_signature(
    tokens: &[SecretString],
    signature: &str,
    url: &str,
    parameters: &[(String, String)],
) -> bool {
    let mut sorted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, value) in parameters {
        sorted.entry(name).or_default().insert(value);
    }
    let tail: String = sorted
        .into_iter()
        .flat_map(|(name, values)| {
            values
                .into_iter()
                .map(move |value| format!("{name}{value}"))
        })
        .collect();
    is_signed(tokens, signature, url, &tail)
}

/// Whether one of the tokens signed a JSON post: the URL alone, whose `bodySHA256` must be there
/// and be the hash of the body as it came. Without it the body would not be protected.
pub fn verify_json_signature(
    tokens: &[SecretString],
    signature: &str,
    url: &str,
    body: &[u8],
) -> bool {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let claimed = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("bodySHA256="));
    let actual = hex::encode(Sha256::digest(body));
    claimed.is_some_and(|claimed| claimed.eq_ignore_ascii_case(&actual))
        && is_signed(tokens, signature, url, "")
}

fn is_signed(tokens: &[SecretString], signature: &str, url: &str, tail: &str) -> bool {
    let Ok(signature) = BASE64.decode(signature) else {
        return false;
    };
    tokens.iter().any(|token| {
        spellings(url).iter().any(|url| {
            // An HMAC takes a key of any length.
            let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(token.expose_secret().as_bytes()) else {
                return false;
            };
            mac.update(url.as_bytes());
            mac.update(tail.as_bytes());
            // Compares in constant time.
            mac.verify_slice(&signature).is_ok()
        })
    })
}

/// The URL as given, with the default port, without a port, and each with an apostrophe in the
/// query encoded: Twilio's senders are not consistent, and its own libraries try these.
fn spellings(url: &str) -> Vec<String> {
    let mut all = vec![url.to_owned()];
    if let Some((scheme, rest)) = url.split_once("://") {
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let host_start = authority.rfind('@').map_or(0, |at| at + 1);
        match authority[host_start..].rfind(':') {
            Some(colon) => all.push(format!(
                "{scheme}://{}{path}",
                &authority[..host_start + colon]
            )),
            None => {
                let port = if scheme.eq_ignore_ascii_case("https") {
                    443
                } else {
                    80
                };
                all.push(format!("{scheme}://{authority}:{port}{path}"));
            }
        }
    }
    if url.contains('\'') {
        let encoded: Vec<String> = all.iter().map(|url| url.replace('\'', "%27")).collect();
        all.extend(encoded);
    }
    all
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::Value;

    use super::*;

    #[derive(Deserialize)]
    struct Vector {
        id: String,
        auth_token: String,
        request_url: String,
        params: BTreeMap<String, Value>,
        raw_body: Option<String>,
        body_sha256: Option<String>,
        expected_signature: String,
    }

    fn vectors() -> Vec<Vector> {
        let text = include_str!("../../../tests/fixtures/twilio-signature-vectors.json");
        serde_json::from_str(text).expect("the fixture is JSON")
    }

    fn parameters(vector: &Vector) -> Vec<(String, String)> {
        let texts = |value: &Value| match value {
            Value::Array(values) => values
                .iter()
                .map(|v| v.as_str().expect("text").to_owned())
                .collect(),
            value => vec![value.as_str().expect("text").to_owned()],
        };
        let pairs = |(name, value): (&String, &Value)| {
            texts(value)
                .into_iter()
                .map(|v| (name.clone(), v))
                .collect::<Vec<_>>()
        };
        vector.params.iter().flat_map(pairs).collect()
    }

    fn verify(vector: &Vector, token: &str, url: &str, body: Option<&[u8]>) -> bool {
        let tokens = [SecretString::from(token)];
        let signature = &vector.expected_signature;
        match (body, &vector.body_sha256) {
            (Some(body), Some(_)) => verify_json_signature(&tokens, signature, url, body),
            _ => verify_form_signature(&tokens, signature, url, &parameters(vector)),
        }
    }

    #[test]
    fn every_official_vector_is_accepted() {
        let vectors = vectors();
        assert_eq!(vectors.len(), 36);
        for v in &vectors {
            let body = v.raw_body.as_deref().map(str::as_bytes);
            assert!(verify(v, &v.auth_token, &v.request_url, body), "{}", v.id);
        }
    }

    #[test]
    fn every_official_vector_is_refused_with_another_token_url_or_parameter() {
        for v in &vectors() {
            let body = v.raw_body.as_deref().map(str::as_bytes);
            assert!(!verify(v, "54321", &v.request_url, body), "{}: token", v.id);
            assert!(
                !verify(v, &v.auth_token, &format!("{}x", v.request_url), body),
                "{}: url",
                v.id
            );
            let mut changed = parameters(v);
            changed.push(("Zz".to_owned(), "1".to_owned()));
            let tokens = [SecretString::from(v.auth_token.as_str())];
            let signature = &v.expected_signature;
            assert!(
                !verify_form_signature(&tokens, signature, &v.request_url, &changed),
                "{}",
                v.id
            );
        }
    }

    #[test]
    fn a_json_body_needs_its_hash_and_is_protected_to_the_byte() {
        for v in vectors().iter().filter(|v| v.body_sha256.is_some()) {
            let body = v.raw_body.as_deref().expect("a body").as_bytes();
            for i in 0..body.len() {
                let mut changed = body.to_vec();
                changed[i] ^= 1;
                assert!(
                    !verify(v, &v.auth_token, &v.request_url, Some(&changed)),
                    "{}: byte {i}",
                    v.id
                );
            }
        }
        // Signed, but without bodySHA256: Twilio's Python library would accept it.
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        let mut mac = Hmac::<Sha1>::new_from_slice(b"12345").expect("any key");
        mac.update(url.as_bytes());
        let signature = BASE64.encode(mac.finalize().into_bytes());
        let tokens = [SecretString::from("12345")];
        assert!(!verify_json_signature(&tokens, &signature, url, b"{}"));
        assert!(verify_form_signature(&tokens, &signature, url, &[]));
    }

    #[test]
    fn both_tokens_are_accepted_during_a_rotation() {
        let v = &vectors()[0];
        let tokens = [
            SecretString::from("new"),
            SecretString::from(v.auth_token.as_str()),
        ];
        let signature = &v.expected_signature;
        assert!(verify_form_signature(
            &tokens,
            signature,
            &v.request_url,
            &parameters(v)
        ));
        assert!(!verify_form_signature(
            &tokens,
            "",
            &v.request_url,
            &parameters(v)
        ));
    }
}
