//! The state of the plan dialog.

mod use_plan_dialog;

pub use use_plan_dialog::{PlanDialogState, PlanPhase, use_plan_dialog, use_plan_dialog_provider};
