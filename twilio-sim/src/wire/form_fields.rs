use std::collections::BTreeMap;

/// The fields of a form body or a query string, in the order received. Names may repeat.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FormFields(Vec<(String, String)>);

impl FormFields {
    /// Decodes `application/x-www-form-urlencoded` text.
    pub fn parse(encoded: &[u8]) -> Self {
        Self(form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// The first value of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Every value of a field, in order.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .collect()
    }

    /// The fields that are not about paging, to be repeated in the links of a list.
    pub fn filters(&self) -> Vec<(String, String)> {
        let about_paging = |name: &str| matches!(name, "PageSize" | "Page" | "PageToken");
        self.0
            .iter()
            .filter(|(name, _)| !about_paging(name))
            .cloned()
            .collect()
    }

    /// The fields grouped by name, for the request log.
    pub fn grouped(&self) -> BTreeMap<String, Vec<String>> {
        let mut grouped: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in &self.0 {
            grouped.entry(name.clone()).or_default().push(value.clone());
        }
        grouped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_key_keeps_all_its_values() {
        let fields = FormFields::parse(b"Types=%7B1%7D&Other=a+b&Types=%7B2%7D");
        assert_eq!(fields.all("Types"), ["{1}", "{2}"]);
        assert_eq!(fields.get("Other"), Some("a b"));
        assert_eq!(fields.get("Missing"), None);
    }
}
