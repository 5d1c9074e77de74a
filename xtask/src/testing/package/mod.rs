//! What `cargo xtask package` makes, installed in a fresh Debian root, started and used.

mod debian_base;
mod debian_root;
mod http;
mod installed;
mod made;
mod package_test;
mod superuser;

pub use package_test::package_test;
