use dioxus::prelude::*;

use super::{is_chunk_loaded, load_chunk};
use crate::bases::realtime::{ConnectionState, RealtimeContext};

/// Whether the code of a chunk is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChunkState {
    /// It is on its way.
    Loading,
    Loaded,
    /// It could not be fetched.
    Failed,
}

/// A chunk of the client: it is loaded once, and again if that failed.
#[derive(Clone, Copy, PartialEq)]
pub struct Chunk {
    state: Signal<ChunkState>,
    load: Callback<()>,
}

impl Chunk {
    /// Whether it is there.
    pub fn state(self) -> ChunkState {
        (self.state)()
    }

    /// Loads it again, and shows that it does.
    pub fn retry(mut self) {
        self.state.set(ChunkState::Loading);
        self.load.call(());
    }
}

/// Loads a chunk, unless it is there; once the link to the server is back, also after a failure.
pub fn use_chunk(name: &'static str) -> Chunk {
    let mut state = use_signal(|| {
        if is_chunk_loaded(name) {
            ChunkState::Loaded
        } else {
            ChunkState::Loading
        }
    });
    let load = use_callback(move |()| {
        spawn(async move {
            let is_there = load_chunk(name).await;
            state.set(if is_there {
                ChunkState::Loaded
            } else {
                ChunkState::Failed
            });
        });
    });
    let chunk = Chunk { state, load };
    use_hook(|| {
        if *state.peek() == ChunkState::Loading {
            load.call(());
        }
    });
    let realtime = use_context::<RealtimeContext>();
    use_effect(move || {
        let is_live = (realtime.connection)() == ConnectionState::Live;
        if is_live && *state.peek() == ChunkState::Failed {
            chunk.retry();
        }
    });
    chunk
}
