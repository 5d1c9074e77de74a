//! Parts of pages whose code comes when they are shown.

mod in_chunk_component;
mod needs_chunk_component;
mod use_chunk;

pub use in_chunk_component::{ChunkForm, InChunk};
pub use needs_chunk_component::NeedsChunk;
pub use use_chunk::{ChunkState, use_chunk};
