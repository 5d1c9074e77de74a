//! Whose a session is, so that all of a person's can be ended; and a number that goes up whenever
//! they are, so that a sign-in that was under way meanwhile makes none that lives on.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

// Not `NOT NULL`: the version before goes on inserting rows without it, which this one does not
// take for sessions.
const UP: &str = r#"
ALTER TABLE "user" ADD COLUMN session_epoch integer NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN user_id uuid REFERENCES "user" (id) ON DELETE CASCADE;
UPDATE session SET user_id = "user".id FROM "user" WHERE "user".id::text = session.data ->> 'user_id';
DELETE FROM session WHERE user_id IS NULL;
CREATE INDEX session_of_user ON session (user_id);
"#;

const DOWN: &str = r#"
ALTER TABLE session DROP COLUMN user_id;
ALTER TABLE "user" DROP COLUMN session_epoch;
"#;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .get_connection()
            .execute_unprepared(UP)
            .await
            .map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .get_connection()
            .execute_unprepared(DOWN)
            .await
            .map(drop)
    }
}
