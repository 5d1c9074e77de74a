//! How much of something long is done.

mod progress_component;

pub use progress_component::ProgressBar;
