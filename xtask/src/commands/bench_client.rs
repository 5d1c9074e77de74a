//! `cargo xtask bench client`: what a browser downloads, page by page.

use anyhow::{Result, bail};

use crate::base::context::Context;
use crate::bundle::client::build_client;
use crate::bundle::client_size::{PageSize, client_files, page_sizes};

/// Builds the browser half and prints its sizes.
///
/// # Errors
/// When a page is larger than its bars.
pub fn bench_client(context: &Context) -> Result<()> {
    let public = build_client(context)?;
    println!("\n{:<40} {:>12} {:>12}", "file", "bytes", "brotli");
    for file in client_files(&public)? {
        let bytes = file.bytes;
        println!(
            "{:<40} {:>12} {:>12}",
            file.name, bytes.plain, bytes.compressed
        );
    }
    println!("\nWebAssembly and JavaScript:");
    let pages = page_sizes(&public)?;
    for page in &pages {
        println!("{page}");
    }
    if !pages.iter().all(PageSize::is_within_bars) {
        bail!("the client is larger than its bars");
    }
    Ok(())
}
