//! TCP ports.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Result, bail};

/// Refuses a port that something else listens on.
///
/// # Errors
/// One line that says which port it is and which option chooses another.
pub fn ensure_port_is_free(port: u16, what: &str, option: &str) -> Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) => bail!(
            "port {port} for {what} cannot be used ({error}): stop what uses it, or choose another port with {option}"
        ),
    }
}

/// A port that nothing listens on now.
///
/// # Errors
/// When there is none.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}
