use serde::{Deserialize, Serialize};

use crate::{bases::e164::E164, twilio::NumberCapabilities};

/// The kinds of numbers that Twilio sells and that this API searches: a part of the path
/// `AvailablePhoneNumbers/{ISO}/{kind}.json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberKind {
    #[default]
    Local,
    TollFree,
    Mobile,
}

impl NumberKind {
    /// Twilio's spelling in the path.
    pub fn path_name(self) -> &'static str {
        match self {
            Self::Local => "Local",
            Self::TollFree => "TollFree",
            Self::Mobile => "Mobile",
        }
    }

    /// Twilio's spelling in price lists.
    pub fn price_name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::TollFree => "toll free",
            Self::Mobile => "mobile",
        }
    }
}

/// What to look for: the body of `POST /api/twilio/search-available-numbers`.
///
/// With nothing but `area_code` it is the search for US local numbers that the product's
/// documentation describes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchAvailableNumbersIn {
    /// ISO 3166-1, two letters; `US` unless given.
    #[serde(default = "united_states")]
    pub country: String,
    #[serde(default)]
    pub kind: NumberKind,
    /// Three digits; only in the US and Canada.
    #[serde(default)]
    pub area_code: Option<String>,
    /// A part of the number: 2 to 16 digits, letters of a phone's keypad, or `*` for any digit.
    #[serde(default)]
    pub contains: Option<String>,
    /// Only numbers that can do at least this.
    #[serde(default)]
    pub needs: NumberCapabilities,
}

impl Default for SearchAvailableNumbersIn {
    fn default() -> Self {
        Self {
            country: united_states(),
            kind: NumberKind::default(),
            area_code: None,
            contains: None,
            needs: NumberCapabilities::default(),
        }
    }
}

fn united_states() -> String {
    "US".to_owned()
}

/// A number that can be bought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AvailableNumber {
    pub number: E164,
    /// The number for a person to read.
    pub shown: String,
    /// The city, for example "San Francisco".
    pub locality: Option<String>,
    /// The state or province, for example "CA".
    pub region: Option<String>,
    /// ISO 3166-1, two letters.
    pub country: String,
    pub capabilities: NumberCapabilities,
    /// Twilio sells it only to who has an address on file; buying it here would be refused.
    pub needs_address: bool,
}

/// What a search found, in Twilio's order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AvailableNumbers {
    pub numbers: Vec<AvailableNumber>,
    /// What each of them costs, if Twilio told us.
    pub monthly_price: Option<MonthlyPrice>,
}

/// What Twilio charges for a number each month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthlyPrice {
    /// A decimal number as Twilio writes it, for example `1.15`.
    pub amount: String,
    /// ISO 4217, in capitals.
    pub currency: String,
}

impl MonthlyPrice {
    /// For a person: `$1.15`, or `1.15 EUR`.
    pub fn display(&self) -> String {
        match self.currency.as_str() {
            "USD" => format!("${}", self.amount),
            currency => format!("{} {currency}", self.amount),
        }
    }
}
