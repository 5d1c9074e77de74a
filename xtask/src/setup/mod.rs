//! Finding what is needed, and installing what is missing.

mod apt;
pub mod cargo_deny;
pub mod chromium;
pub mod debootstrap;
pub mod dioxus_cli;
pub mod node;
pub mod npm_packages;
pub mod postgres;
pub mod python;
pub mod rust_components;
pub mod wasm_bindgen;
