//! Times for a person to read. What the server renders is in UTC and as of its own clock, which
//! it sends along; once the page is live, both become the reader's.

mod clock;
mod when_component;

pub use clock::{Clock, month, use_clock, use_clock_provider};
pub use when_component::When;
