/// The parameters of a form that Twilio posted, in the order in which they came.
///
/// All of them are signed, also those that we do not know and those that come more than once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TwilioForm(Vec<(String, String)>);

/// The body is not a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the body is not a form")]
pub struct TwilioFormError;

impl TwilioForm {
    /// Decodes `application/x-www-form-urlencoded`.
    pub fn parse(body: &[u8]) -> Result<Self, TwilioFormError> {
        // The decoder takes any bytes and puts a sign in place of what is no UTF-8.
        std::str::from_utf8(body).map_err(|_| TwilioFormError)?;
        serde_urlencoded::from_bytes(body)
            .map(Self)
            .map_err(|_| TwilioFormError)
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
        assert_eq!(TwilioForm::parse(b"\xff=1"), Err(TwilioFormError));
    }
}
