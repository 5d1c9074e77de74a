//! Short notices that go by themselves.

mod toast_component;

pub use toast_component::{ToastRegion, Toasts, use_toasts};
