//! Why an action is not undone, in words.

use crate::bases::error::AppError;

/// It cannot be undone.
pub fn no_way_back(summary: &str) -> AppError {
    AppError::conflict(format!(
        "“{summary}” cannot be undone. Set it up again instead."
    ))
}

/// It is not there any more: somebody removed it.
pub fn gone(what: &str) -> AppError {
    AppError::conflict(format!(
        "The {what} is not in the Twilio account any more: somebody removed it since. There is \
         nothing to undo."
    ))
}

/// Another value is there now.
pub fn changed_since(what: &str, found: &str) -> AppError {
    let found = if found.is_empty() {
        "not set".to_owned()
    } else {
        format!("“{found}”")
    };
    AppError::conflict(format!(
        "Somebody has changed the {what} since: it is {found} now. Nothing was undone."
    ))
}
