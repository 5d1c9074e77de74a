//! Short words and counts that stand out.

mod badge_component;

pub use badge_component::{Badge, CountBadge, Tone};
