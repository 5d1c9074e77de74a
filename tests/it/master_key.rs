//! The master key: a wrong one is refused, a missing one is not made up, and it can be changed.

use std::fs;

use loquent::{bases::secrets::MasterKey, entities::states::Role};
use serde_json::json;

use crate::support::{
    Agent, MAIN_LINE, MASTER_KEY, Organization, Server, ServerSettings, TestDatabase,
    TwilioAccount, World,
};

const OTHER_KEY: &str = "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100";
const THIRD_KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const KEY: &str = "LOQUENT_MASTER_KEY";
const SECOND: &str = "LOQUENT_MASTER_KEY_SECOND";
/// For a second server beside the one that runs; any free port.
const ANY_PORT: (&str, &str) = ("PORT", "0");
const USER: [&str; 4] = ["user", "sign-out", "--email", "nobody@example.com"];

/// A world with an organization that brings its account, and the account.
async fn with_own_account() -> (World, Organization, TwilioAccount) {
    let world = World::start().await;
    let account = TwilioAccount::new();
    let organization = world.organization_of(&account, MAIN_LINE, true).await;
    (world, organization, account)
}

/// Whether the server takes the account's events, so has its token.
async fn takes_events(world: &World, organization: &Organization) -> bool {
    let event = json!([world.text(organization, "Hello").json()]);
    organization.account.post(&world.server.url, &event).await == 200
}

#[tokio::test]
async fn a_key_that_does_not_open_what_is_sealed_stops_the_start_and_commands() {
    let (world, organization, _) = with_own_account().await;
    for command in [&["serve"][..], &USER] {
        let said = world
            .server
            .run_refused(command, "", &[ANY_PORT, (KEY, OTHER_KEY)]);
        assert!(
            said.contains("does not open what is sealed"),
            "{command:?}: {said}"
        );
    }
    let said = world.server.run_refused(&USER, "", &[(KEY, MASTER_KEY)]);
    assert!(
        said.contains("user was not found"),
        "the right one is taken: {said}"
    );
    assert!(takes_events(&world, &organization).await);
}

#[tokio::test]
async fn no_key_is_made_where_something_is_sealed() {
    let (world, _, _) = with_own_account().await;
    let empty = tempfile::tempdir().expect("a directory");
    let path = empty.path().to_str().expect("text");
    for command in [&["serve"][..], &USER] {
        let without = [ANY_PORT, (KEY, ""), ("LOQUENT_DATA_DIR", path)];
        let said = world.server.run_refused(command, "", &without);
        assert!(
            said.contains("there is no master key"),
            "{command:?}: {said}"
        );
    }
    assert_eq!(fs::read_dir(empty.path()).expect("it is there").count(), 0);
}

#[tokio::test]
async fn a_database_of_before_the_check_takes_the_key_that_opens_its_secrets_and_no_other() {
    let (mut world, organization, _) = with_own_account().await;
    world.rows.execute("DELETE FROM master_key_check").await;
    let said = world
        .server
        .run_refused(&["serve"], "", &[ANY_PORT, (KEY, OTHER_KEY)]);
    assert!(said.contains("does not open what is sealed"), "{said}");
    assert_eq!(
        world
            .rows
            .count("SELECT count(*) FROM master_key_check")
            .await,
        0
    );
    world.server.start_again().await;
    assert_eq!(
        world
            .rows
            .count("SELECT count(*) FROM master_key_check")
            .await,
        1
    );
    assert!(takes_events(&world, &organization).await);
}

#[tokio::test]
async fn nothing_is_sealed_yet_and_another_nodes_key_is_refused_all_the_same() {
    let world = World::start().await;
    let said = world
        .server
        .run_refused(&["serve"], "", &[ANY_PORT, (KEY, OTHER_KEY)]);
    assert!(said.contains("does not open what is sealed"), "{said}");
}

#[tokio::test]
async fn a_command_makes_no_key() {
    let database = TestDatabase::create().await;
    let settings = ServerSettings::new(Some(database.url.clone()), TwilioAccount::new());
    let mut server = Server::start(settings).await;
    server.kill();
    let empty = tempfile::tempdir().expect("a directory");
    let path = empty.path().to_str().expect("text");
    let mut command = server.command(&["org", "create", "--name", "Alder Home"]);
    command.env(KEY, "").env("LOQUENT_DATA_DIR", path);
    // The key of the server that ran is in use, so none would be another one.
    assert!(!command.output().expect("it runs").status.success());
    sqlx::query("DELETE FROM master_key_check")
        .execute(
            &sqlx::PgPool::connect(&database.url)
                .await
                .expect("it answers"),
        )
        .await
        .expect("it is deleted");
    let mut command = server.command(&["org", "create", "--name", "Alder Home"]);
    command.env(KEY, "").env("LOQUENT_DATA_DIR", path);
    assert!(command.output().expect("it runs").status.success());
    assert_eq!(fs::read_dir(empty.path()).expect("it is there").count(), 0);
}

#[tokio::test]
async fn a_key_is_rotated_node_by_node_and_the_old_one_is_refused_afterwards() {
    let (mut world, organization, _) = with_own_account().await;
    let settings = ServerSettings::new(Some(world.database.url.clone()), world.account.clone());
    let mut other = Server::start(settings).await;
    // Every node takes the new key, then seals with it, then one command seals the rest.
    for (key, second) in [(MASTER_KEY, OTHER_KEY), (OTHER_KEY, MASTER_KEY)] {
        for node in [&mut world.server, &mut other] {
            node.start_again_with(&[(KEY, key), (SECOND, second)]).await;
        }
        assert!(takes_events(&world, &organization).await);
    }
    let said = world
        .server
        .run_refused(&["key", "rotate"], "", &[(SECOND, "")]);
    assert!(said.contains("does not open what is sealed"), "{said}");
    let said = world.server.run_command(&["key", "rotate"], "");
    assert_eq!(said, "sealed again: 1");
    assert_eq!(
        world.server.run_command(&["key", "rotate"], ""),
        "sealed again: 0"
    );
    assert!(takes_events(&world, &organization).await);
    world.server.start_again_with(&[(SECOND, "")]).await;
    assert!(takes_events(&world, &organization).await);
    let said = world
        .server
        .run_refused(&["serve"], "", &[ANY_PORT, (KEY, MASTER_KEY)]);
    assert!(said.contains("does not open what is sealed"), "{said}");
}

#[tokio::test]
async fn a_rotation_that_was_ended_in_the_middle_goes_on_and_both_keys_are_needed_till_then() {
    let (mut world, organization, account) = with_own_account().await;
    // A second token of a rotation at Twilio.
    let mut newer = account;
    newer.token = "0".repeat(32);
    world.connect_account(&organization, &newer).await;
    let both = [(KEY, OTHER_KEY), (SECOND, MASTER_KEY)];
    world.server.start_again_with(&both).await;
    // As if it had been ended between the two: one of them is sealed again.
    let key = MasterKey::load(Some(OTHER_KEY.to_owned()), None, "nowhere".as_ref()).expect("a key");
    let sealed = key.seal(organization.id.0, &newer.token.clone().into());
    sqlx::query("UPDATE organization SET twilio_auth_token = $1")
        .bind(sealed)
        .execute(&world.rows.0)
        .await
        .expect("it is stored");
    for key in [MASTER_KEY, OTHER_KEY] {
        let said = world
            .server
            .run_refused(&["serve"], "", &[ANY_PORT, (KEY, key), (SECOND, "")]);
        assert!(said.contains("does not open what is sealed"), "{said}");
    }
    assert_eq!(
        world.server.run_command(&["key", "rotate"], ""),
        "sealed again: 1"
    );
    world.server.start_again_with(&[(SECOND, "")]).await;
    assert!(
        takes_events(&world, &organization).await,
        "the previous token"
    );
}

#[tokio::test]
async fn a_lost_key_is_given_up_by_a_command_only() {
    let (mut world, organization, _) = with_own_account().await;
    let (email, password) = world.user(&organization, Role::Admin).await;
    world.server.kill();
    let empty = tempfile::tempdir().expect("a directory");
    let path = empty.path().to_str().expect("text");
    let without = [(KEY, ""), ("LOQUENT_DATA_DIR", path)];
    let said = world
        .server
        .run_refused(&["key", "forget", "--yes"], "", &without);
    assert!(said.contains("there is no master key"), "{said}");
    let said = world
        .server
        .run_refused(&["key", "forget", "--all"], "", &without);
    assert!(said.contains("with --yes"), "{said}");
    let said = world
        .server
        .run_refused(&["key", "forget"], "", &[(KEY, THIRD_KEY)]);
    assert!(said.contains("with --yes"), "{said}");
    let kept = "SELECT count(*) FROM organization WHERE twilio_auth_token IS NOT NULL";
    assert_eq!(world.rows.count(kept).await, 1, "nothing is lost yet");
    let mut forget = world.server.command(&["key", "forget", "--yes"]);
    let output = forget.env(KEY, THIRD_KEY).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let id = organization.id;
    assert_eq!(
        said,
        format!("{id}\norganizations that have to connect again: 1")
    );
    world.server.start_again_with(&[(KEY, THIRD_KEY)]).await;
    let mut admin = Agent::signed_out(&world.server.url);
    admin.log_in(&email, &password).await.ok();
    let connection = admin.get("/api/twilio/connection").await.ok();
    assert_eq!(
        connection["mode"], "own_without_credentials",
        "{connection}"
    );
}
