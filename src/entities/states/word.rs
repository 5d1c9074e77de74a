use std::{fmt, panic::Location, str::FromStr};

use sea_orm::{
    ColIdx, QueryResult, TryGetError, TryGetable, Value,
    sea_query::{ArrayType, ColumnType, StringLen, ValueType, ValueTypeErr, postgres_array::NotU8},
};

use crate::bases::error::AppError;

/// A word of a column. A newer node may have written one that this program does not know: the row
/// can be read all the same, and only what needs the word fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word<T> {
    Known(T),
    Unknown(String),
}

impl<T: Copy> Word<T> {
    /// What the word says; an unknown one is an [`AppError::Internal`].
    #[track_caller]
    pub fn known(&self) -> Result<T, AppError> {
        match self {
            Self::Known(value) => Ok(*value),
            Self::Unknown(word) => {
                let at = Location::caller();
                tracing::error!(%word, %at, "the database holds a word that the program does not know");
                Err(AppError::Internal)
            }
        }
    }

    /// The same, with a value for unknown words.
    pub fn known_or(&self, value: T) -> T {
        match self {
            Self::Known(known) => *known,
            Self::Unknown(_) => value,
        }
    }
}

impl<T: FromStr> Word<T> {
    fn read(raw: String) -> Self {
        raw.parse().map_or(Self::Unknown(raw), Self::Known)
    }
}

impl<T: PartialEq> PartialEq<T> for Word<T> {
    fn eq(&self, other: &T) -> bool {
        matches!(self, Self::Known(value) if value == other)
    }
}

impl<T> From<T> for Word<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl<T: fmt::Display> fmt::Display for Word<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(value) => value.fmt(f),
            Self::Unknown(word) => f.write_str(word),
        }
    }
}

impl<T: Into<Value>> From<Word<T>> for Value {
    fn from(word: Word<T>) -> Self {
        match word {
            Word::Known(value) => value.into(),
            Word::Unknown(word) => word.into(),
        }
    }
}

impl<T: FromStr> TryGetable for Word<T> {
    fn try_get_by<I: ColIdx>(row: &QueryResult, column: I) -> Result<Self, TryGetError> {
        String::try_get_by(row, column).map(Self::read)
    }
}

impl<T: FromStr> ValueType for Word<T> {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        <String as ValueType>::try_from(value).map(Self::read)
    }

    fn type_name() -> String {
        "Word".to_owned()
    }

    fn array_type() -> ArrayType {
        ArrayType::String
    }

    fn column_type() -> ColumnType {
        ColumnType::String(StringLen::None)
    }
}

impl<T> NotU8 for Word<T> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::states::ImportPhase;

    #[test]
    fn an_unknown_word_is_kept_and_equals_nothing() {
        let known = Word::<ImportPhase>::read("done".to_owned());
        assert!(known == ImportPhase::Done);
        assert_eq!(known.known().ok(), Some(ImportPhase::Done));
        let unknown = Word::<ImportPhase>::read("sorting".to_owned());
        assert!(unknown != ImportPhase::Done && unknown.known().is_err());
        assert_eq!(Value::from(unknown), Value::from("sorting"));
    }
}
