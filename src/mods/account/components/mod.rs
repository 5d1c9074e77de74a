mod plan_dialog_component;
mod plan_headline;
mod plan_view_component;

pub use plan_dialog_component::PlanDialog;
