use super::AccountSid;

/// The parameters of a form that Twilio posted, in the order in which they came.
///
/// The signature covers all of them, also unknown and repeated ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TwilioForm(Vec<(String, String)>);

/// The body is not a form of Twilio's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TwilioFormError {
    #[error("the body is not a form")]
    NoForm,
    #[error("the form has more than {MAX_PARAMETERS} parameters")]
    TooManyParameters,
    #[error("AccountSid must be there: AC and 32 hexadecimal digits")]
    NoAccount,
}

/// Twilio posts some 40 parameters. Each costs memory before anybody has proven who posts.
const MAX_PARAMETERS: usize = 500;

impl TwilioForm {
    /// Decodes `application/x-www-form-urlencoded`.
    pub fn parse(body: &[u8]) -> Result<Self, TwilioFormError> {
        // The decoder replaces invalid UTF-8.
        std::str::from_utf8(body).map_err(|_| TwilioFormError::NoForm)?;
        if body
            .split(|byte| *byte == b'&')
            .nth(MAX_PARAMETERS)
            .is_some()
        {
            return Err(TwilioFormError::TooManyParameters);
        }
        serde_urlencoded::from_bytes(body)
            .map(Self)
            .map_err(|_| TwilioFormError::NoForm)
    }

    /// The account that the form names; unproven until the signature is checked.
    pub fn account(&self) -> Result<AccountSid, TwilioFormError> {
        let named = self.get("AccountSid").unwrap_or_default();
        AccountSid::parse(named).map_err(|_| TwilioFormError::NoAccount)
    }

    /// All parameters, for the signature.
    pub fn parameters(&self) -> &[(String, String)] {
        &self.0
    }

    /// The first value of a parameter that is not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(given, _)| given == name);
        values
            .find(|(_, value)| !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// The values of `MediaUrl0`, `MediaUrl1` and so on, up to the first that is missing.
    pub fn numbered(&self, name: &str) -> Vec<&str> {
        (0..MOST_NUMBERED)
            .map_while(|n| self.get(&format!("{name}{n}")))
            .collect()
    }
}

/// Twilio allows ten files for a message.
const MOST_NUMBERED: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_name_and_by_number() {
        let form = TwilioForm::parse(b"A=&A=1+%26&MediaUrl0=x&MediaUrl1=y&MediaUrl3=z");
        let form = form.expect("a form");
        assert_eq!(form.get("A"), Some("1 &"));
        assert_eq!(form.get("B"), None);
        assert_eq!(form.numbered("MediaUrl"), ["x", "y"]);
        assert_eq!(form.parameters().len(), 5);
        assert_eq!(TwilioForm::parse(b"\xff=1"), Err(TwilioFormError::NoForm));
    }

    #[test]
    fn a_form_of_half_a_million_parameters_is_refused_before_it_is_read() {
        let many = |count: usize| TwilioForm::parse("a&".repeat(count).as_bytes());
        assert!(many(MAX_PARAMETERS - 1).is_ok());
        assert_eq!(many(500_000), Err(TwilioFormError::TooManyParameters));
    }
}
