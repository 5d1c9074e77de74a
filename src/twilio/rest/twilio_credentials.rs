use secrecy::SecretString;

/// What a call to Twilio is made with.
#[derive(Debug, Clone)]
pub struct TwilioCredentials {
    pub account_sid: String,
    pub auth_token: SecretString,
}
