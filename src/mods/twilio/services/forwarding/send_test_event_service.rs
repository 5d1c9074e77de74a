use crate::{
    bases::{error::AppError, ids::OrganizationId, state::AppState},
    mods::{
        account::{
            services::account_changes::AccountAccess, types::TestEventAnswer,
            utils::fetch_event_streams_util,
        },
        twilio::services::forwarding::exchange_test_event_service,
    },
    twilio::{TwilioHost, twilio_error_to_app_error},
};

/// Lets Twilio send a test event and waits some seconds for it: the whole way, with the signature.
/// 409 if no sink points to Loquent.
pub async fn send_test_event_service(
    state: &AppState,
    organization: OrganizationId,
) -> Result<TestEventAnswer, AppError> {
    let account = AccountAccess::open(state, organization).await?;
    let destination = state.config.events_url();
    let exchange = async {
        let reader = account.reader(TwilioHost::Events)?;
        let streams = fetch_event_streams_util(&reader, &destination).await?;
        match streams.ours.first() {
            Some(own) => exchange_test_event_service(&account, &own.sink.sid)
                .await
                .map(Some),
            None => Ok(None),
        }
    };
    let event = exchange
        .await
        .map_err(|error| twilio_error_to_app_error(&error))?
        .ok_or_else(|| {
            AppError::conflict(
                "No event sink of the account points to Loquent. Set up event forwarding first.",
            )
        })?;
    let arrived = event.test_id.is_some();
    Ok(TestEventAnswer {
        arrived,
        took_ms: u64::try_from(event.took.as_millis()).unwrap_or(u64::MAX),
        hint: (!arrived).then(|| {
            format!(
                "Twilio took the test, but it did not arrive at {destination}. Is that address \
                 reachable from the internet, and is the auth token the account's present one? \
                 Twilio's error log names the reason (91300, 91308 or 93101)."
            )
        }),
    })
}
