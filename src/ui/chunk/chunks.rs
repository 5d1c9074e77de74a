//! Chunks: code of the client that comes when a page needs it.

use std::hint::black_box;

use futures::future::LocalBoxFuture;

#[cfg(feature = "web")]
pub use super::chunk_loader::{is_chunk_loaded, load_chunk, start_with_chunks};

/// Calls a function that is in a chunk, which is loaded first; none if that is not possible.
///
/// The call goes through a pointer: a direct one would tie the chunk to the caller.
pub async fn call_in_chunk<A, T>(
    chunk: &str,
    function: fn(A) -> LocalBoxFuture<'static, T>,
    argument: A,
) -> Option<T> {
    if !load_chunk(chunk).await {
        return None;
    }
    Some(black_box(function)(argument).await)
}

/// Whether the code of a chunk can be called. On the server all code is there.
#[cfg(not(feature = "web"))]
pub fn is_chunk_loaded(_name: &str) -> bool {
    true
}

/// Loads a chunk; says whether it is there.
#[cfg(not(feature = "web"))]
pub async fn load_chunk(_name: &str) -> bool {
    true
}
