use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};

use crate::rest::date_range::DateRange;
use crate::rest::list_page_json::ListPageJson;
use crate::rest::message_json::MessageJson;
use crate::rest::{AuthenticatedAccount, QueryFields, TwilioError};
use crate::simulation::Simulation;
use crate::store::MessageFilter;
use crate::wire::{FormFields, PageRequest};

/// `GET /Accounts/{AC}/Messages.json`, newest first.
pub(crate) async fn list_messages(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    QueryFields(query): QueryFields,
) -> Result<Json<ListPageJson<MessageJson>>, TwilioError> {
    let request = PageRequest::parse(&query).map_err(TwilioError::invalid)?;
    let mut filter = message_filter(&query)?;
    let path = format!("/2010-04-01/Accounts/{}/Messages.json", account.sid);
    simulation.hide_newest(&path, &account.sid, &mut filter);
    let mut page = account
        .of(&simulation.state())?
        .message_page(&filter, &request);
    simulation.spoil_page(&path, &account.sid, &filter, &request, &mut page);
    let items = std::mem::take(&mut page.items);
    let rows = items.into_iter().map(MessageJson::from).collect();
    Ok(Json(ListPageJson::new(
        &path, "messages", &query, &request, &page, rows,
    )))
}

/// `GET /Accounts/{AC}/Messages/{SM}.json`.
pub(crate) async fn fetch_message(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    Path((_, file)): Path<(String, String)>,
) -> Result<Json<MessageJson>, TwilioError> {
    let message = match file.strip_suffix(".json") {
        Some(sid) => account.of(&simulation.state())?.find_message(sid),
        None => None,
    };
    message
        .map(|message| Json(MessageJson::from(message)))
        .ok_or_else(|| {
            TwilioError::not_found(&format!(
                "/2010-04-01/Accounts/{}/Messages/{file}",
                account.sid
            ))
        })
}

fn message_filter(query: &FormFields) -> Result<MessageFilter, TwilioError> {
    let text = |name: &str| {
        query
            .get(name)
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
    };
    let sent = DateRange::parse(query, "DateSent")?;
    Ok(MessageFilter {
        to: text("To"),
        from: text("From"),
        sent_from: sent.from,
        sent_until: sent.until,
        created_until: None,
    })
}
