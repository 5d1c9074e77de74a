use serde_json::{Value, json};

use crate::model::PhoneNumber;
use crate::wire::rfc2822_date;

/// An incoming phone number as the API shows it, as just bought: no webhook is set.
pub(crate) fn phone_number_json(number: &PhoneNumber) -> Value {
    let account_sid = &number.account_sid;
    json!({
        "sid": number.sid,
        "account_sid": account_sid,
        "phone_number": number.phone_number,
        "friendly_name": number.friendly_name,
        "capabilities": {
            "voice": true,
            "sms": number.sms_enabled,
            "mms": number.sms_enabled,
            "fax": false,
        },
        "sms_url": "",
        "sms_method": "POST",
        "sms_fallback_url": "",
        "sms_fallback_method": "POST",
        "sms_application_sid": "",
        "voice_url": "",
        "voice_method": "POST",
        "voice_fallback_url": "",
        "voice_fallback_method": "POST",
        "voice_application_sid": "",
        "voice_caller_id_lookup": false,
        "voice_receive_mode": "voice",
        "status_callback": "",
        "status_callback_method": "POST",
        "trunk_sid": null,
        "address_sid": null,
        "address_requirements": "none",
        "identity_sid": null,
        "bundle_sid": null,
        "emergency_status": "Inactive",
        "emergency_address_sid": null,
        "emergency_address_status": "unregistered",
        "beta": false,
        "origin": "twilio",
        "status": "in-use",
        "type": "local",
        "api_version": "2010-04-01",
        "date_created": rfc2822_date(number.date_created),
        "date_updated": rfc2822_date(number.date_created),
        "uri": format!(
            "/2010-04-01/Accounts/{account_sid}/IncomingPhoneNumbers/{}.json",
            number.sid
        ),
    })
}
