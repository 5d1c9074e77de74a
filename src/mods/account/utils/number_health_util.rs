use crate::{
    bases::{e164::E164, error::AppError},
    entities::phone_number,
    mods::account::types::{HealthFinding, HealthFix, HealthReason, HealthSeverity, NumberHealth},
    twilio::{MessagingService, TwilioNumber},
};

/// The method of all our webhooks.
pub const WEBHOOK_METHOD: &str = "POST";

/// A number from Twilio's side, with what is expected of it.
#[derive(Debug, Clone, Copy)]
pub struct NumberView<'a> {
    /// The account that is connected.
    pub account_sid: &'a str,
    /// Where Twilio is to ask what to do with a call.
    pub voice_url: &'a str,
    /// Where Twilio is to post texts, for those who do not use Event Streams.
    pub sms_url: &'a str,
    /// A status callback that Loquent has set.
    pub expected_callback: Option<&'a str>,
    /// The Messaging Service that it is in.
    pub service: Option<&'a MessagingService>,
    /// The number by its SID; none if it is gone.
    pub there: Option<&'a TwilioNumber>,
    /// The same number, perhaps under another SID: released and bought again.
    pub same_number: Option<&'a TwilioNumber>,
}

/// A value that should be another one at Twilio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberDrift {
    pub reason: HealthReason,
    /// Twilio's name of the value, and what it should be. None where no value of the number is to
    /// blame.
    pub set: Option<(&'static str, String)>,
    pub message: String,
    pub found: String,
}

/// The values of a number that Loquent had set and that are not so any more.
pub fn find_number_drift_util(
    row: &phone_number::Model,
    there: &TwilioNumber,
    view: &NumberView<'_>,
) -> Vec<NumberDrift> {
    let mut drift = Vec::new();
    if row.previous_voice_url.is_some() {
        drift.extend(voice_drift(there, view));
    }
    if row.previous_sms_url.is_some() {
        drift.extend(sms_drift(there, view));
    }
    if let Some(expected) = view.expected_callback {
        drift.extend(webhook(
            there,
            ("status_callback", expected.to_owned()),
            "status_callback_method",
            [
                HealthReason::StatusCallbackNotSet,
                HealthReason::StatusCallbackMismatch,
                HealthReason::StatusCallbackWrongMethod,
            ],
            "call updates",
        ));
    }
    drift
}

fn voice_drift(there: &TwilioNumber, view: &NumberView<'_>) -> Vec<NumberDrift> {
    let trunk = overridden(
        there,
        "trunk_sid",
        HealthReason::VoiceOverriddenByTrunk,
        "Calls go to a SIP trunk: Twilio does not ask the voice URL.",
    );
    let application = overridden(
        there,
        "voice_application_sid",
        HealthReason::VoiceOverriddenByApplication,
        "A TwiML application answers calls: Twilio does not ask the voice URL.",
    );
    let webhook = webhook(
        there,
        ("voice_url", view.voice_url.to_owned()),
        "voice_method",
        [
            HealthReason::VoiceUrlNotSet,
            HealthReason::VoiceUrlMismatch,
            HealthReason::VoiceWrongMethod,
        ],
        "calls",
    );
    trunk
        .into_iter()
        .chain(application)
        .chain(webhook)
        .collect()
}

fn sms_drift(there: &TwilioNumber, view: &NumberView<'_>) -> Vec<NumberDrift> {
    let application = overridden(
        there,
        "sms_application_sid",
        HealthReason::SmsOverriddenByApplication,
        "A TwiML application gets the texts: Twilio does not post to the SMS URL.",
    );
    let service = view
        .service
        .filter(|service| !service.use_inbound_webhook_on_number);
    let service = service.map(|service| NumberDrift {
        reason: HealthReason::SmsOverriddenByMessagingService,
        set: None,
        message: format!(
            "The Messaging Service “{}” gets the texts. In the Twilio Console, let it defer to \
             the sender's webhook, or use event forwarding, which it does not touch.",
            service.friendly_name
        ),
        found: service.sid.clone(),
    });
    let webhook = webhook(
        there,
        ("sms_url", view.sms_url.to_owned()),
        "sms_method",
        [
            HealthReason::SmsUrlNotSet,
            HealthReason::SmsUrlMismatch,
            HealthReason::SmsWrongMethod,
        ],
        "texts",
    );
    application
        .into_iter()
        .chain(service)
        .chain(webhook)
        .collect()
}

/// A number as Twilio has it, and what is not as it should be.
pub fn number_health_util(
    row: &phone_number::Model,
    view: &NumberView<'_>,
) -> Result<NumberHealth, AppError> {
    let number = E164::parse(&row.number).map_err(|error| {
        tracing::error!(%error, phone_number_id = %row.id, "the database holds a number that is not E.164");
        AppError::Internal
    })?;
    let setting = |name: &str| view.there.map(|there| there.setting(name).to_owned());
    let by = |names: &[&str]| {
        let mut set = names.iter().filter_map(|name| setting(name));
        set.find(|value| !value.is_empty())
    };
    let service = view
        .service
        .filter(|service| !service.use_inbound_webhook_on_number);
    let findings = match view.there {
        Some(there) => find_number_drift_util(row, there, view)
            .into_iter()
            .map(finding)
            .collect(),
        None => vec![gone(row, view)],
    };
    Ok(NumberHealth {
        phone_number_id: row.id,
        number,
        friendly_name: row.friendly_name.clone(),
        voice_url: setting("voice_url"),
        sms_url: setting("sms_url"),
        status_callback: setting("status_callback"),
        voice_overridden_by: by(&["trunk_sid", "voice_application_sid"]),
        sms_overridden_by: by(&["sms_application_sid"])
            .or_else(|| service.map(|service| service.sid.clone())),
        voice_is_ours: row.previous_voice_url.is_some(),
        sms_is_ours: row.previous_sms_url.is_some(),
        findings,
    })
}

fn gone(row: &phone_number::Model, view: &NumberView<'_>) -> HealthFinding {
    let is_elsewhere = row.twilio_account_sid != view.account_sid && view.same_number.is_none();
    let (reason, message) = if is_elsewhere {
        (
            HealthReason::NumberOfOtherAccount,
            "The number was imported from another Twilio account than the one that is connected: \
             nothing can be sent from it.",
        )
    } else if view.same_number.is_some() {
        (
            HealthReason::NumberGone,
            "The number was released and bought again at Twilio: Loquent knows the old one.",
        )
    } else {
        (
            HealthReason::NumberGone,
            "The number is not in the Twilio account any more.",
        )
    };
    HealthFinding {
        reason,
        severity: HealthSeverity::Problem,
        message: message.to_owned(),
        expected: Some(row.twilio_sid.clone()),
        found: view.same_number.map(|there| there.sid.clone()),
        fix: Some(HealthFix::RepairPhoneNumber),
    }
}

fn finding(drift: NumberDrift) -> HealthFinding {
    HealthFinding {
        reason: drift.reason,
        severity: HealthSeverity::Problem,
        message: drift.message,
        expected: drift.set.as_ref().map(|(_, expected)| expected.clone()),
        found: Some(drift.found),
        fix: drift.set.map(|_| HealthFix::RepairPhoneNumber),
    }
}

/// Something that Twilio asks instead of the webhook; it is in the way while it is set.
fn overridden(
    there: &TwilioNumber,
    name: &'static str,
    reason: HealthReason,
    message: &str,
) -> Option<NumberDrift> {
    let found = there.setting(name);
    (!found.is_empty()).then(|| NumberDrift {
        reason,
        set: Some((name, String::new())),
        message: message.to_owned(),
        found: found.to_owned(),
    })
}

fn webhook(
    there: &TwilioNumber,
    (name, expected): (&'static str, String),
    method: &'static str,
    [not_set, mismatch, wrong_method]: [HealthReason; 3],
    what: &str,
) -> Vec<NumberDrift> {
    let mut drift = Vec::new();
    let found = there.setting(name);
    if found != expected {
        let (reason, message) = if found.is_empty() {
            (
                not_set,
                format!("Loquent's address for {what} was removed at Twilio."),
            )
        } else {
            (
                mismatch,
                format!("The address for {what} was changed at Twilio: they go elsewhere."),
            )
        };
        drift.push(NumberDrift {
            reason,
            set: Some((name, expected)),
            message,
            found: found.to_owned(),
        });
    }
    let found = there.setting(method);
    if !found.is_empty() && !found.eq_ignore_ascii_case(WEBHOOK_METHOD) {
        drift.push(NumberDrift {
            reason: wrong_method,
            set: Some((method, WEBHOOK_METHOD.to_owned())),
            message: format!(
                "Twilio uses {found} for {what}; Loquent takes {WEBHOOK_METHOD} only."
            ),
            found: found.to_owned(),
        });
    }
    drift
}
