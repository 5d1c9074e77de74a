mod parse_phone_number_util;

pub use parse_phone_number_util::{PhoneNumberError, parse_phone_number_util};
