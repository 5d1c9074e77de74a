mod available_number_util;
mod voice_answer_util;
mod voice_twiml_util;

pub use available_number_util::{fetch_monthly_price_util, search_available_numbers_util};
pub use voice_answer_util::voice_answer_util;
pub use voice_twiml_util::voice_twiml_util;
