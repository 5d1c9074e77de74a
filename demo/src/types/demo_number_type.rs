/// A number of the demo organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DemoNumber {
    Main,
    Dispatch,
    TollFree,
}

impl DemoNumber {
    /// All of them, in the order in which the organization got them.
    pub const ALL: [Self; 3] = [Self::Main, Self::Dispatch, Self::TollFree];

    /// The number in E.164.
    pub fn number(self) -> &'static str {
        match self {
            Self::Main => "+14155550134",
            Self::Dispatch => "+14155550187",
            Self::TollFree => "+18335550142",
        }
    }

    /// What the organization calls it.
    pub fn friendly_name(self) -> &'static str {
        match self {
            Self::Main => "Main line",
            Self::Dispatch => "Dispatch",
            Self::TollFree => "Toll-free",
        }
    }
}
