use serde::Serialize;

/// The kinds of numbers that the simulator sells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberKind {
    Local,
    TollFree,
    Mobile,
}

impl NumberKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Local, Self::TollFree, Self::Mobile];

    /// The kind of a number by its first digits.
    pub fn of(phone_number: &str) -> Self {
        let is_toll_free = |national: &str| TOLL_FREE.iter().any(|area| national.starts_with(area));
        match phone_number.strip_prefix("+1") {
            Some(national) if is_toll_free(national) => Self::TollFree,
            Some(_) => Self::Local,
            None => BRITISH
                .iter()
                .find(|(prefix, _)| phone_number.starts_with(prefix))
                .map_or(Self::Local, |(_, kind)| *kind),
        }
    }

    /// Twilio's spelling in a path.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "Local" => Self::Local,
            "TollFree" => Self::TollFree,
            "Mobile" => Self::Mobile,
            _ => return None,
        })
    }

    /// Twilio's name of the list in a country's links.
    pub fn link_name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::TollFree => "toll_free",
            Self::Mobile => "mobile",
        }
    }

    /// Its spelling in a path.
    pub fn path_name(self) -> &'static str {
        match self {
            Self::Local => "Local",
            Self::TollFree => "TollFree",
            Self::Mobile => "Mobile",
        }
    }
}

/// What a number can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Capabilities {
    /// Calls.
    pub voice: bool,
    /// Texts.
    pub sms: bool,
    /// Texts with files.
    pub mms: bool,
    /// Faxes, which Twilio no longer sells.
    pub fax: bool,
}

/// A country with its kinds of numbers and their monthly prices.
#[derive(Debug)]
pub(crate) struct Country {
    pub iso: &'static str,
    pub name: &'static str,
    pub kinds: &'static [(NumberKind, &'static str)],
}

/// Prices as of Twilio's price list for the US in 2026; the others are made up.
pub(crate) const COUNTRIES: [Country; 3] = [
    Country {
        iso: "US",
        name: "United States",
        kinds: &[(NumberKind::Local, "1.15"), (NumberKind::TollFree, "2.15")],
    },
    Country {
        iso: "CA",
        name: "Canada",
        kinds: &[(NumberKind::Local, "1.15"), (NumberKind::TollFree, "2.15")],
    },
    Country {
        iso: "GB",
        name: "United Kingdom",
        kinds: &[
            (NumberKind::Local, "1.15"),
            (NumberKind::TollFree, "2.15"),
            (NumberKind::Mobile, "1.15"),
        ],
    },
];

/// The country with this code.
pub(crate) fn country(iso: &str) -> Option<&'static Country> {
    COUNTRIES
        .iter()
        .find(|country| country.iso.eq_ignore_ascii_case(iso))
}

/// Area codes that are looked through when none is asked for, and those with a name.
const PLACES: [(&str, &str, &str, &str); 11] = [
    ("415", "San Francisco", "CA", "US"),
    ("628", "San Francisco", "CA", "US"),
    ("650", "San Mateo", "CA", "US"),
    ("212", "New York", "NY", "US"),
    ("312", "Chicago", "IL", "US"),
    ("503", "Portland", "OR", "US"),
    ("206", "Seattle", "WA", "US"),
    ("512", "Austin", "TX", "US"),
    ("416", "Toronto", "ON", "CA"),
    ("514", "Montreal", "QC", "CA"),
    ("604", "Vancouver", "BC", "CA"),
];
/// Toll-free area codes of the North American plan.
const TOLL_FREE: [&str; 7] = ["833", "844", "855", "866", "877", "888", "800"];
/// What follows a North American area code: the exchange and the part of it that is kept free for
/// fiction, so that no number of the simulator is anybody's.
const FICTION: &str = "55501";
/// The same in the United Kingdom: numbers that Ofcom keeps free for drama.
const BRITISH: [(&str, NumberKind); 3] = [
    ("+442079460", NumberKind::Local),
    ("+448081570", NumberKind::TollFree),
    ("+447700900", NumberKind::Mobile),
];

/// A number that is for sale unless somebody has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NumberOffer {
    /// E.164.
    pub phone_number: String,
    pub kind: NumberKind,
    pub country: &'static str,
    pub locality: Option<&'static str>,
    pub region: Option<&'static str>,
    pub capabilities: Capabilities,
    /// Twilio's word: `none` or `any`.
    pub address_requirements: &'static str,
}

impl NumberOffer {
    /// The offer behind a number; `None` for one that Twilio does not have.
    pub fn of(phone_number: &str) -> Option<Self> {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if let Some((prefix, kind)) = BRITISH
            .into_iter()
            .find(|(prefix, _)| phone_number.starts_with(prefix))
        {
            let rest = &phone_number[prefix.len()..];
            return (rest.len() == 3 && digits(rest)).then(|| Self::british(phone_number, kind));
        }
        let national = phone_number.strip_prefix("+1")?;
        let (area, rest) = national.split_at_checked(3)?;
        let last = rest.strip_prefix(FICTION)?;
        (digits(area) && digits(last) && last.len() == 2 && is_area_code(area))
            .then(|| Self::north_american(area, last))
    }

    /// Every offer of a kind in a country, in an order that is always the same.
    pub fn all(country: &str, kind: NumberKind, area_code: Option<&str>) -> Vec<Self> {
        // 37 has no factor in common with 100, so that every number comes once.
        let shuffled = |count: u32| (0..count).map(move |n| n * 37 % count);
        match (country, kind) {
            ("GB", _) => BRITISH
                .into_iter()
                .filter(|(_, of)| *of == kind && area_code.is_none())
                .flat_map(|(prefix, _)| {
                    shuffled(1_000).map(move |n| Self::british(&format!("{prefix}{n:03}"), kind))
                })
                .collect(),
            (_, NumberKind::Mobile) => Vec::new(),
            _ => {
                let areas: Vec<&str> = match area_code {
                    Some(area) => vec![area],
                    None if kind == NumberKind::TollFree => TOLL_FREE.to_vec(),
                    None => PLACES.iter().map(|(area, ..)| *area).collect(),
                };
                areas
                    .into_iter()
                    .filter(|area| is_area_code(area))
                    .flat_map(|area| {
                        shuffled(100).map(move |n| Self::north_american(area, &format!("{n:02}")))
                    })
                    // Toll-free numbers are those of the whole North American plan.
                    .filter(|offer| {
                        offer.kind == kind
                            && (kind == NumberKind::TollFree || offer.country == country)
                    })
                    .collect()
            }
        }
    }

    fn north_american(area: &str, last: &str) -> Self {
        let n: u32 = last.parse().unwrap_or_default();
        let place = PLACES.iter().find(|(code, ..)| *code == area);
        let kind = if TOLL_FREE.contains(&area) {
            NumberKind::TollFree
        } else {
            NumberKind::Local
        };
        Self {
            phone_number: format!("+1{area}{FICTION}{last}"),
            kind,
            country: place.map_or("US", |place| place.3),
            locality: place.map(|place| place.1),
            region: place.map(|place| place.2),
            // So that a search for a capability has something to leave out.
            capabilities: Capabilities {
                voice: n % 10 != 7,
                sms: n % 20 != 13,
                mms: n % 20 != 13 && n % 3 != 2,
                fax: false,
            },
            address_requirements: "none",
        }
    }

    fn british(phone_number: &str, kind: NumberKind) -> Self {
        Self {
            phone_number: phone_number.to_owned(),
            kind,
            country: "GB",
            locality: (kind == NumberKind::Local).then_some("London"),
            region: None,
            capabilities: Capabilities {
                voice: true,
                sms: kind == NumberKind::Mobile,
                mms: false,
                fax: false,
            },
            address_requirements: match kind {
                NumberKind::Local => "any",
                NumberKind::TollFree | NumberKind::Mobile => "none",
            },
        }
    }
}

/// An area code of the North American plan: no 0 or 1 in front, no 9 in the middle, not N11.
fn is_area_code(area: &str) -> bool {
    let bytes = area.as_bytes();
    bytes.len() == 3
        && bytes.iter().all(u8::is_ascii_digit)
        && !matches!(bytes[0], b'0' | b'1')
        && bytes[1] != b'9'
        && !area.ends_with("11")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_listed_is_what_can_be_bought() {
        for (country, kind, area) in [
            ("US", NumberKind::Local, Some("415")),
            ("US", NumberKind::TollFree, None),
            ("CA", NumberKind::Local, None),
            ("GB", NumberKind::Mobile, None),
        ] {
            let offers = NumberOffer::all(country, kind, area);
            assert!(offers.len() >= 100, "{country} {kind:?}");
            for offer in offers {
                assert_eq!(NumberOffer::of(&offer.phone_number).as_ref(), Some(&offer));
            }
        }
    }

    #[test]
    fn a_number_that_is_no_fiction_is_not_for_sale() {
        for number in [
            "+14152345678",
            "+19115550123",
            "+1415555012",
            "+4915112345678",
            "",
        ] {
            assert_eq!(NumberOffer::of(number), None, "{number}");
        }
        assert!(NumberOffer::all("US", NumberKind::Local, Some("911")).is_empty());
        assert!(NumberOffer::all("US", NumberKind::Local, Some("416")).is_empty());
    }
}
