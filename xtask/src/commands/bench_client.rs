//! `cargo xtask bench client`: what a browser downloads on its first load.

use anyhow::{Result, bail};

use crate::base::context::Context;
use crate::bundle::client::build_client;
use crate::bundle::client_size::{CLIENT_SIZE_BAR, client_files, wire_size};

/// Builds the browser half and prints its sizes.
///
/// # Errors
/// When it is larger than the bar.
pub fn bench_client(context: &Context) -> Result<()> {
    let files = client_files(&build_client(context)?)?;
    println!("\n{:<40} {:>12} {:>12}", "file", "bytes", "brotli");
    for file in &files {
        println!(
            "{:<40} {:>12} {:>12}",
            file.name, file.plain, file.compressed
        );
    }
    let wire = wire_size(&files);
    let ratio = wire as f64 / CLIENT_SIZE_BAR as f64;
    println!("wasm + js over the wire: {wire} bytes; bar {CLIENT_SIZE_BAR}; ratio {ratio:.2}");
    if wire > CLIENT_SIZE_BAR {
        bail!("the client is larger than its bar");
    }
    Ok(())
}
