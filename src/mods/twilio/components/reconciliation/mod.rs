//! What each number's last reconciliation found.

mod reconciliation_row_component;
mod reconciliation_section_component;

pub use reconciliation_section_component::ReconciliationSection;
