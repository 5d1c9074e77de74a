use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get};

use crate::events::events_router;
use crate::rest::number_kinds_router::number_kinds_router;
use crate::rest::record_requests::record_requests;
use crate::rest::{
    TwilioError, accounts_api, available_numbers_api, create_message_api, media_api,
    message_changes_api, messages_api, messaging_services_api, number_purchase_api,
    phone_numbers_api, pricing_api,
};
use crate::simulation::Simulation;

/// Routes of Twilio's hosts (`api`, `events`, `messaging` and `pricing.twilio.com`), logged.
pub(crate) fn rest_router(simulation: &Arc<Simulation>) -> Router<Arc<Simulation>> {
    accounts_router()
        .merge(messages_router())
        .merge(numbers_router())
        .merge(services_router())
        .merge(number_kinds_router())
        .merge(events_router())
        .route("/2010-04-01/{*rest}", any(not_found))
        .route("/v1/{*rest}", any(not_found))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(Arc::clone(simulation), record_requests))
}

fn accounts_router() -> Router<Arc<Simulation>> {
    Router::new()
        .route(
            "/2010-04-01/Accounts.json",
            get(accounts_api::list_accounts),
        )
        .route(
            "/2010-04-01/Accounts/{account}/Balance.json",
            get(accounts_api::fetch_balance),
        )
        .route(
            "/2010-04-01/Accounts/{account}",
            get(accounts_api::fetch_account),
        )
}

fn messages_router() -> Router<Arc<Simulation>> {
    Router::new()
        .route(
            "/2010-04-01/Accounts/{account}/Messages.json",
            get(messages_api::list_messages).post(create_message_api::create_message),
        )
        .route(
            "/2010-04-01/Accounts/{account}/Messages/{message}",
            get(messages_api::fetch_message)
                .post(message_changes_api::redact_message)
                .delete(message_changes_api::delete_message),
        )
        .route(
            "/2010-04-01/Accounts/{account}/Messages/{message}/Media.json",
            get(media_api::list_media),
        )
        .route(
            "/2010-04-01/Accounts/{account}/Messages/{message}/Media/{media}",
            get(media_api::fetch_media),
        )
}

fn numbers_router() -> Router<Arc<Simulation>> {
    Router::new()
        .route(
            "/2010-04-01/Accounts/{account}/IncomingPhoneNumbers.json",
            get(phone_numbers_api::list_phone_numbers).post(number_purchase_api::buy_phone_number),
        )
        .route(
            "/2010-04-01/Accounts/{account}/IncomingPhoneNumbers/{number}",
            get(phone_numbers_api::fetch_phone_number)
                .post(number_purchase_api::update_phone_number)
                .delete(number_purchase_api::release_phone_number),
        )
        .route(
            "/2010-04-01/Accounts/{account}/AvailablePhoneNumbers.json",
            get(available_numbers_api::list_countries),
        )
        .route(
            "/2010-04-01/Accounts/{account}/AvailablePhoneNumbers/{country}",
            get(available_numbers_api::fetch_country),
        )
        .route(
            "/2010-04-01/Accounts/{account}/AvailablePhoneNumbers/{country}/{kind}",
            get(available_numbers_api::list_available),
        )
        .route(
            "/v1/PhoneNumbers/Countries/{country}",
            get(pricing_api::fetch_number_prices),
        )
}

fn services_router() -> Router<Arc<Simulation>> {
    Router::new()
        .route("/v1/Services", get(messaging_services_api::list_services))
        .route(
            "/v1/Services/{sid}",
            get(messaging_services_api::fetch_service),
        )
        .route(
            "/v1/Services/{sid}/PhoneNumbers",
            get(messaging_services_api::list_service_numbers),
        )
}

async fn not_found(request: Request) -> TwilioError {
    TwilioError::not_found(request.uri().path())
}

async fn method_not_allowed() -> TwilioError {
    TwilioError {
        status: StatusCode::METHOD_NOT_ALLOWED,
        code: 20004,
        message: "Method not allowed".to_owned(),
    }
}
