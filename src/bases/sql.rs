//! Values for set-based SQL.

use sea_orm::{Value, sea_query::ValueType};

/// A Postgres array that may hold nulls, for `unnest($1::text[])` and the like; the library
/// converts only arrays without.
pub fn nullable_array<T>(values: impl IntoIterator<Item = Option<T>>) -> Value
where
    T: ValueType,
    Option<T>: Into<Value>,
{
    let values: Vec<Value> = values.into_iter().map(Into::into).collect();
    Value::Array(T::array_type(), Some(Box::new(values)))
}
