//! The queue keeps up.

use std::time::Duration;

use chrono::Utc;
use futures::{StreamExt, stream};
use loquent::{
    bases::ids::{PhoneNumberId, UserId},
    entities::{position::Position, states::Role},
    mods::{
        auth::types::CurrentUser,
        messaging::{services::send_message_service, types::SendMessageIn},
    },
};

use crate::support::{CUSTOMER, World, eventually, eventually_within};

const TEXTS: usize = 1_000;
/// One job for each wake-up, which is the library's default, is 8 jobs/s: two minutes.
const LIMIT: Duration = Duration::from_secs(100);

#[tokio::test]
async fn a_backlog_of_a_thousand_texts_is_processed_in_a_bounded_time() {
    let mut world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let me = agent.get("/api/auth/me").await.ok();
    let user = CurrentUser {
        id: UserId(me["id"].as_str().expect("an id").parse().expect("an id")),
        name: "Dana Whitfield".to_owned(),
        email: agent.email.clone(),
        role: Role::Agent,
        organization_id: organization.id,
        organization_name: "Alder Home".to_owned(),
    };
    world.server.ask_to_stop();
    assert!(world.server.ended_well().await);
    let send = |n: usize| {
        let text = SendMessageIn {
            contact_id: None,
            to: Some(CUSTOMER.to_owned()),
            body: format!("Text {n}"),
            phone_number_id: PhoneNumberId(organization.number_id),
            client_key: None,
        };
        let shared = Some(world.account.sid.as_str());
        send_message_service(
            &world.db,
            shared,
            &user,
            text,
            Position::default(),
            Utc::now(),
        )
    };
    stream::iter(0..TEXTS)
        .map(send)
        .buffer_unordered(4)
        .for_each(async |sent| drop(sent.expect("it is accepted")))
        .await;
    assert_eq!(world.front().calls().creates, 0);

    world.server.start_again().await;
    eventually_within(LIMIT, "all texts are handed over", async || {
        let left = "SELECT count(*) FROM message WHERE external_id IS NULL";
        (world.rows.count(left).await == 0).then_some(())
    })
    .await;
    assert_eq!(world.front().calls().creates, TEXTS);
    assert_eq!(world.simulator().messages(&world.account.sid).len(), TEXTS);
}

/// Jobs in groups of one to five, due one group after the other.
const BECOME_DUE: &str = "
SELECT graphile_worker.add_job(
    identifier => 'send_message',
    payload => json_build_object(
        'organization_id', gen_random_uuid(), 'message_id', gen_random_uuid(),
        'attempt', 1, 'tries', 0),
    run_at => now() + n * interval '50 milliseconds' + k * interval '2 milliseconds')
FROM generate_series(1, 60) n CROSS JOIN LATERAL generate_series(0, n % 5) k
";

#[tokio::test]
async fn jobs_that_become_due_while_nothing_new_comes_are_all_begun() {
    let world = World::with_twilio().await;
    world.rows.execute(BECOME_DUE).await;
    eventually("no job waits", async || {
        let waiting = "SELECT count(*) FROM graphile_worker._private_jobs";
        (world.rows.count(waiting).await == 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn what_is_old_and_of_no_interest_is_removed() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let insert = "INSERT INTO twilio_reconciliation
            (id, organization_id, phone_number_id, state, since, missing, started_at)
        SELECT gen_random_uuid(), $1, $2, state, current_date, missing, now() - days * interval '1 day'
        FROM (VALUES ('done', 0, 90), ('done', 2, 80), ('failed', 0, 70), ('done', 0, 60),
                     ('failed', 0, 50), ('failed', 0, 1)) AS r (state, missing, days)";
    sqlx::query(insert)
        .bind(organization.id.0)
        .bind(organization.number_id)
        .execute(&world.rows.0)
        .await
        .expect("reconciliations");
    world
        .rows
        .execute(
            "INSERT INTO twilio_event (account_sid, event_id, event_type, payload, state, received_at)
             SELECT 'AC', state || days, 'a', '{}', state, now() - days * interval '1 day'
             FROM (VALUES ('processed', 40), ('ignored', 40), ('parked', 40), ('processed', 20))
                 AS e (state, days)",
        )
        .await;
    world
        .rows
        .execute(
            "SELECT graphile_worker.add_job('clean_up_twilio_events', 'null'),
                    graphile_worker.add_job('clean_up_reconciliations', 'null')",
        )
        .await;
    eventually("they have run", async || {
        let waiting = "SELECT count(*) FROM graphile_worker._private_jobs";
        (world.rows.count(waiting).await == 0).then_some(())
    })
    .await;
    let kept: Vec<(String, i64)> =
        sqlx::query_as("SELECT state, missing FROM twilio_reconciliation ORDER BY started_at")
            .fetch_all(&world.rows.0)
            .await
            .expect("reconciliations");
    // One that found something, the last that succeeded, and what came after it.
    let expected = [("done", 2), ("done", 0), ("failed", 0), ("failed", 0)];
    assert_eq!(kept, expected.map(|(state, n)| (state.to_owned(), n)));
    let states = world.rows.event_states().await;
    assert_eq!(
        states,
        [("parked".to_owned(), 1), ("processed".to_owned(), 1)].into()
    );
}

#[tokio::test]
async fn old_events_are_removed_behind_many_that_stay() {
    let world = World::with_twilio().await;
    // More that stay than one statement looks at, then an old one, and then young ones.
    world
        .rows
        .execute(
            "INSERT INTO twilio_event (account_sid, event_id, event_type, payload, state, received_at)
             SELECT 'AC', n::text, 'a', '{}',
                    CASE WHEN n <= 12000 THEN 'parked' ELSE 'processed' END,
                    now() - CASE WHEN n <= 12001 THEN 40 ELSE 1 END * interval '1 day'
             FROM generate_series(1, 40000) n ORDER BY n",
        )
        .await;
    world
        .rows
        .execute("SELECT graphile_worker.add_job('clean_up_twilio_events', 'null')")
        .await;
    eventually("it has run", async || {
        let waiting = "SELECT count(*) FROM graphile_worker._private_jobs";
        (world.rows.count(waiting).await == 0).then_some(())
    })
    .await;
    let states = world.rows.event_states().await;
    assert_eq!(
        states,
        [
            ("parked".to_owned(), 12_000),
            ("processed".to_owned(), 27_999)
        ]
        .into()
    );
}
