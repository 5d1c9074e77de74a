use super::host_of_url_util;
use crate::mods::{
    settings::types::RoutingWords,
    twilio::types::{HealthReason, HealthSeverity, NumberHealth, NumberRouting, PhoneNumber},
};

/// Where the calls of a number lead, as of the last look at Twilio.
pub fn voice_words_util(number: &PhoneNumber, health: Option<&NumberHealth>) -> RoutingWords {
    let finding = health
        .into_iter()
        .flat_map(|health| &health.findings)
        .find(|finding| finding.severity > HealthSeverity::Info && is_of_voice(finding.reason));
    if let Some(finding) = finding {
        let word = match finding.reason {
            HealthReason::VoiceOverriddenByApplication | HealthReason::VoiceOverriddenByTrunk => {
                "Overridden"
            }
            HealthReason::NumberGone | HealthReason::NumberOfOtherAccount => "Gone",
            _ => "Changed in Twilio",
        };
        return RoutingWords::warning(word, finding.message.clone());
    }
    if let NumberRouting::Configured { previous_url } = &number.voice {
        let detail = match previous_url {
            Some(url) => format!("Was {}", host_of_url_util(url)),
            None => "Was not set".to_owned(),
        };
        return RoutingWords::good("Loquent", detail);
    }
    match health {
        None => RoutingWords::other("Not checked", "A check shows where calls go".to_owned()),
        Some(health) => match (&health.voice_overridden_by, health.voice_url.as_deref()) {
            (Some(by), _) => RoutingWords::other("Another app", by.clone()),
            (None, None | Some("")) => RoutingWords::other("Not set", String::new()),
            (None, Some(url)) => {
                RoutingWords::other("Another app", host_of_url_util(url).to_owned())
            }
        },
    }
}

fn is_of_voice(reason: HealthReason) -> bool {
    matches!(
        reason,
        HealthReason::NumberGone
            | HealthReason::NumberOfOtherAccount
            | HealthReason::VoiceUrlNotSet
            | HealthReason::VoiceUrlMismatch
            | HealthReason::VoiceWrongMethod
            | HealthReason::VoiceOverriddenByApplication
            | HealthReason::VoiceOverriddenByTrunk
    )
}
