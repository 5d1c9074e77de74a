//! What a page is loaded with.

use dioxus::prelude::{RenderError, Resource, try_use_context, use_server_future};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned, ser::Error as _,
};

use super::realtime::{LoadStart, RealtimeContext};

/// What a page is loaded with: the server renders it, and the browser goes on with it.
///
/// It travels as JSON. Dioxus would send CBOR, and the browser would have to bring the code to
/// read each type in a second format: an eighth of its size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageData<T>(pub T);

impl<T: Serialize> Serialize for PageData<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json = serde_json::to_string(&self.0).map_err(S::Error::custom)?;
        serializer.serialize_str(&json)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for PageData<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = String::deserialize(deserializer)?;
        // As the answers of API calls are read, so that the same code serves both.
        let data = serde_json::from_slice(json.as_bytes()).map_err(serde::de::Error::custom)?;
        Ok(Self(data))
    }
}

/// Loads the data of a page: on the server where that renders the page, else in the browser. What
/// is shown with them is kept live from then on (`use_load_start`).
///
/// # Errors
/// While it is loading; the boundary around the component then shows its fallback.
pub fn use_page_data<T, F>(
    mut load: impl FnMut() -> F + 'static,
) -> Result<Resource<PageData<T>>, RenderError>
where
    T: Serialize + DeserializeOwned + 'static,
    F: Future<Output = T> + 'static,
{
    let realtime = try_use_context::<RealtimeContext>();
    let start = LoadStart::provide();
    use_server_future(move || {
        start.mark(realtime);
        let loading = load();
        async move { PageData(loading.await) }
    })
}

#[cfg(test)]
mod tests {
    use super::PageData;

    #[test]
    fn it_is_the_same_after_its_journey() {
        let sent = PageData(vec![(Some("Zoë 🙂".to_owned()), -1_i64), (None, i64::MAX)]);
        let text = serde_json::to_string(&sent).expect("JSON");
        assert!(text.starts_with('"'), "it is one text: {text}");
        let arrived: PageData<Vec<(Option<String>, i64)>> =
            serde_json::from_str(&text).expect("JSON");
        assert_eq!(arrived, sent);
    }
}
