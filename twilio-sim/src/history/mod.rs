//! Generated history: messages of the past that are computed when they are asked for, so that a
//! million of them take no memory.

mod customer_phone;
mod delivery_fate;
mod draw;
mod generated_history;
mod generated_message;
mod generated_text;
mod history_counts;
mod history_plan;
mod history_selection;
mod history_sid;
mod list_order;
mod merge_sorted;
mod message_outline;

pub(crate) use customer_phone::{MAX_CUSTOMERS, customer_phone, customer_with_phone};
pub(crate) use draw::Draw;
pub use generated_history::GeneratedHistory;
pub use generated_message::{GeneratedFile, GeneratedMessage, ShownDates};
pub use history_counts::{HistoryCounts, NumberCounts};
pub(crate) use history_plan::{HistoryPlan, HistoryShares};
pub(crate) use history_selection::HistorySelection;
pub(crate) use list_order::ListOrder;
pub(crate) use merge_sorted::merge_sorted;
