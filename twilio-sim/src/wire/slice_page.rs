use crate::wire::{PageRequest, PageToken};

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page<T> {
    /// The records, in list order.
    pub items: Vec<T>,
    /// The token of the next page, if there is one.
    pub next: Option<PageToken>,
    /// The token of the previous page, if there is one.
    pub previous: Option<PageToken>,
}

/// Cuts a page out of a whole list that is in order. A token that names no record of the list
/// begins at the first one.
pub(crate) fn slice_page<'a, T>(
    list: &'a [T],
    id_of: impl Fn(&T) -> &str,
    request: &PageRequest,
) -> Page<&'a T> {
    let position = |id: &str| list.iter().position(|item| id_of(item) == id);
    let (start, end) = match &request.token {
        None => (0, request.page_size),
        Some(PageToken::After(id)) => {
            let start = position(id).map_or(0, |found| found + 1);
            (start, start + request.page_size)
        }
        Some(PageToken::Before(id)) => {
            let end = position(id).unwrap_or(0);
            (end.saturating_sub(request.page_size), end)
        }
    };
    let end = end.min(list.len());
    let items: Vec<&T> = list[start.min(end)..end].iter().collect();
    let next = match items.last() {
        Some(last) if end < list.len() => Some(PageToken::After(id_of(last).to_owned())),
        _ => None,
    };
    let previous = match items.first() {
        Some(first) if start > 0 => Some(PageToken::Before(id_of(first).to_owned())),
        _ => None,
    };
    Page {
        items,
        next,
        previous,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn request(page_size: usize, token: Option<PageToken>) -> PageRequest {
        PageRequest {
            page_size,
            page: 0,
            token,
        }
    }

    proptest! {
        #[test]
        fn following_the_pages_gives_every_record_once_and_back_again(count in 0_usize..40, size in 1_usize..12) {
            let list: Vec<String> = (0..count).map(|number| number.to_string()).collect();
            let mut forward = Vec::new();
            let mut token = None;
            let mut pages = 0;
            let mut last_previous = None;
            loop {
                let page = slice_page(&list, String::as_str, &request(size, token));
                forward.extend(page.items.iter().map(|item| (*item).clone()));
                pages += 1;
                last_previous = page.previous.clone().or(last_previous);
                token = page.next;
                if token.is_none() {
                    break;
                }
            }
            prop_assert_eq!(&forward, &list);
            prop_assert_eq!(pages, count.div_ceil(size).max(1));

            let mut steps_back = 0;
            let mut token = last_previous;
            while let Some(before) = token {
                token = slice_page(&list, String::as_str, &request(size, Some(before))).previous;
                steps_back += 1;
            }
            prop_assert_eq!(steps_back, pages - 1);
        }
    }
}
