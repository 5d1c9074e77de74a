//! docs/TABLES.md shows the schema as it is.

use std::collections::BTreeSet;

use sqlx::PgPool;

use crate::support::TestDatabase;

const PAGE: &str = include_str!("../../docs/TABLES.md");

const TABLES: &str = "
SELECT table_name::text FROM information_schema.tables
WHERE table_schema = 'public' AND table_name <> 'seaql_migrations'
";

// As lines of the diagram.
const FOREIGN_KEYS: &str = r#"
SELECT format('%s ||--o{ %s : "%s"', parent.relname, child.relname,
    (SELECT string_agg(a.attname, ', ' ORDER BY k.place)
     FROM unnest(c.conkey) WITH ORDINALITY AS k (number, place)
     JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number))
FROM pg_constraint c
JOIN pg_class parent ON parent.oid = c.confrelid
JOIN pg_class child ON child.oid = c.conrelid
WHERE c.contype = 'f' AND child.relnamespace = 'public'::regnamespace
"#;

async fn texts(pool: &PgPool, sql: &'static str) -> BTreeSet<String> {
    let rows: Vec<String> = sqlx::query_scalar(sql)
        .fetch_all(pool)
        .await
        .expect("the catalogue can be read");
    rows.into_iter().collect()
}

/// Fails with what to add to the page and what to take out of it.
#[track_caller]
fn assert_same(what: &str, shown: &BTreeSet<String>, real: &BTreeSet<String>) {
    let missing: Vec<_> = real.difference(shown).cloned().collect();
    let extra: Vec<_> = shown.difference(real).cloned().collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "docs/TABLES.md, {what}:\nadd\n{}\n\ntake out\n{}",
        missing.join("\n"),
        extra.join("\n")
    );
}

#[tokio::test]
async fn the_page_shows_every_table_and_every_foreign_key() {
    let database = TestDatabase::create().await;
    let pool = PgPool::connect(&database.url).await.expect("it answers");

    let rows = PAGE.lines().filter_map(|line| line.strip_prefix("| `"));
    let shown = rows.filter_map(|row| Some(row.split_once('`')?.0.to_owned()));
    assert_same("tables", &shown.collect(), &texts(&pool, TABLES).await);

    let lines = PAGE.lines().map(str::trim);
    let shown = lines.filter(|line| line.contains("||--o{"));
    let shown = shown.map(str::to_owned).collect();
    assert_same("foreign keys", &shown, &texts(&pool, FOREIGN_KEYS).await);
    pool.close().await;
}
