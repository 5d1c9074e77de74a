use secrecy::SecretString;

/// The credentials of a call to Twilio.
#[derive(Debug, Clone)]
pub struct TwilioCredentials {
    pub account_sid: String,
    pub auth_token: SecretString,
}
