//! Building what is served: the browser half and the programs.

pub mod client;
pub mod client_module;
pub mod client_size;
pub mod file_tree;
pub mod index_page;
pub mod precompress;
pub mod programs;
pub mod stylesheet;
