/// Area codes of the generated customers. 415 is left to the numbers of examples and tests.
const AREA_CODES: [u16; 100] = [
    201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225,
    228, 229, 231, 234, 239, 240, 248, 251, 252, 253, 254, 256, 260, 262, 267, 269, 270, 276, 281,
    301, 302, 303, 304, 305, 307, 308, 309, 310, 312, 313, 314, 315, 316, 317, 318, 319, 320, 321,
    323, 325, 330, 334, 336, 337, 339, 347, 351, 352, 360, 361, 386, 401, 402, 404, 405, 406, 407,
    408, 409, 410, 412, 413, 414, 417, 419, 423, 424, 425, 430, 432, 434, 435, 440, 443, 469, 478,
    479, 480, 484, 501, 502,
];
/// Lines of the exchange 555 in one area code.
const LINES: u64 = 10_000;

/// Customers that have a phone number.
pub(crate) const MAX_CUSTOMERS: u64 = AREA_CODES.len() as u64 * LINES;

/// The phone of a customer, counted from 0. It does not depend on the seed, so the histories of
/// two accounts share their customers.
pub(crate) fn customer_phone(customer: u64) -> String {
    let codes = AREA_CODES.len() as u64;
    let code = AREA_CODES[usize::try_from(customer % codes).unwrap_or(0)];
    format!("+1{code}555{:04}", (customer / codes) % LINES)
}

/// The customer with this phone, if it is one's.
pub(crate) fn customer_with_phone(phone: &str) -> Option<u64> {
    let digits = phone.strip_prefix("+1")?;
    if digits.len() != 10 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let code: u16 = digits[..3].parse().ok()?;
    let line: u64 = digits[3..].strip_prefix("555")?.parse().ok()?;
    let position = AREA_CODES.iter().position(|one| *one == code)?;
    Some(line * AREA_CODES.len() as u64 + position as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::normalize_phone_number;

    #[test]
    fn every_customer_has_a_phone_of_their_own_that_leads_back_to_them() {
        for customer in (0..MAX_CUSTOMERS).step_by(997).chain([MAX_CUSTOMERS - 1]) {
            let phone = customer_phone(customer);
            assert_eq!(normalize_phone_number(&phone).as_ref(), Some(&phone));
            assert_eq!(customer_with_phone(&phone), Some(customer));
        }
        for other in [
            "+14155550162",
            "+12015540000",
            "+1201555000",
            "",
            "+44201555",
        ] {
            assert_eq!(customer_with_phone(other), None, "{other}");
        }
    }
}
