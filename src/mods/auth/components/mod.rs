//! Signing in, and the menu of who is signed in.

mod account_menu_component;
mod change_password_dialog_component;
mod go_to_login_component;
mod login_page_component;
mod login_scene_component;

pub use account_menu_component::AccountMenu;
pub use go_to_login_component::GoToLogin;
pub use login_page_component::LoginPage;
