use super::DemoLogin;
use loquent::entities::states::Role;

/// Somebody who works for the demo organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DemoUser {
    Priya,
    Noor,
    Tomas,
}

impl DemoUser {
    /// All of them, the admin first.
    pub const ALL: [Self; 3] = [Self::Priya, Self::Noor, Self::Tomas];

    /// First and last name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Priya => "Priya Raman",
            Self::Noor => "Noor Haddad",
            Self::Tomas => "Tomas Vega",
        }
    }

    /// What the person may do.
    pub fn role(self) -> Role {
        match self {
            Self::Priya => Role::Admin,
            Self::Noor | Self::Tomas => Role::Agent,
        }
    }

    /// What the person signs in with. `.example` is reserved (RFC 2606): nobody has these addresses.
    pub fn login(self) -> DemoLogin {
        let (email, password) = match self {
            Self::Priya => ("priya@alder.example", "copper-kettle-2217"),
            Self::Noor => ("noor@alder.example", "quiet-radiator-4106"),
            Self::Tomas => ("tomas@alder.example", "steady-boiler-7731"),
        };
        DemoLogin {
            role: self.role().as_str(),
            email,
            password,
        }
    }
}
