//! Loads chunks: the start script of the page does it (`xtask/node/client.js`). A client that `dx` built has no such script, and has all of its
//! code from the start.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type Chunks;

    #[wasm_bindgen(thread_local_v2, js_name = loquentChunks)]
    static CHUNKS: Option<Chunks>;

    /// Resolves when the chunk of the page that was opened is there.
    #[wasm_bindgen(method, getter)]
    fn first(this: &Chunks) -> Promise;

    #[wasm_bindgen(method, js_name = isLoaded)]
    fn is_loaded(this: &Chunks, name: &str) -> bool;

    /// Rejects when the chunk could not be fetched.
    #[wasm_bindgen(method)]
    fn load(this: &Chunks, name: &str) -> Promise;
}

/// Whether the code of a chunk can be called.
pub fn is_chunk_loaded(name: &str) -> bool {
    CHUNKS.with(|chunks| chunks.as_ref().is_none_or(|chunks| chunks.is_loaded(name)))
}

/// Loads a chunk; says whether it is there.
pub async fn load_chunk(name: &str) -> bool {
    let loading = CHUNKS.with(|chunks| chunks.as_ref().map(|chunks| chunks.load(name)));
    match loading {
        Some(loading) => loading.await.is_ok(),
        None => true,
    }
}

/// Runs the client once the chunk of its first page is there: nothing may be missing while it
/// takes over what the server has rendered.
pub fn start_with_chunks(start: impl FnOnce() + 'static) {
    let first = CHUNKS.with(|chunks| chunks.as_ref().map(Chunks::first));
    match first {
        Some(first) => js_sys::futures::spawn_local(async move {
            // It never rejects: the script tries until the chunk is there.
            let _ = first.await;
            start();
        }),
        None => start(),
    }
}
