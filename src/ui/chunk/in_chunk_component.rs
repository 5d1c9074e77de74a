use std::hint::black_box;

use dioxus::prelude::*;

use super::{ChunkState, NeedsChunk, use_chunk};
use crate::{
    bases::{browser, error::AppError},
    ui::{LoadError, RowSkeleton},
};

/// A function `open_chunk_<name>`: a way into a chunk. `xtask/node/split` finds it by its name, and
/// moves what only it needs.
#[derive(Debug, Clone, Copy)]
pub struct ChunkEntry<A>(pub fn(A) -> Element);

// Each place has one entry, always the same.
impl<A> PartialEq for ChunkEntry<A> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// A form that comes with its chunk: meanwhile, that it is on its way; else, that it failed.
#[component]
pub fn InChunk<A: Clone + PartialEq + 'static>(
    /// The name of the chunk.
    chunk: &'static str,
    entry: ChunkEntry<A>,
    /// What the entry is called with.
    of: A,
) -> Element {
    let loading = use_chunk(chunk);
    use_effect(move || {
        if loading.state() == ChunkState::Loaded {
            // The window was open before there was anything in it.
            browser::focus("dialog[open] [autofocus]");
        }
    });
    match loading.state() {
        ChunkState::Loaded => {
            // A call through a pointer: a direct one would tie the chunk to the page.
            let open = black_box(entry.0);
            rsx! {
                NeedsChunk { name: chunk }
                {open(of)}
            }
        }
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
