//! Parts of pages whose code comes when they are shown.

#[cfg(feature = "web")]
mod chunk_loader;
mod chunks;
mod in_chunk_component;
mod needs_chunk_component;
mod use_chunk;

#[cfg(feature = "web")]
pub use chunks::start_with_chunks;
pub use chunks::{call_in_chunk, is_chunk_loaded, load_chunk};
pub use in_chunk_component::{ChunkForm, InChunk};
pub use needs_chunk_component::NeedsChunk;
pub use use_chunk::{ChunkState, use_chunk};
