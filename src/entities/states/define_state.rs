/// The text is none of an enum's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} is one of: {}; not {word:?}", words.join(", "))]
pub struct UnknownWord {
    /// With its article, as in "a role".
    pub what: &'static str,
    pub words: &'static [&'static str],
    pub word: String,
}

/// An enum whose words are the same in JSON, in the database and in texts, written down once:
/// `what` it is for errors, then the values with their words. On the server it is a column of text.
macro_rules! define_state {
    (
        what: $what:literal;
        $(#[$meta:meta])*
        $name:ident { $($rest:tt)* }
    ) => {
        crate::entities::states::define_state::define_words! {
            what: $what;
            $(#[$meta])*
            $name { $($rest)* }
        }

        impl std::str::FromStr for $name {
            type Err = crate::entities::states::UnknownWord;

            fn from_str(raw: &str) -> Result<Self, Self::Err> {
                Self::of_word(raw)
            }
        }
    };
}

/// The same for an enum that is read from texts by rules of its own.
macro_rules! define_words {
    (
        what: $what:literal;
        $(#[$meta:meta])*
        $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }
    ) => {
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
        )]
        #[cfg_attr(feature = "server", derive(sea_orm::DeriveValueType))]
        #[cfg_attr(feature = "server", sea_orm(value_type = "String"))]
        $(#[$meta])*
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $word)] $variant,)+
        }

        crate::entities::states::define_state::name_words! {
            what: $what; $name { $($variant = $word,)+ }
        }
    };
}

/// The words of an enum that is written down by itself.
macro_rules! name_words {
    (what: $what:literal; $name:ident { $($variant:ident = $word:literal,)+ }) => {
        impl $name {
            /// All values, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word in the database.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            fn of_word(raw: &str) -> Result<Self, crate::entities::states::UnknownWord> {
                match raw {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(crate::entities::states::UnknownWord {
                        what: $what,
                        words: &[$($word),+],
                        word: raw.to_owned(),
                    }),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(super) use {define_state, define_words, name_words};
