//! Database clusters that xtask starts with the server's own means.

pub mod cluster;
pub mod temporary_cluster;
