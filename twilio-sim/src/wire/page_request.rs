use crate::wire::FormFields;

/// Page size when none is asked for.
const DEFAULT_PAGE_SIZE: usize = 50;
/// Twilio's largest page; a larger wish is cut down to it.
const MAX_PAGE_SIZE: usize = 1_000;

/// Where a page begins: after the last record of the page before it, or before the first record of
/// the page after it. So records that appear meanwhile neither repeat nor hide others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PageToken {
    /// `PA…`: the records after this one.
    After(String),
    /// `PB…`: the records before this one.
    Before(String),
}

impl PageToken {
    fn parse(text: &str) -> Option<Self> {
        if let Some(id) = text.strip_prefix("PA") {
            return Some(Self::After(id.to_owned()));
        }
        text.strip_prefix("PB")
            .map(|id| Self::Before(id.to_owned()))
    }

    /// As it stands in a link.
    pub fn encode(&self) -> String {
        match self {
            Self::After(id) => format!("PA{id}"),
            Self::Before(id) => format!("PB{id}"),
        }
    }
}

/// The paging parameters of a list request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PageRequest {
    /// Records per page.
    pub page_size: usize,
    /// The client's page counter; it decides nothing.
    pub page: usize,
    /// Where the page begins; the first page when absent.
    pub token: Option<PageToken>,
}

impl PageRequest {
    /// Reads `PageSize`, `Page` and `PageToken`; the error says what is wrong.
    pub fn parse(query: &FormFields) -> Result<Self, String> {
        let number = |name: &str| match query.get(name) {
            None | Some("") => Ok(None),
            Some(text) => text
                .parse::<usize>()
                .map(Some)
                .map_err(|_| format!("Invalid {name}: {text}")),
        };
        let page_size = match number("PageSize")? {
            None => DEFAULT_PAGE_SIZE,
            Some(0) => return Err("Invalid PageSize: 0".to_owned()),
            Some(size) => size.min(MAX_PAGE_SIZE),
        };
        let page = number("Page")?.unwrap_or(0);
        let token = match query.get("PageToken") {
            None | Some("") => None,
            Some(text) => {
                Some(PageToken::parse(text).ok_or_else(|| format!("Invalid PageToken: {text}"))?)
            }
        };
        if page > 0 && token.is_none() {
            return Err(
                "Page without PageToken is not supported: follow the link to the next page"
                    .to_owned(),
            );
        }
        Ok(Self {
            page_size,
            page,
            token,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &str) -> Result<PageRequest, String> {
        PageRequest::parse(&FormFields::parse(query.as_bytes()))
    }

    #[test]
    fn a_page_has_50_records_unless_asked_and_1000_at_most() {
        assert_eq!(parse("").map(|page| page.page_size), Ok(50));
        assert_eq!(parse("PageSize=7").map(|page| page.page_size), Ok(7));
        assert_eq!(parse("PageSize=5000").map(|page| page.page_size), Ok(1_000));
    }

    #[test]
    fn a_page_number_without_a_token_is_refused() {
        assert!(parse("Page=1").is_err());
        assert!(parse("Page=1&PageToken=PASM1").is_ok());
        assert!(parse("PageSize=0").is_err());
        assert!(parse("PageToken=nonsense").is_err());
    }
}
