mod opt_out_keyword_util;
mod parse_phone_number_util;

pub use opt_out_keyword_util::opt_out_keyword_util;
pub use parse_phone_number_util::{PhoneNumberError, parse_phone_number_util};
