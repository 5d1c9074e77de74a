use serde::{Deserialize, Serialize};

/// Whether Loquent has pointed a number's webhook (of calls, or of texts) at itself.
///
/// It is what Loquent did, from its own table; what Twilio has at this moment is for the health
/// check to say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum NumberRouting {
    /// Loquent never changed it, or wrote the old value back.
    #[default]
    Untouched,
    /// It points to Loquent.
    Configured {
        /// What was there before; none if there was nothing. Restore writes it back.
        previous_url: Option<String>,
    },
}

impl NumberRouting {
    /// From the column `previous_voice_url` or `previous_sms_url`, in which an empty text means
    /// "configured, there was nothing before", and NULL "not configured".
    pub fn from_previous(previous_url: Option<&str>) -> Self {
        match previous_url {
            None => Self::Untouched,
            Some(url) => Self::Configured {
                previous_url: Some(url.to_owned()).filter(|url| !url.is_empty()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_text_means_that_there_was_nothing_before() {
        assert_eq!(NumberRouting::from_previous(None), NumberRouting::Untouched);
        assert_eq!(
            NumberRouting::from_previous(Some("")),
            NumberRouting::Configured { previous_url: None }
        );
        assert_eq!(
            NumberRouting::from_previous(Some("https://pbx.example/voice")),
            NumberRouting::Configured {
                previous_url: Some("https://pbx.example/voice".to_owned())
            }
        );
    }
}
