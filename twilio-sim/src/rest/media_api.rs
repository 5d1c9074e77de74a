use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::Utc;
use serde_json::{Value, json};

use crate::media::CdnLink;
use crate::rest::date_range::DateRange;
use crate::rest::list_page_json::ListPageJson;
use crate::rest::{AuthenticatedAccount, QueryFields, TwilioError};
use crate::simulation::Simulation;
use crate::store::MediaRecord;
use crate::wire::{PageRequest, rfc2822_date, slice_page};

/// `GET /Accounts/{AC}/Messages/{MM}/Media.json`, with `DateCreated`.
pub(crate) async fn list_media(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    Path((_, message)): Path<(String, String)>,
    QueryFields(query): QueryFields,
) -> Result<Json<ListPageJson<Value>>, TwilioError> {
    let request = PageRequest::parse(&query).map_err(TwilioError::invalid)?;
    let path = format!(
        "/2010-04-01/Accounts/{}/Messages/{message}/Media.json",
        account.sid
    );
    let created = DateRange::parse(&query, "DateCreated")?;
    let mut media =
        media_of(&simulation, &account, &message)?.ok_or_else(|| TwilioError::not_found(&path))?;
    media.retain(|one| created.holds(one.date));
    let page = slice_page(&media, |one| one.sid.as_str(), &request);
    let rows = page.items.iter().map(|one| media_json(one)).collect();
    Ok(Json(ListPageJson::new(
        &path,
        "media_list",
        &query,
        &request,
        &page,
        rows,
    )))
}

/// `GET /Accounts/{AC}/Messages/{MM}/Media/{ME}.json`, and without `.json` the way to the bytes: a
/// redirect to the media host, which wants no credentials.
pub(crate) async fn fetch_media(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    Path((_, message, file)): Path<(String, String, String)>,
) -> Result<Response, TwilioError> {
    let (sid, described) = match file.strip_suffix(".json") {
        Some(sid) => (sid, true),
        None => (file.as_str(), false),
    };
    let media = media_of(&simulation, &account, &message)?
        .into_iter()
        .flatten()
        .find(|one| one.sid.as_str() == sid)
        .ok_or_else(|| {
            TwilioError::not_found(&format!(
                "/2010-04-01/Accounts/{}/Messages/{message}/Media/{file}",
                account.sid
            ))
        })?;
    if described {
        return Ok(Json(media_json(&media)).into_response());
    }
    let link = CdnLink::new(account.sid.as_str(), &message, sid);
    let url = link.url(simulation.cdn_base_url(), Utc::now());
    Ok((StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, url)]).into_response())
}

fn media_of(
    simulation: &Simulation,
    account: &AuthenticatedAccount,
    message: &str,
) -> Result<Option<Vec<MediaRecord>>, TwilioError> {
    let state = simulation.state();
    Ok(account
        .of(&state)?
        .media_of_message(message, &state.uploads))
}

fn media_json(media: &MediaRecord) -> Value {
    let message = format!(
        "/2010-04-01/Accounts/{}/Messages/{}",
        media.account_sid, media.message_sid
    );
    json!({
        "sid": media.sid,
        "account_sid": media.account_sid,
        "parent_sid": media.message_sid,
        "content_type": media.file.content_type(),
        "date_created": rfc2822_date(media.date),
        "date_updated": rfc2822_date(media.date),
        "uri": format!("{message}/Media/{}.json", media.sid),
    })
}
