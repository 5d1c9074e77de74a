//! A notice above or in a part of a page.

mod banner_component;

pub use banner_component::Banner;
