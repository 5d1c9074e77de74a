//! A part of a page whose data come from the server: how it looks until they are there, and where
//! they could not be loaded.

use dioxus::prelude::*;

use super::{LoadError, PageLoad, PageState, RowSkeleton, commit_error_status};

/// The words of a part of a page that has no data (yet).
#[derive(Debug, Clone, Copy)]
pub struct LoadWords {
    /// What is being loaded, as in "Loading the events".
    pub loading: &'static str,
    /// What happened, as in "The events could not be loaded".
    pub failed: &'static str,
}

/// Shows `ready` once the data are there. Until then, and where they could not be loaded, that
/// stands in a section of the card that `frame` puts around it; a person may try again.
///
/// Call it in the component that calls
/// [`use_page_data`](crate::ui::use_page_data): neither function is a component, so
/// that the order in which components load stays in plain sight.
pub fn loaded<T: Clone>(
    data: PageLoad<T>,
    words: LoadWords,
    frame: impl FnOnce(Element) -> Element,
    ready: impl FnOnce(T) -> Element,
) -> Element {
    match data.state() {
        PageState::Loading => frame(rsx! {
            div { class: "card__section", aria_busy: "true",
                RowSkeleton { label: words.loading }
            }
        }),
        PageState::Ready(data) => ready(data),
        PageState::Failed(error) => {
            commit_error_status(&error);
            frame(rsx! {
                div { class: "card__section",
                    LoadError {
                        title: words.failed,
                        error,
                        compact: true,
                        onretry: move |()| data.restart(),
                    }
                }
            })
        }
    }
}
