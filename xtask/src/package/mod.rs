//! What an operator installs: a release directory, a Debian package, an OCI image.
//!
//! `release` says what goes in, `contents` lays it out in a `tree` (with `settings`, the example of
//! `/etc/loquent/loquent.env`). `release_directory`, `debian_package` and `oci_image` make one thing
//! each of it, with the system's programs in `archive`; `make` calls them.

mod archive;
mod contents;
mod debian_package;
pub mod make;
pub mod oci_image;
pub mod release;
mod release_directory;
mod settings;
mod shared_libraries;
mod tree;
