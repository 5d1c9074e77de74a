use serde_json::{Value, json};

use crate::wire::{FormFields, Page, PageLinks, PageRequest};

/// A list answer of the 2010-04-01 API: the records under `key`, and relative links beside them.
pub(crate) fn list_page_json<T>(
    path: &str,
    key: &str,
    query: &FormFields,
    request: &PageRequest,
    page: &Page<T>,
    rows: Vec<Value>,
) -> Value {
    let links = PageLinks::new(path, &query.filters(), request, page);
    let start = request.page * request.page_size;
    json!({
        "page": request.page,
        "page_size": request.page_size,
        "start": start,
        "end": (start + rows.len()).saturating_sub(1),
        "uri": links.this,
        "first_page_uri": links.first,
        "next_page_uri": links.next,
        "previous_page_uri": links.previous,
        key: rows,
    })
}
