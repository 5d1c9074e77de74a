use crate::bases::error::AppError;

/// Why a form did not sign in, as it stands in the address of the page that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInFailure {
    WrongCredentials,
    TooManyAttempts,
    Unavailable,
}

impl SignInFailure {
    /// The word in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WrongCredentials => "credentials",
            Self::TooManyAttempts => "attempts",
            Self::Unavailable => "unavailable",
        }
    }

    /// The failure of a word in the address; none for any other.
    pub fn parse(raw: &str) -> Option<Self> {
        [
            Self::WrongCredentials,
            Self::TooManyAttempts,
            Self::Unavailable,
        ]
        .into_iter()
        .find(|failure| failure.as_str() == raw)
    }

    /// For a person to read.
    pub fn text(self) -> String {
        match self {
            Self::WrongCredentials => AppError::WrongCredentials.to_string(),
            Self::TooManyAttempts => "Too many attempts. Try again later.".to_owned(),
            Self::Unavailable => AppError::Unavailable.to_string(),
        }
    }
}

impl From<&AppError> for SignInFailure {
    fn from(error: &AppError) -> Self {
        match error {
            AppError::WrongCredentials => Self::WrongCredentials,
            AppError::TooManyRequests { .. } => Self::TooManyAttempts,
            _ => Self::Unavailable,
        }
    }
}
