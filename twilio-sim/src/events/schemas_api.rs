use axum::Json;
use axum::extract::Path;
use serde_json::Value;

use crate::events::event_type::EVENT_TYPES;
use crate::events::events_json::{schema_json, schema_version_json};
use crate::rest::{ApiBase, AuthenticatedAccount, QueryFields, TwilioError, meta_page};
use crate::wire::{PageRequest, slice_page};

/// `GET /v1/Schemas/{Id}`.
pub(crate) async fn fetch_schema(
    _account: AuthenticatedAccount,
    base: ApiBase,
    Path(id): Path<String>,
) -> Result<Json<Value>, TwilioError> {
    Ok(Json(schema_json(&id, latest_version(&id)?, &base.0)))
}

/// `GET /v1/Schemas/{Id}/Versions`, newest first.
pub(crate) async fn list_versions(
    _account: AuthenticatedAccount,
    base: ApiBase,
    Path(id): Path<String>,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, TwilioError> {
    let request = PageRequest::parse(&query).map_err(TwilioError::invalid)?;
    let versions: Vec<(u32, String)> = (1..=latest_version(&id)?)
        .rev()
        .map(|version| (version, version.to_string()))
        .collect();
    let page = slice_page(&versions, |version| &version.1, &request);
    let rows = page
        .items
        .iter()
        .map(|version| schema_version_json(&id, version.0, &base.0))
        .collect();
    let path = format!("/v1/Schemas/{id}/Versions");
    Ok(Json(meta_page(
        &base,
        &path,
        "schema_versions",
        &query,
        &request,
        &page,
        rows,
    )))
}

/// `GET /v1/Schemas/{Id}/Versions/{Version}`.
pub(crate) async fn fetch_version(
    _account: AuthenticatedAccount,
    base: ApiBase,
    Path((id, version)): Path<(String, String)>,
) -> Result<Json<Value>, TwilioError> {
    let latest = latest_version(&id)?;
    let number = version
        .parse::<u32>()
        .ok()
        .filter(|number| (1..=latest).contains(number))
        .ok_or_else(|| TwilioError::not_found(&format!("/v1/Schemas/{id}/Versions/{version}")))?;
    Ok(Json(schema_version_json(&id, number, &base.0)))
}

fn latest_version(schema_id: &str) -> Result<u32, TwilioError> {
    EVENT_TYPES
        .iter()
        .find(|kind| kind.schema_id == schema_id)
        .map(|kind| kind.latest_version)
        .ok_or_else(|| TwilioError::not_found(&format!("/v1/Schemas/{schema_id}")))
}
