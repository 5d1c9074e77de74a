use chrono::{DateTime, TimeDelta, Utc};

use crate::wire::{FormFields, hex, sign_url};

/// How long a link works. Twilio: 4 hours.
const VALID_FOR: TimeDelta = TimeDelta::hours(4);
/// Key of the signatures. It guards nothing: the simulator listens on this machine only.
const KEY: &str = "key of the simulated media host";

/// Where a file can be fetched without credentials, for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CdnLink {
    path: String,
}

/// Why a link is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadLink {
    /// The signature is missing or wrong.
    Forged,
    /// It is too old.
    Expired,
}

impl CdnLink {
    /// The link of a file.
    pub fn new(account_sid: &str, message_sid: &str, media_sid: &str) -> Self {
        Self {
            path: format!("/{account_sid}/{message_sid}/{media_sid}"),
        }
    }

    /// The whole address, signed, as CloudFront does it.
    pub fn url(&self, base: &str, now: DateTime<Utc>) -> String {
        let expires = (now + VALID_FOR).timestamp().to_string();
        let signature = self.signature(&expires);
        format!(
            "{base}{}?Expires={expires}&Signature={signature}&Key-Pair-Id=APKASIMULATOR",
            self.path
        )
    }

    /// Checks the query of a request for this link.
    ///
    /// # Errors
    /// It was not signed here, or too long ago.
    pub fn check(&self, query: &FormFields, now: DateTime<Utc>) -> Result<(), BadLink> {
        let (Some(expires), Some(signature)) = (query.get("Expires"), query.get("Signature"))
        else {
            return Err(BadLink::Forged);
        };
        if signature != self.signature(expires) {
            return Err(BadLink::Forged);
        }
        match expires.parse::<i64>() {
            Ok(until) if now.timestamp() < until => Ok(()),
            Ok(_) => Err(BadLink::Expired),
            Err(_) => Err(BadLink::Forged),
        }
    }

    fn signature(&self, expires: &str) -> String {
        hex(sign_url(KEY, &format!("{}?{expires}", self.path)).as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_works_for_four_hours_and_for_its_own_file_only() {
        let link = CdnLink::new("AC1", "MM1", "ME1");
        let now = DateTime::UNIX_EPOCH;
        let url = link.url("http://127.0.0.1:1", now);
        let (address, query) = url.split_once('?').expect("a query");
        assert_eq!(address, "http://127.0.0.1:1/AC1/MM1/ME1");
        let query = FormFields::parse(query.as_bytes());
        let later = |minutes| now + TimeDelta::minutes(minutes);
        assert_eq!(link.check(&query, later(239)), Ok(()));
        assert_eq!(link.check(&query, later(240)), Err(BadLink::Expired));
        let other = CdnLink::new("AC1", "MM1", "ME2");
        assert_eq!(other.check(&query, now), Err(BadLink::Forged));
        assert_eq!(
            link.check(&FormFields::default(), now),
            Err(BadLink::Forged)
        );
    }
}
