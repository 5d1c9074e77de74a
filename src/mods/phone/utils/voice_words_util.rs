use super::host_of_url_util;
use crate::mods::{
    account::types::{HealthReason, HealthSeverity, NumberHealth},
    phone::types::{NumberRouting, PhoneNumber, RoutingWords},
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mods::account::types::HealthFinding;

    type Tested = Result<(), serde_json::Error>;

    const ID: &str = "00000000-0000-0000-0000-000000000001";

    fn number(previous: Option<&str>) -> Result<PhoneNumber, serde_json::Error> {
        let mut number: PhoneNumber = serde_json::from_value(json!({
            "id": ID, "number": "+14155550134", "friendly_name": "Main line",
            "sms_enabled": true, "mms_enabled": true, "voice_enabled": true,
        }))?;
        number.voice = NumberRouting::from_previous(previous);
        Ok(number)
    }

    fn health(voice_url: &str) -> Result<NumberHealth, serde_json::Error> {
        serde_json::from_value(json!({
            "phone_number_id": ID, "number": "+14155550134", "friendly_name": "Main line",
            "voice_url": voice_url, "voice_is_ours": false, "sms_is_ours": false, "findings": [],
        }))
    }

    #[test]
    fn it_is_said_whose_calls_are() -> Tested {
        let words = |previous, url| -> Result<_, serde_json::Error> {
            let health = health(url)?;
            let words = voice_words_util(&number(previous)?, Some(&health));
            Ok((words.word, words.detail))
        };
        let pbx = "https://pbx.example/voice";
        assert_eq!(words(None, "")?, ("Not set", String::new()));
        assert_eq!(words(None, pbx)?, ("Another app", "pbx.example".to_owned()));
        assert_eq!(
            words(Some(pbx), "")?,
            ("Loquent", "Was pbx.example".to_owned())
        );
        assert_eq!(words(Some(""), "")?, ("Loquent", "Was not set".to_owned()));
        assert_eq!(voice_words_util(&number(None)?, None).word, "Not checked");
        Ok(())
    }

    #[test]
    fn a_finding_wins_unless_it_is_only_good_to_know() -> Tested {
        let mut seen = health("https://thief.example")?;
        seen.findings = vec![HealthFinding {
            reason: HealthReason::VoiceUrlMismatch,
            severity: HealthSeverity::Info,
            message: "Somebody changed it.".to_owned(),
            expected: None,
            found: None,
            fix: None,
        }];
        let number = number(Some(""))?;
        assert_eq!(voice_words_util(&number, Some(&seen)).word, "Loquent");
        seen.findings[0].severity = HealthSeverity::Problem;
        let words = voice_words_util(&number, Some(&seen));
        assert_eq!(
            words,
            RoutingWords::warning("Changed in Twilio", "Somebody changed it.".to_owned())
        );
        Ok(())
    }
}
