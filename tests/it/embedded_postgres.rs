//! Without `DATABASE_URL` the server keeps a cluster of its own.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
};

use serde_json::json;

use crate::support::{Agent, Server, ServerSettings, TwilioAccount};

const PASSWORD: &str = "correct horse battery";

fn own_cluster() -> ServerSettings {
    let mut settings = ServerSettings::new(None, TwilioAccount::new());
    // An empty setting is none: the server has to make its own key.
    settings.environment = vec![("LOQUENT_MASTER_KEY", String::new())];
    settings
}

/// Makes an organization and a user on the command line, beside the running server, and signs in.
async fn first_user(server: &Server) -> Agent {
    let id = server.run_command(&["org", "create", "--name", "Alder Home"], "");
    let email = "dana@example.com";
    let create = [
        "user",
        "create",
        "--organization",
        &id,
        "--email",
        email,
        "--name",
        "Dana",
    ];
    server.run_command(
        &[&create[..], &["--role", "owner"]].concat(),
        &format!("{PASSWORD}\n"),
    );
    let mut agent = Agent::signed_out(&server.url);
    agent.log_in(email, PASSWORD).await.ok();
    agent
}

/// Process id of the cluster, from its lock file.
fn postmaster(data: &Path) -> Option<u32> {
    let lock = fs::read_to_string(data.join("postmaster.pid")).ok()?;
    lock.lines().next()?.trim().parse().ok()
}

fn owner_of_process(pid: u32) -> u32 {
    fs::metadata(format!("/proc/{pid}")).expect("it runs").uid()
}

fn mode_of(path: &Path) -> u32 {
    fs::metadata(path)
        .expect("it is there")
        .permissions()
        .mode()
        & 0o777
}

#[tokio::test]
async fn the_cluster_is_private_unprivileged_and_found_again_after_kill_9() {
    let mut server = Server::start(own_cluster()).await;
    let agent = first_user(&server).await;
    let data = server.cluster_dir();
    let first = postmaster(&data).expect("the cluster runs");
    assert_ne!(owner_of_process(first), 0, "Postgres does not run as root");
    assert_eq!(mode_of(&data), 0o700);
    assert_eq!(mode_of(&server.data_dir().join("master.key")), 0o600);
    // Where the cluster has another owner, that one passes through.
    let is_passed = owner_of_process(first) != owner_of_process(std::process::id());
    assert_eq!(
        mode_of(&server.data_dir()),
        if is_passed { 0o711 } else { 0o700 }
    );
    let master_key = fs::read(server.data_dir().join("master.key")).expect("the key");

    server.kill();
    server.start_again().await;
    assert_eq!(
        postmaster(&data),
        Some(first),
        "the cluster that still runs is used again"
    );
    assert_eq!(
        agent.get("/api/auth/me").await.ok()["email"],
        "dana@example.com"
    );
    let key_now = fs::read(server.data_dir().join("master.key")).expect("the key");
    assert_eq!(key_now, master_key);

    server.ask_to_stop();
    assert!(server.ended_well().await);
    assert_eq!(
        postmaster(&data),
        None,
        "a gentle stop ends the cluster, too"
    );
    server.start_again().await;
    assert_ne!(postmaster(&data), Some(first));
    assert_eq!(
        agent.get("/api/auth/me").await.ok()["email"],
        "dana@example.com"
    );
    let new_password = "another good password";
    server.run_command(
        &["user", "set-password", "--email", "dana@example.com"],
        new_password,
    );
    let mut again = Agent::signed_out(&server.url);
    assert_eq!(again.log_in("dana@example.com", PASSWORD).await.status, 401);
    assert_eq!(
        again.log_in("dana@example.com", new_password).await.status,
        200
    );
}

#[tokio::test]
async fn it_works_below_a_directory_that_only_its_owner_may_enter() {
    let private = tempfile::Builder::new()
        .permissions(fs::Permissions::from_mode(0o700))
        .tempdir()
        .expect("a temporary directory");
    assert_eq!(mode_of(private.path()), 0o700);
    let mut server = Server::start_in(private, own_cluster()).await;
    let agent = first_user(&server).await;
    assert_eq!(mode_of(&server.cluster_dir()), 0o700);
    server.kill();
    server.start_again().await;
    assert_eq!(agent.get("/api/auth/me").await.ok()["role"], json!("owner"));
}
