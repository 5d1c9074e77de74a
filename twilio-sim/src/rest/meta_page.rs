use serde_json::{Value, json};

use crate::rest::ApiBase;
use crate::wire::{FormFields, Page, PageLinks, PageRequest};

/// A list answer of the Events API: the records under `key`, and `meta` with absolute links.
pub(crate) fn meta_page<T>(
    base: &ApiBase,
    path: &str,
    key: &str,
    query: &FormFields,
    request: &PageRequest,
    page: &Page<T>,
    rows: Vec<Value>,
) -> Value {
    let path = format!("{}{path}", base.0);
    let links = PageLinks::new(&path, &query.filters(), request, page);
    json!({
        key: rows,
        "meta": {
            "page": request.page,
            "page_size": request.page_size,
            "first_page_url": links.first,
            "previous_page_url": links.previous,
            "url": links.this,
            "next_page_url": links.next,
            "key": key,
        },
    })
}
