use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};

use crate::rest::list_page_json::ListPageJson;
use crate::rest::message_json::MessageJson;
use crate::rest::{AuthenticatedAccount, QueryFields, TwilioError};
use crate::simulation::Simulation;
use crate::store::MessageFilter;
use crate::wire::{DateFilter, FormFields, PageRequest};

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

/// Reads the filters. The operator of a date belongs to the parameter's name: `DateSent>`, so in
/// a URL `DateSent%3E=2024-01-01`. Both comparisons include the date itself.
fn message_filter(query: &FormFields) -> Result<MessageFilter, TwilioError> {
    let text = |name: &str| {
        query
            .get(name)
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
    };
    let date = |name: &str| match text(name) {
        None => Ok(None),
        Some(value) => DateFilter::parse(&value)
            .map(Some)
            .ok_or_else(|| TwilioError::invalid_parameter(name, &format!("{value} is not a date"))),
    };
    let (on, before, after) = (date("DateSent")?, date("DateSent<")?, date("DateSent>")?);
    let mut filter = MessageFilter {
        to: text("To"),
        from: text("From"),
        sent_from: after.map(|date| date.from),
        sent_until: before.map(|date| date.until),
        created_until: None,
    };
    if let Some(on) = on {
        filter.sent_from = Some(filter.sent_from.map_or(on.from, |from| from.max(on.from)));
        filter.sent_until = Some(
            filter
                .sent_until
                .map_or(on.until, |until| until.min(on.until)),
        );
    }
    Ok(filter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(query: &str) -> Result<MessageFilter, TwilioError> {
        message_filter(&FormFields::parse(query.as_bytes()))
    }

    fn range(query: &str) -> (Option<String>, Option<String>) {
        let filter = filter(query).expect("valid filters");
        let text = |date: Option<chrono::DateTime<chrono::Utc>>| date.map(|date| date.to_rfc3339());
        (text(filter.sent_from), text(filter.sent_until))
    }

    #[test]
    fn the_operator_of_a_date_stands_in_the_name() {
        assert_eq!(
            range("DateSent%3E=2024-01-02&DateSent%3C=2024-01-03"),
            (
                Some("2024-01-02T00:00:00+00:00".to_owned()),
                Some("2024-01-04T00:00:00+00:00".to_owned())
            )
        );
        assert_eq!(
            range("DateSent=2024-01-02"),
            (
                Some("2024-01-02T00:00:00+00:00".to_owned()),
                Some("2024-01-03T00:00:00+00:00".to_owned())
            )
        );
    }

    #[test]
    fn an_operator_in_the_value_is_refused() {
        let error = filter("DateSent=%3E%3D2024-01-01").expect_err("no date");
        assert_eq!(error.code, 20001);
    }
}
