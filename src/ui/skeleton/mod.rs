//! The shape of what is on its way.

mod skeleton_component;

pub use skeleton_component::{MessageSkeleton, RowSkeleton};
