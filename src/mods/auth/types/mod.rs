mod change_password_type;
mod current_user_type;
mod login_type;
mod next_page_type;
mod sign_in_failure_type;

pub use change_password_type::ChangePasswordIn;
pub use current_user_type::CurrentUser;
pub use login_type::LoginIn;
pub use next_page_type::NextPage;
pub use sign_in_failure_type::SignInFailure;
