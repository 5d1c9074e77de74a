use super::host_of_url_util;
use crate::mods::{
    account::types::{HealthReason, HealthSeverity, NumberHealth},
    phone::types::{NumberRouting, PhoneNumber, RoutingWords},
};

/// How the texts of a number come here, as of the last look at Twilio. `forwarded` is whether
/// event forwarding brings them.
pub fn sms_words_util(
    number: &PhoneNumber,
    health: Option<&NumberHealth>,
    forwarded: bool,
) -> RoutingWords {
    let finding = health
        .into_iter()
        .flat_map(|health| &health.findings)
        .find(|finding| finding.severity > HealthSeverity::Info && is_of_sms(finding.reason));
    if let Some(finding) = finding {
        let word = match finding.reason {
            HealthReason::SmsOverriddenByApplication
            | HealthReason::SmsOverriddenByMessagingService => "Overridden",
            HealthReason::NumberGone | HealthReason::NumberOfOtherAccount => "Gone",
            _ => "Changed in Twilio",
        };
        return RoutingWords::warning(word, finding.message.clone());
    }
    if let NumberRouting::Configured { previous_url } = &number.sms {
        let detail = match previous_url {
            Some(url) => format!("Was {}", host_of_url_util(url)),
            None => "Was not set".to_owned(),
        };
        return RoutingWords::good("Loquent, directly", detail);
    }
    let elsewhere = health.and_then(|health| {
        let url = health.sms_url.as_deref().filter(|url| !url.is_empty());
        let by = health.sms_overridden_by.as_deref();
        by.or(url.map(host_of_url_util)).map(str::to_owned)
    });
    match (forwarded, elsewhere) {
        (true, None) => RoutingWords::good("Event sink", "No webhook needed".to_owned()),
        (true, Some(host)) => RoutingWords::good("Event sink", format!("Also posts to {host}")),
        (false, Some(host)) => RoutingWords::other("Another app", host),
        (false, None) => RoutingWords::other("Not set", String::new()),
    }
}

fn is_of_sms(reason: HealthReason) -> bool {
    matches!(
        reason,
        HealthReason::NumberGone
            | HealthReason::NumberOfOtherAccount
            | HealthReason::SmsUrlNotSet
            | HealthReason::SmsUrlMismatch
            | HealthReason::SmsWrongMethod
            | HealthReason::SmsOverriddenByApplication
            | HealthReason::SmsOverriddenByMessagingService
    )
}
