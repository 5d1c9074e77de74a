//! Two admins at once change an account one after the other, whatever becomes of connections.

use serde_json::json;
use sqlx::Executor;

use crate::support::{Agent, World, eventually};

/// Sets up event forwarding.
const SET_UP: &str = "/api/twilio/setup-event-sink";

async fn two_admins() -> (World, [Agent; 2]) {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let admins = [
        world.admin(&organization).await,
        world.admin(&organization).await,
    ];
    (world, admins)
}

async fn set_up(admin: Agent) -> u16 {
    admin.post(SET_UP, &json!({})).await.status
}

/// Waits until so many of the server's connections wait for somebody.
async fn waiting(world: &World, connections: i64) {
    let waiting = "SELECT count(DISTINCT l.pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
                   WHERE NOT l.granted AND a.datname = current_database()";
    eventually("they wait", async || {
        (world.rows.count(waiting).await >= connections).then_some(())
    })
    .await;
}

#[tokio::test]
async fn two_admins_make_one_sink_although_the_connections_of_the_first_are_lost() {
    let (world, [first, second]) = two_admins().await;
    // The first has made its plan, and cannot write it down yet.
    let lock = world
        .rows
        .lock("LOCK TABLE twilio_account_change IN EXCLUSIVE MODE")
        .await;
    let first = tokio::spawn(set_up(first));
    waiting(&world, 1).await;
    // What else it may hold by a connection is lost.
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND application_name = 'loquent'
                 AND state LIKE 'idle%' AND pid NOT IN
                     (SELECT pid FROM pg_locks WHERE granted AND mode = 'ExclusiveLock'
                        AND relation = 'twilio_account_change'::regclass)";
    world.rows.0.execute(cut).await.expect("they are cut");
    let second = tokio::spawn(set_up(second));
    waiting(&world, 2).await;
    lock.rollback().await.expect("a rollback");
    let statuses = [
        first.await.expect("an answer"),
        second.await.expect("an answer"),
    ];
    assert_eq!(world.simulator().sinks().len(), 1, "{statuses:?}");
    assert_eq!(statuses, [200, 200]);
}

#[tokio::test]
async fn whoever_lost_the_account_to_somebody_else_writes_nothing_more() {
    let (world, [admin, _]) = two_admins().await;
    // It has the account, and is held up before its plan.
    let lock = world
        .rows
        .lock("LOCK TABLE twilio_account_change IN ACCESS EXCLUSIVE MODE")
        .await;
    let held_up = tokio::spawn(set_up(admin.clone()));
    waiting(&world, 1).await;
    world
        .rows
        .execute("UPDATE twilio_account_lease SET owner = gen_random_uuid()")
        .await;
    lock.rollback().await.expect("a rollback");
    assert_eq!(held_up.await.expect("an answer"), 409);
    let changes = "SELECT count(*) FROM twilio_account_change";
    assert_eq!(world.rows.count(changes).await, 0);
    assert_eq!(world.simulator().sinks().len(), 0);
    world.rows.execute("DELETE FROM twilio_account_lease").await;
    assert_eq!(set_up(admin).await, 200);
}

#[tokio::test]
async fn an_account_that_a_dead_node_held_is_free_soon() {
    let (world, [admin, _]) = two_admins().await;
    sqlx::query(
        "INSERT INTO twilio_account_lease VALUES ($1, gen_random_uuid(), now() + interval '2 seconds')",
    )
    .bind(&world.account.sid)
    .execute(&world.rows.0)
    .await
    .expect("a lease");
    admin.post(SET_UP, &json!({})).await.ok();
    eventually("it is given free", async || {
        let held = "SELECT count(*) FROM twilio_account_lease";
        (world.rows.count(held).await == 0).then_some(())
    })
    .await;
}
