use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::wire::{FormFields, Page, PageLinks, PageRequest};

/// A list answer of the 2010-04-01 API: the records under `key`, and relative links beside them.
#[derive(Debug)]
pub(crate) struct ListPageJson<R> {
    page: usize,
    page_size: usize,
    links: PageLinks,
    key: &'static str,
    rows: Vec<R>,
}

impl<R> ListPageJson<R> {
    /// The answer for a page of `path`.
    pub fn new<T>(
        path: &str,
        key: &'static str,
        query: &FormFields,
        request: &PageRequest,
        page: &Page<T>,
        rows: Vec<R>,
    ) -> Self {
        Self {
            page: request.page,
            page_size: request.page_size,
            links: PageLinks::new(path, &query.filters(), request, page),
            key,
            rows,
        }
    }
}

impl<R: Serialize> Serialize for ListPageJson<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let start = self.page * self.page_size;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("page", &self.page)?;
        map.serialize_entry("page_size", &self.page_size)?;
        map.serialize_entry("start", &start)?;
        map.serialize_entry("end", &(start + self.rows.len()).saturating_sub(1))?;
        map.serialize_entry("uri", &self.links.this)?;
        map.serialize_entry("first_page_uri", &self.links.first)?;
        map.serialize_entry("next_page_uri", &self.links.next)?;
        map.serialize_entry("previous_page_uri", &self.links.previous)?;
        map.serialize_entry(self.key, &self.rows)?;
        map.end()
    }
}
