//! Set-based SQL: one call for a statement, and arrays for `unnest`.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, QueryResult, Statement, Value};

/// All rows of a statement, `$1` being the first value.
pub async fn rows<T: FromQueryResult>(
    conn: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<T>, DbErr> {
    T::find_by_statement(statement(conn, sql, values))
        .all(conn)
        .await
}

/// The first row of a statement.
pub async fn row<T: FromQueryResult>(
    conn: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> Result<Option<T>, DbErr> {
    T::find_by_statement(statement(conn, sql, values))
        .one(conn)
        .await
}

/// The first row of a statement, whatever its columns are.
pub async fn first(
    conn: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> Result<Option<QueryResult>, DbErr> {
    conn.query_one_raw(statement(conn, sql, values)).await
}

/// Runs a statement; returns the number of rows that it changed.
pub async fn run(
    conn: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64, DbErr> {
    let done = conn.execute_raw(statement(conn, sql, values)).await?;
    Ok(done.rows_affected())
}

fn statement(
    conn: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    Statement::from_sql_and_values(conn.get_database_backend(), sql, values)
}

/// An array for `unnest`, with one value of each row.
pub fn column<'a, T, V>(rows: &'a [T], value: impl Fn(&'a T) -> V) -> Value
where
    Vec<V>: Into<Value>,
{
    rows.iter().map(value).collect::<Vec<V>>().into()
}

/// The same with values that may be missing: see [`nullable_array`].
pub fn nullable_column<'a, T, V: ToString>(
    rows: &'a [T],
    value: impl Fn(&'a T) -> Option<V>,
) -> Value {
    nullable_array(rows.iter().map(value))
}

/// An array that may hold nulls, as Postgres' array literal: for `unnest($1::text::int[])` and the
/// like. The library can bind only arrays without nulls.
pub fn nullable_array<T: ToString>(values: impl IntoIterator<Item = Option<T>>) -> Value {
    let mut literal = String::from("{");
    for (place, value) in values.into_iter().enumerate() {
        if place > 0 {
            literal.push(',');
        }
        match value {
            None => literal.push_str("NULL"),
            Some(value) => push_quoted(&mut literal, &value.to_string()),
        }
    }
    literal.push('}');
    literal.into()
}

fn push_quoted(literal: &mut String, text: &str) {
    literal.push('"');
    for piece in text.split_inclusive(['"', '\\']) {
        match piece.strip_suffix(['"', '\\']) {
            None => literal.push_str(piece),
            Some(before) => {
                literal.push_str(before);
                literal.push('\\');
                literal.push_str(&piece[before.len()..]);
            }
        }
    }
    literal.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nulls_quotes_and_backslashes_survive() {
        let texts = [Some(r#"a "b" \ {c}, NULL"#), None, Some("")];
        let expected: Value = r#"{"a \"b\" \\ {c}, NULL",NULL,""}"#.into();
        assert_eq!(nullable_array(texts), expected);
        assert_eq!(
            nullable_array([Some(1), None]),
            Value::from(r#"{"1",NULL}"#)
        );
        assert_eq!(nullable_array(Vec::<Option<i32>>::new()), Value::from("{}"));
    }
}
