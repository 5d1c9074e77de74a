//! All three of them.

use std::path::PathBuf;

use anyhow::Result;

use crate::base::step::step;
use crate::package::debian_package::make_debian_package;
use crate::package::oci_image::make_oci_image;
use crate::package::release::Release;
use crate::package::release_directory::make_release_directory;

/// What was made.
#[derive(Debug)]
pub struct Made {
    /// The `.tar.gz` of the release directory.
    pub archive: PathBuf,
    /// None where its tool is missing.
    pub debian_package: Option<PathBuf>,
    pub image: PathBuf,
}

/// Makes the release directory, the image, and the Debian package where its tool is.
///
/// # Errors
/// When something cannot be read or written.
pub fn make_all(release: &Release<'_>) -> Result<Made> {
    Ok(Made {
        archive: step("release directory (.tar.gz)", || {
            make_release_directory(release)
        })?,
        debian_package: step("Debian package (.deb)", || make_debian_package(release))?,
        image: step("OCI image (.oci.tar)", || make_oci_image(release))?,
    })
}
