//! What a page is loaded with.

#[cfg(not(feature = "server"))]
use std::{cell::Cell, rc::Rc};

use dioxus::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

#[cfg(not(feature = "server"))]
use crate::bases::realtime::ConnectionState;
use crate::bases::{
    error::AppError,
    realtime::{LoadStart, RealtimeContext},
};

/// A page's data on their way from the server to the browser.
///
/// It travels as JSON. Dioxus would send CBOR, and the browser would have to bring the code to
/// read each type in a second format: an eighth of its size.
#[cfg(feature = "server")]
#[derive(Debug, Clone, PartialEq, Eq)]
struct PageData<T>(T);

#[cfg(feature = "server")]
impl<T: Serialize> Serialize for PageData<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json = serde_json::to_string(&self.0).map_err(serde::ser::Error::custom)?;
        serializer.serialize_str(&json)
    }
}

#[cfg(feature = "server")]
impl<'de, T: DeserializeOwned> serde::Deserialize<'de> for PageData<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json: String = serde::Deserialize::deserialize(deserializer)?;
        let data = serde_json::from_slice(json.as_bytes()).map_err(serde::de::Error::custom)?;
        Ok(Self(data))
    }
}

/// Whether the data of a page are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageState<T> {
    /// They are on their way.
    Loading,
    Ready(T),
    Failed(AppError),
}

impl<T> From<Result<T, AppError>> for PageState<T> {
    fn from(loaded: Result<T, AppError>) -> Self {
        match loaded {
            Ok(data) => Self::Ready(data),
            Err(error) => Self::Failed(error),
        }
    }
}

/// The data of a page: they are loaded once, and again if that failed.
pub struct PageLoad<T: 'static> {
    state: Signal<PageState<T>>,
    load: Callback<()>,
}

impl<T> Clone for PageLoad<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for PageLoad<T> {}

impl<T> PartialEq for PageLoad<T> {
    fn eq(&self, other: &Self) -> bool {
        self.state == other.state
    }
}

impl<T: Clone> PageLoad<T> {
    /// Whether they are there.
    pub fn state(self) -> PageState<T> {
        (self.state)()
    }

    /// Whether they could not be loaded.
    pub fn has_failed(self) -> bool {
        matches!(*self.state.read(), PageState::Failed(_))
    }

    /// Loads them again, and shows that it does.
    pub fn restart(mut self) {
        self.state.set(PageState::Loading);
        self.retry();
    }

    /// Loads them again; what stands there stays until the answer is there.
    pub fn retry(self) {
        self.load.call(());
    }
}

/// Loads the data of a page: on the server where that renders the page, else in the browser. What
/// is shown with them is kept live from then on (`use_load_start`). What failed is loaded again by
/// itself once the link to the server is back.
///
/// In the browser it never suspends, so a page says itself what stands there meanwhile. Dioxus
/// 0.7 renders a boundary that is suspended inside of another one into nodes that are not in the
/// page, and then stops for good.
///
/// Dioxus hands the data over in the order in which components first ask for them. So a component
/// that loads must not stand before another one that loads, and hold a third one.
///
/// # Errors
/// On the server while it is loading.
pub fn use_page_data<T, F>(
    mut load: impl FnMut() -> F + 'static,
) -> Result<PageLoad<T>, RenderError>
where
    T: Clone + PartialEq + Serialize + DeserializeOwned + 'static,
    F: Future<Output = Result<T, AppError>> + 'static,
{
    let realtime = try_use_context::<RealtimeContext>();
    let start = LoadStart::provide();
    #[cfg(feature = "server")]
    {
        let loaded = use_server_future(move || {
            start.mark(realtime);
            let loading = load();
            async move { PageData(loading.await) }
        })?;
        let state = match loaded() {
            Some(PageData(loaded)) => loaded.into(),
            None => PageState::Loading,
        };
        Ok(PageLoad {
            state: use_hook(|| Signal::new(state)),
            // Nothing is asked for again while a page is rendered.
            load: use_callback(|()| {}),
        })
    }
    #[cfg(not(feature = "server"))]
    {
        let state = use_hook(|| Signal::new(rendered()));
        let mut loading = use_hook(|| CopyValue::new(None::<dioxus::core::Task>));
        let load = use_callback(move |()| {
            start.mark(realtime);
            let answer = load();
            let mut state = state;
            let task = spawn(async move {
                let loaded = answer.await.into();
                if *state.peek() != loaded {
                    state.set(loaded);
                }
            });
            if let Some(before) = loading.replace(Some(task)) {
                before.cancel();
            }
        });
        use_hook(|| {
            if *state.peek() == PageState::Loading {
                load.call(());
            }
        });
        use_recovery(realtime, state, load);
        Ok(PageLoad { state, load })
    }
}

/// Gives a page that is rendered without its data the HTTP status of what went wrong. In the
/// browser it does nothing.
pub fn commit_error_status(error: &AppError) {
    #[cfg(feature = "server")]
    {
        use dioxus::fullstack::{AsStatusCode, FullstackContext};
        FullstackContext::commit_http_status(error.as_status_code(), None);
    }
    #[cfg(not(feature = "server"))]
    let _ = error;
}

/// What the server has rendered the page with, if it did.
#[cfg(not(feature = "server"))]
fn rendered<T: DeserializeOwned>() -> PageState<T> {
    match rendered_json() {
        // As the answers of API calls are read, so that the same code serves both.
        Some(Ok(json)) => match serde_json::from_slice(json.get().as_bytes()) {
            Ok(data) => PageState::Ready(data),
            Err(_) => PageState::Loading,
        },
        Some(Err(error)) => PageState::Failed(error),
        None => PageState::Loading,
    }
}

/// It, before it is read. What is here is compiled once, not for each type.
#[cfg(not(feature = "server"))]
fn rendered_json() -> Option<Result<Box<serde_json::value::RawValue>, AppError>> {
    let handed_over = dioxus::fullstack::serialize_context().create_entry::<String>();
    serde_json::from_slice(handed_over.get().ok()?.as_bytes()).ok()
}

/// Loads what failed again when the link to the server comes back.
#[cfg(not(feature = "server"))]
fn use_recovery<T: 'static>(
    realtime: Option<RealtimeContext>,
    state: Signal<PageState<T>>,
    load: Callback<()>,
) {
    let heard = move || {
        realtime.map(|realtime| {
            let is_live = (realtime.connection)() == ConnectionState::Live;
            ((realtime.missed)(), is_live)
        })
    };
    let seen = use_hook(|| Rc::new(Cell::new(None)));
    use_effect(move || {
        let now = heard();
        let is_live = now.is_some_and(|(_, is_live)| is_live);
        let is_back = seen.replace(now) != now && is_live;
        if is_back && matches!(&*state.peek(), PageState::Failed(error) if error.may_pass()) {
            load.call(());
        }
    });
}

#[cfg(all(test, feature = "server"))]
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
