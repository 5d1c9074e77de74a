use crate::bases::error::AppError;

/// NIST SP 800-63B asks for at least 8.
const MIN_CHARACTERS: usize = 10;
/// Longer ones are no passwords. The same limit for whoever sets one and whoever signs in, so that
/// nobody has a password that is not taken.
const MAX_BYTES: usize = 1_024;

/// 400 unless it may become somebody's password.
pub fn check_new_password(password: &str) -> Result<(), AppError> {
    if password.chars().count() < MIN_CHARACTERS {
        return Err(AppError::bad_request(format!(
            "A password has at least {MIN_CHARACTERS} characters."
        )));
    }
    if !may_be_password(password) {
        return Err(AppError::bad_request(format!(
            "A password has at most {MAX_BYTES} bytes, and no NUL."
        )));
    }
    Ok(())
}

/// Whether it can be anybody's password at all.
pub fn may_be_password(password: &str) -> bool {
    password.len() <= MAX_BYTES && !password.contains('\0')
}
