use axum::Json;
use axum::extract::Path;
use serde_json::{Value, json};

use crate::model::{NumberKind, country};
use crate::rest::{ApiBase, AuthenticatedAccount, TwilioError};

/// `GET /v1/PhoneNumbers/Countries/{ISO}` of `pricing.twilio.com`: monthly prices of numbers.
pub(crate) async fn fetch_number_prices(
    _account: AuthenticatedAccount,
    ApiBase(base): ApiBase,
    Path(iso): Path<String>,
) -> Result<Json<Value>, TwilioError> {
    let path = format!("/v1/PhoneNumbers/Countries/{iso}");
    let country = country(&iso).ok_or_else(|| TwilioError::not_found(&path))?;
    let prices: Vec<Value> = country
        .kinds
        .iter()
        .map(|(kind, price)| {
            let name = match kind {
                NumberKind::Local => "local",
                NumberKind::TollFree => "toll free",
                NumberKind::Mobile => "mobile",
            };
            json!({ "number_type": name, "base_price": price, "current_price": price })
        })
        .collect();
    Ok(Json(json!({
        "country": country.name,
        "iso_country": country.iso,
        "phone_number_prices": prices,
        "price_unit": "USD",
        "url": format!("{base}{path}"),
    })))
}
