use std::{hint::black_box, rc::Rc};

use dioxus::prelude::*;

use super::{ChunkState, NeedsChunk, use_chunk};
use crate::{
    bases::{browser, error::AppError},
    ui::{LoadError, RowSkeleton},
};

/// A form whose code is in a chunk, with what it is about.
#[derive(Clone)]
pub struct ChunkForm(Rc<dyn Fn() -> Element>);

impl ChunkForm {
    /// `entry` is a way into the chunk: a function `open_chunk_<name>`, by which
    /// `xtask/node/split` finds what only it needs.
    pub fn new<A: Clone + 'static>(entry: fn(A) -> Element, of: A) -> Self {
        // A call through a pointer: a direct one would tie the chunk to the page.
        Self(Rc::new(move || black_box(entry)(of.clone())))
    }
}

// What it is about may have changed.
impl PartialEq for ChunkForm {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// A form that comes with its chunk: meanwhile, that it is on its way; else, that it failed.
#[component]
pub fn InChunk(
    /// The name of the chunk.
    chunk: &'static str,
    form: ChunkForm,
) -> Element {
    let loading = use_chunk(chunk);
    use_effect(move || {
        if loading.state() == ChunkState::Loaded {
            // The window was open before there was anything in it.
            browser::focus("dialog[open] [autofocus]");
        }
    });
    match loading.state() {
        ChunkState::Loaded => rsx! {
            NeedsChunk { name: chunk }
            {(form.0)()}
        },
        ChunkState::Loading => rsx! {
            div { class: "dialog__body", aria_busy: "true",
                RowSkeleton { label: "Loading" }
            }
        },
        ChunkState::Failed => rsx! {
            div { class: "dialog__body",
                LoadError {
                    title: "This could not be loaded",
                    error: AppError::Unavailable,
                    compact: true,
                    onretry: move |()| loading.retry(),
                }
            }
        },
    }
}
