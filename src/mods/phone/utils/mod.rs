#[cfg(feature = "server")]
mod available_number_util;
mod host_of_url_util;
#[cfg(feature = "server")]
mod shown_phone_util;
mod sms_words_util;
#[cfg(feature = "server")]
mod voice_answer_util;
#[cfg(feature = "server")]
mod voice_twiml_util;
mod voice_words_util;

#[cfg(feature = "server")]
pub use available_number_util::{fetch_monthly_price_util, search_available_numbers_util};
pub use host_of_url_util::host_of_url_util;
#[cfg(feature = "server")]
pub use shown_phone_util::shown_phone;
pub use sms_words_util::sms_words_util;
#[cfg(feature = "server")]
pub use voice_answer_util::voice_answer_util;
#[cfg(feature = "server")]
pub use voice_twiml_util::voice_twiml_util;
pub use voice_words_util::voice_words_util;
