//! The installed program is set up as docs/OPERATIONS.md says, started and used.

use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};

use crate::base::context::Context;
use crate::base::logged_command::run_logged;
use crate::base::path_lookup::find_on_path;
use crate::base::service::Service;
use crate::base::tool_command::tool_command;
use crate::base::wait_ready::{START_LIMIT, wait_for_http};
use crate::testing::package::debian_root::DebianRoot;
use crate::testing::package::http::{get, post_form};

const PASSWORD: &str = "eight-small-words-and-a-dash";
/// Sets the database and the port where the settings have them.
const SET: &str = r#"
sed -i "s|^DATABASE_URL=.*|DATABASE_URL=$1|; s|^#PORT=.*|PORT=$2|" /etc/loquent/loquent.env
"#;
const RIGHTS: &str = "stat --format '%n %U:%G %a' /etc/loquent/loquent.env /var/lib/loquent";
const EXPECTED_RIGHTS: &str =
    "/etc/loquent/loquent.env root:loquent 640\n/var/lib/loquent loquent:loquent 750";

/// User, rights, and the enabled service.
///
/// # Errors
/// When something is not as it should be.
pub fn check_installation(root: &DebianRoot<'_>) -> Result<()> {
    root.expect(RIGHTS, EXPECTED_RIGHTS)?;
    root.expect(
        "systemctl=/etc/systemd/system/multi-user.target.wants/loquent.service; readlink -f $systemctl",
        "/usr/lib/systemd/system/loquent.service",
    )?;
    root.expect(
        "dpkg-query --show --showformat '${Conffiles}' loquent | cut -d' ' -f2",
        "/etc/loquent/loquent.env",
    )
}

/// The unit, by systemd's own eyes; nothing where they are not here.
///
/// # Errors
/// When it finds something.
pub fn check_unit(context: &Context, root: &Path) -> Result<()> {
    if find_on_path("systemd-analyze").is_none() {
        println!("    not checked: there is no systemd-analyze here");
        return Ok(());
    }
    let mut command = tool_command("systemd-analyze");
    command
        .args(["verify", "--man=no", "--recursive-errors=no"])
        .arg(format!("--root={}", root.display()))
        .arg("loquent.service");
    let said = run_logged(&mut command, &context.interrupt)?.lines;
    match said.iter().find(|line| line.contains("loquent.service")) {
        Some(line) => bail!("systemd says: {line}"),
        None => Ok(()),
    }
}

/// Sets the database and the port, and makes the first organization and person.
///
/// # Errors
/// When a command fails.
pub fn set_up(root: &DebianRoot<'_>, database: &str, port: u16) -> Result<()> {
    root.shell(SET, &[database, &port.to_string()])?;
    root.run_program("", &["org", "create", "--name", "My company"])?;
    let user = [
        ["user", "create"],
        ["--organization", "My company"],
        ["--email", "me@example.com"],
        ["--name", "Me"],
        ["--role", "owner"],
    ];
    root.run_program(&format!("echo {PASSWORD} |"), user.as_flattened())?;
    root.expect(RIGHTS, EXPECTED_RIGHTS)
}

/// Starts the server as the service does.
///
/// # Errors
/// When it does not get ready.
pub fn start(context: &Context, root: &DebianRoot<'_>, port: u16) -> Result<Service> {
    let log = context.target.join("test-logs/installed-server.log");
    let mut command = root.program("", &["serve"]);
    let mut server = Service::start("the installed server", &mut command, &log)?;
    wait_for_http(
        &mut server,
        port,
        "/readyz",
        START_LIMIT,
        &context.interrupt,
    )?;
    Ok(server)
}

/// Signs in with the form, opens the inbox, and loads what it is made of.
///
/// # Errors
/// When an answer is another than expected.
pub fn sign_in(port: u16) -> Result<()> {
    let refused = post_form(port, "/sign-in", "email=me%40example.com&password=wrong")?;
    let me = get(port, "/api/auth/me", &refused.cookies())?;
    ensure!(me.status == 401, "a wrong password signs in: {me:?}");

    let form = format!("email=me%40example.com&password={PASSWORD}");
    let answer = post_form(port, "/sign-in", &form)?;
    let location = answer.header("location");
    ensure!(
        (answer.status, location) == (303, Some("/messaging")),
        "{answer:?}"
    );
    let cookie = &answer.cookies();
    let me = get(port, "/api/auth/me", cookie)?;
    ensure!(me.body.contains("me@example.com"), "{me:?}");

    let page = get(port, "/messaging", cookie)?;
    ensure!(page.status == 200, "{page:?}");
    let script = page
        .body
        .split('"')
        .find(|text| text.starts_with("/assets/loquent-dxh"));
    let script = get(port, script.context("the page names no script")?, cookie)?;
    ensure!(script.status == 200, "the script: {}", script.status);
    Ok(())
}

/// An upgrade keeps the settings, a purge leaves nothing.
///
/// # Errors
/// When it is otherwise.
pub fn upgrade_and_purge(root: &DebianRoot<'_>) -> Result<()> {
    let settings = "grep -c '^DATABASE_URL=postgres:' /etc/loquent/loquent.env";
    root.upgrade()?;
    root.expect(settings, "1")?;
    root.expect(RIGHTS, EXPECTED_RIGHTS)?;
    root.purge()?;
    root.expect(
        "ls -d /etc/loquent /var/lib/loquent /usr/share/loquent /usr/bin/loquent 2>/dev/null || true; getent passwd loquent || true",
        "",
    )
}
