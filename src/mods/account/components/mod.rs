//! The plan dialog: what an action would do at Twilio, before it is done.

mod plan_dialog_component;
mod plan_headline;
mod plan_view_component;

pub use plan_dialog_component::PlanDialog;
