mod reset_demo_service;
mod seed_demo_service;

pub use reset_demo_service::reset_demo_service;
pub use seed_demo_service::{DemoLogin, SeededDemo, seed_demo_service};
