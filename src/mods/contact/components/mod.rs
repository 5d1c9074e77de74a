//! The contact's details beside the thread.

mod contact_pane_component;

pub use contact_pane_component::ContactPane;
