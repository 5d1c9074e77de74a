use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::control::ControlError;
use crate::control::control_api::LogQuery;
use crate::faults::{FaultPlan, FaultReport, FaultRule};
use crate::simulation::Simulation;

/// `GET /sim/faults`
pub(crate) async fn show_faults(State(simulation): State<Arc<Simulation>>) -> Json<FaultReport> {
    Json(simulation.faults())
}

/// `PUT /sim/faults`
pub(crate) async fn set_faults(
    State(simulation): State<Arc<Simulation>>,
    Json(plan): Json<FaultPlan>,
) -> Result<Json<FaultReport>, ControlError> {
    Ok(Json(simulation.set_faults(plan)?))
}

/// `POST /sim/faults`
pub(crate) async fn add_fault(
    State(simulation): State<Arc<Simulation>>,
    Json(rule): Json<FaultRule>,
) -> Result<Json<FaultReport>, ControlError> {
    Ok(Json(simulation.add_fault(rule)?))
}

/// `DELETE /sim/faults`
pub(crate) async fn clear_faults(State(simulation): State<Arc<Simulation>>) -> StatusCode {
    simulation.clear_faults();
    StatusCode::NO_CONTENT
}

/// `GET /sim/faults/log`
pub(crate) async fn list_fired_faults(
    State(simulation): State<Arc<Simulation>>,
    Query(query): Query<LogQuery>,
) -> Json<Value> {
    let page = simulation.fired_faults_page(query.after, query.limit);
    Json(json!({
        "fired": page.entries,
        "next_after": page.next_after,
        "lost": page.lost,
    }))
}
