use std::time::Instant;

use anyhow::Result;

use crate::database::Database;

/// LIKE does not take them over.
const FOREIGN_KEYS: &str = "
DO $$
DECLARE definition text;
BEGIN
    FOR definition IN SELECT pg_get_constraintdef(oid) FROM pg_constraint
        WHERE conrelid = 'message'::regclass AND contype = 'f'
    LOOP
        EXECUTE 'ALTER TABLE bench_message ADD ' || definition;
    END LOOP;
END $$";

/// Whether the copy has the foreign keys of the messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ForeignKeys {
    Kept,
    LeftOut,
}

/// Seconds of COPY of all messages into a table like theirs.
///
/// # Errors
/// When the database refuses.
pub(super) fn copy_seconds(database: &Database<'_>, keys: ForeignKeys) -> Result<f64> {
    let file = "loquent_bench_message.copy";
    database.run(&format!("COPY message TO PROGRAM 'cat > {file}'"))?;
    database.run("CREATE TABLE bench_message (LIKE message INCLUDING ALL)")?;
    if keys == ForeignKeys::Kept {
        database.run(FOREIGN_KEYS)?;
    }
    let begun = Instant::now();
    database.run(&format!("COPY bench_message FROM PROGRAM 'cat {file}'"))?;
    let seconds = begun.elapsed().as_secs_f64();
    database.run("DROP TABLE bench_message")?;
    Ok(seconds)
}
