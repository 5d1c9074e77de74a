//! What the browser offers. On the server, which renders the same components, each answers what
//! a browser would before the page is live.

mod elements;
mod fields;
mod page;
mod random_id;
mod sleep;
mod storage;
#[cfg(feature = "web")]
mod window_events;

pub use elements::{attribute, focus, focus_if_lost, move_focus, press};
pub use fields::{field_text, valid_choice, valid_input_text};
pub use page::{is_mac, is_online, is_page_visible, load_login, load_page, page_path, page_width};
pub use random_id::random_id;
pub use sleep::sleep;
pub use storage::{store, stored, stored_keys};
#[cfg(feature = "web")]
pub use window_events::WindowEvents;
