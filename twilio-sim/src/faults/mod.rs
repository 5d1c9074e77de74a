//! What goes wrong when it is asked for: slow, refused, lost and doubled answers and events.

mod answer_with_faults;
mod cut_answer;
mod delivery_faults;
mod fault;
mod fault_book;
mod fault_report;
mod fault_rule;
mod fault_target;
mod occasion;
mod wait_for_events;

pub(crate) use answer_with_faults::answer_with_faults;
pub(crate) use delivery_faults::DeliveryFaults;
pub use fault::Fault;
pub(crate) use fault_book::{FaultBook, PageFaults};
pub use fault_report::{ArmedFault, FaultReport, FiredFault};
pub use fault_rule::{FaultPlan, FaultRule};
pub use fault_target::FaultTarget;
pub(crate) use occasion::Occasion;
pub(crate) use wait_for_events::CreatedMessage;
