use axum::Json;
use axum::extract::Path;
use serde_json::Value;

use crate::events::event_type::{EVENT_TYPES, EventType, event_type};
use crate::events::events_json::event_type_json;
use crate::rest::{ApiBase, AuthenticatedAccount, QueryFields, TwilioError, meta_page};
use crate::wire::{PageRequest, slice_page};

/// `GET /v1/Types`, with `SchemaId`.
pub(crate) async fn list_types(
    _account: AuthenticatedAccount,
    base: ApiBase,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, TwilioError> {
    let request = PageRequest::parse(&query).map_err(TwilioError::invalid)?;
    let schema_id = query.get("SchemaId").filter(|id| !id.is_empty());
    let types: Vec<EventType> = EVENT_TYPES
        .into_iter()
        .filter(|kind| schema_id.is_none_or(|wanted| kind.schema_id == wanted))
        .collect();
    let page = slice_page(&types, |kind| kind.name, &request);
    let rows = page
        .items
        .iter()
        .map(|kind| event_type_json(kind, &base.0))
        .collect();
    Ok(Json(meta_page(
        &base,
        "/v1/Types",
        "types",
        &query,
        &request,
        &page,
        rows,
    )))
}

/// `GET /v1/Types/{Type}`.
pub(crate) async fn fetch_type(
    _account: AuthenticatedAccount,
    base: ApiBase,
    Path(name): Path<String>,
) -> Result<Json<Value>, TwilioError> {
    let kind =
        event_type(&name).ok_or_else(|| TwilioError::not_found(&format!("/v1/Types/{name}")))?;
    Ok(Json(event_type_json(&kind, &base.0)))
}
