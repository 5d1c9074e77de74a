use serde_json::{Value, json};

use crate::model::{NumberOffer, PhoneNumber};
use crate::wire::rfc2822_date;

/// An incoming phone number as the API shows it.
pub(crate) fn phone_number_json(number: &PhoneNumber) -> Value {
    let account_sid = &number.account_sid;
    let mut shown = json!({
        "sid": number.sid,
        "account_sid": account_sid,
        "phone_number": number.phone_number,
        "friendly_name": number.friendly_name,
        "capabilities": number.capabilities,
        "voice_caller_id_lookup": false,
        "voice_receive_mode": "voice",
        "address_requirements": NumberOffer::of(&number.phone_number)
            .map_or("none", |offer| offer.address_requirements),
        "identity_sid": null,
        "bundle_sid": null,
        "emergency_status": "Inactive",
        "emergency_address_sid": null,
        "emergency_address_status": "unregistered",
        "beta": false,
        "origin": "twilio",
        "status": "in-use",
        "type": number.kind().link_name(),
        "api_version": "2010-04-01",
        "date_created": rfc2822_date(number.date_created),
        "date_updated": rfc2822_date(number.date_updated),
        "uri": format!(
            "/2010-04-01/Accounts/{account_sid}/IncomingPhoneNumbers/{}.json",
            number.sid
        ),
    });
    if let (Some(shown), Value::Object(settings)) = (shown.as_object_mut(), json!(number.settings))
    {
        shown.extend(settings);
    }
    shown
}
