use crate::wire::{Page, PageRequest, PageToken};

/// The links of a list answer, as paths with a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PageLinks {
    /// This page.
    pub this: String,
    /// The first page.
    pub first: String,
    /// The next page.
    pub next: Option<String>,
    /// The previous page.
    pub previous: Option<String>,
}

impl PageLinks {
    /// Links for a page of `path`; `filters` are the other parameters of the request and are
    /// repeated in every link.
    pub fn new<T>(
        path: &str,
        filters: &[(String, String)],
        request: &PageRequest,
        page: &Page<T>,
    ) -> Self {
        let link = |number: usize, token: Option<&PageToken>| {
            let mut query = form_urlencoded::Serializer::new(String::new());
            for (name, value) in filters {
                query.append_pair(name, value);
            }
            query.append_pair("PageSize", &request.page_size.to_string());
            query.append_pair("Page", &number.to_string());
            if let Some(token) = token {
                query.append_pair("PageToken", &token.encode());
            }
            format!("{path}?{}", query.finish())
        };
        Self {
            this: link(request.page, request.token.as_ref()),
            first: link(0, None),
            next: page
                .next
                .as_ref()
                .map(|token| link(request.page + 1, Some(token))),
            previous: page
                .previous
                .as_ref()
                .map(|token| link(request.page.saturating_sub(1), Some(token))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_repeat_the_filters_and_carry_the_token() {
        let request = PageRequest {
            page_size: 2,
            page: 1,
            token: Some(PageToken::After("SM1".to_owned())),
        };
        let page = Page {
            items: vec!["SM2", "SM3"],
            next: Some(PageToken::After("SM3".to_owned())),
            previous: Some(PageToken::Before("SM2".to_owned())),
        };
        let filters = [("DateSent>".to_owned(), "2024-01-01".to_owned())];
        let links = PageLinks::new("/Messages.json", &filters, &request, &page);
        assert_eq!(
            links.first,
            "/Messages.json?DateSent%3E=2024-01-01&PageSize=2&Page=0"
        );
        assert_eq!(
            links.next.as_deref(),
            Some("/Messages.json?DateSent%3E=2024-01-01&PageSize=2&Page=2&PageToken=PASM3")
        );
        assert_eq!(
            links.previous.as_deref(),
            Some("/Messages.json?DateSent%3E=2024-01-01&PageSize=2&Page=0&PageToken=PBSM2")
        );
        assert!(links.this.ends_with("&Page=1&PageToken=PASM1"));
    }
}
