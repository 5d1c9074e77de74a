use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::{
    bases::e164::E164,
    entities::states::HistorySide,
    twilio::{MessageSid, TwilioError, TwilioReader, lenient_json},
};

impl HistorySide {
    fn parameter(self) -> &'static str {
        match self {
            Self::To => "To",
            Self::From => "From",
        }
    }
}

/// A list of messages, newest first.
#[derive(Debug, Clone, Copy)]
pub struct HistoryQuery<'a> {
    pub side: HistorySide,
    pub number: &'a E164,
    /// First day, in GMT.
    pub from_date: Option<NaiveDate>,
    /// Last day, in GMT.
    pub to_date: Option<NaiveDate>,
    /// 1 to 1,000.
    pub page_size: u32,
}

impl HistoryQuery<'_> {
    /// Path and query of the first page. The operator of a date belongs to the parameter's *name*
    /// (`DateSent>`); Twilio ignores one in the value (twilio-node#223).
    pub fn first_page(&self, account_sid: &str) -> String {
        // A plus sign in a query is a space.
        let number = self.number.as_str().replace('+', "%2B");
        let mut link = format!(
            "/2010-04-01/Accounts/{account_sid}/Messages.json?{}={number}",
            self.side.parameter()
        );
        if let Some(day) = self.from_date {
            link.push_str(&format!("&DateSent%3E={day}"));
        }
        if let Some(day) = self.to_date {
            link.push_str(&format!("&DateSent%3C={day}"));
        }
        link.push_str(&format!("&PageSize={}", self.page_size));
        link
    }
}

/// A page of a list of messages.
#[derive(Debug, Clone)]
pub struct HistoryPage {
    pub messages: Vec<HistoryMessage>,
    /// Path and query of the next page; none at the end.
    pub next_page: Option<String>,
    /// Path and query of the first page of the same list, which tell its filters.
    pub first_page: Option<String>,
    /// Entries that cannot be kept, since nothing tells which message they are: a hash of each.
    pub unreadable: Vec<String>,
}

impl HistoryPage {
    /// Whether Twilio says that it is a page of a list without a filter by date.
    pub fn is_of_whole_list(&self) -> bool {
        let links = [self.first_page.as_deref(), self.next_page.as_deref()];
        self.first_page.is_some() && !links.into_iter().flatten().any(names_a_date)
    }

    /// Where the whole list goes on behind this page, if this is a page of the list with a filter
    /// by date: the link to its next page without that filter, and with a page size of its own.
    /// `None` without a next page, or if its link carries no token.
    ///
    /// This is the one link that is not followed as Twilio gave it. The token names the message
    /// behind which the next page begins (Twilio's "relative paging"), but nothing promises that
    /// it survives this: the one who follows it must be ready for any answer.
    pub fn whole_list_behind(&self, page_size: u32) -> Option<String> {
        let (path, query) = self.next_page.as_deref()?.split_once('?')?;
        let kept: Vec<&str> = query
            .split('&')
            .filter(|pair| !names_a_date(pair) && !pair.starts_with("PageSize="))
            .collect();
        let has_token = kept.iter().any(|pair| pair.starts_with("PageToken="));
        has_token.then(|| format!("{path}?{}&PageSize={page_size}", kept.join("&")))
    }
}

fn names_a_date(link: &str) -> bool {
    link.contains("DateSent")
}

/// A message as Twilio lists it. Anything but the SID may be missing, and odd values count as
/// missing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct HistoryMessage {
    pub sid: MessageSid,
    #[serde(default, deserialize_with = "lenient_json::text")]
    pub direction: Option<String>,
    #[serde(default, deserialize_with = "lenient_json::text")]
    pub from: Option<String>,
    #[serde(default, deserialize_with = "lenient_json::text")]
    pub to: Option<String>,
    #[serde(default, deserialize_with = "lenient_json::text")]
    pub body: Option<String>,
    #[serde(default, deserialize_with = "lenient_json::text")]
    pub status: Option<String>,
    #[serde(default, deserialize_with = "lenient_json::number")]
    pub error_code: Option<i32>,
    #[serde(default, deserialize_with = "lenient_json::text")]
    pub error_message: Option<String>,
    /// A number, as text.
    #[serde(default, deserialize_with = "lenient_json::number")]
    pub num_media: Option<i32>,
    /// A number, as text.
    #[serde(default, deserialize_with = "lenient_json::number")]
    pub num_segments: Option<i32>,
    /// A decimal number, as text.
    #[serde(default, deserialize_with = "lenient_json::text")]
    pub price: Option<String>,
    #[serde(default, deserialize_with = "lenient_json::text")]
    pub price_unit: Option<String>,
    /// RFC 2822, as the next ones.
    #[serde(default, deserialize_with = "lenient_json::text")]
    pub date_sent: Option<String>,
    #[serde(default, deserialize_with = "lenient_json::text")]
    pub date_created: Option<String>,
    #[serde(default, deserialize_with = "lenient_json::text")]
    pub date_updated: Option<String>,
}

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow)]
    messages: Vec<&'a RawValue>,
    next_page_uri: Option<String>,
    first_page_uri: Option<String>,
}

/// Reads one page of a number's history. `link` is [`HistoryQuery::first_page`] or the
/// `next_page` of the page before.
pub async fn fetch_twilio_message_history_util(
    reader: &TwilioReader,
    link: &str,
) -> Result<HistoryPage, TwilioError> {
    parse(&reader.list(link).await?)
}

fn parse(body: &[u8]) -> Result<HistoryPage, TwilioError> {
    let page: Page<'_> = serde_json::from_slice(body)
        .map_err(|error| TwilioError::OutcomeUnknown(format!("the page is cut off: {error}")))?;
    let mut messages = Vec::with_capacity(page.messages.len());
    let mut unreadable = Vec::new();
    for raw in page.messages {
        match serde_json::from_str(raw.get()) {
            Ok(message) => messages.push(message),
            Err(_) => unreadable.push(hex::encode(Sha256::digest(raw.get()))),
        }
    }
    Ok(HistoryPage {
        messages,
        unreadable,
        next_page: page.next_page_uri.filter(|link| !link.is_empty()),
        first_page: page.first_page_uri,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operator_of_a_date_is_in_the_name() {
        let number = E164::parse("+14155550134").expect("a number");
        let query = HistoryQuery {
            side: HistorySide::From,
            number: &number,
            from_date: NaiveDate::from_ymd_opt(2024, 1, 1),
            to_date: NaiveDate::from_ymd_opt(2024, 2, 29),
            page_size: 1_000,
        };
        assert_eq!(
            query.first_page("AC1"),
            "/2010-04-01/Accounts/AC1/Messages.json?From=%2B14155550134&DateSent%3E=2024-01-01\
             &DateSent%3C=2024-02-29&PageSize=1000"
        );
    }

    #[test]
    fn a_link_into_the_whole_list_keeps_all_but_the_dates_as_it_is() {
        let page = |next: &str| HistoryPage {
            messages: Vec::new(),
            next_page: Some(next.to_owned()),
            first_page: Some("/x.json?From=%2B1&PageSize=1&Page=0".to_owned()),
            unreadable: Vec::new(),
        };
        let filtered = page(
            "/x.json?From=%2B1&DateSent%3E=2024-01-01&DateSent%3C=2024-02-01&PageSize=1&Page=1&PageToken=PA%2f1",
        );
        assert!(!filtered.is_of_whole_list());
        let link = filtered.whole_list_behind(1_000).expect("a link");
        assert_eq!(
            link,
            "/x.json?From=%2B1&Page=1&PageToken=PA%2f1&PageSize=1000"
        );
        assert!(page(&link).is_of_whole_list());
        assert_eq!(page("/x.json?From=%2B1&Page=1").whole_list_behind(2), None);
    }

    #[test]
    fn odd_values_lose_no_message() {
        let page = parse(
            br#"{"messages":[
                {"sid":"SM1","num_media":"2","num_segments":1,"error_code":"30003","price":-0.0075,
                 "body":"a\u0000b","status":null,"date_sent":{"odd":true}},
                {"sid":"SM2"},
                {"body":"nothing to know it by"}],
              "next_page_uri":"/2010-04-01/x?PageToken=PA"}"#,
        )
        .expect("a page");
        assert_eq!(page.unreadable.len(), 1);
        assert_eq!(
            page.next_page.as_deref(),
            Some("/2010-04-01/x?PageToken=PA")
        );
        let [first, second] = page.messages.as_slice() else {
            panic!("two messages: {:?}", page.messages)
        };
        assert_eq!(first.num_media, Some(2));
        assert_eq!(first.num_segments, Some(1));
        assert_eq!(first.error_code, Some(30003));
        assert_eq!(first.price.as_deref(), Some("-0.0075"));
        assert_eq!(first.body.as_deref(), Some("a\u{fffd}b"));
        assert_eq!(first.date_sent, None);
        assert_eq!(second.sid.as_str(), "SM2");
        assert!(
            parse(br#"{"messages":[{"sid":"SM1"}"#).is_err(),
            "a page that was cut"
        );
    }
}
