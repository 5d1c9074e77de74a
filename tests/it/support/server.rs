use std::{
    env,
    fs::{self, File},
    io::Write,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::Duration,
};

use rustix::process::Signal;
use tempfile::TempDir;

use super::{Memory, Program, TwilioAccount, cluster::kill_postmaster, eventually_within};

/// A start on a fresh directory makes a cluster, which takes seconds.
const START_LIMIT: Duration = Duration::from_secs(60);
/// Nobody listens here: a call to Twilio that a test does not expect fails at once.
const NOWHERE: &str = "http://127.0.0.1:9";

/// The server's program: `LOQUENT_BIN`, else the one that cargo built for these tests.
pub fn server_program() -> PathBuf {
    env::var_os("LOQUENT_BIN").map_or_else(|| env!("CARGO_BIN_EXE_loquent").into(), PathBuf::from)
}

/// A TCP port that was free a moment ago. It is below those that Linux gives to outgoing
/// connections (from 32,768), so that none of these has it when a stopped server wants it again.
pub fn free_port() -> u16 {
    (0..100)
        .map(|_| rand::random_range(15_000..32_000))
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("there is a free port")
}

/// How a server is to be run.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    /// `None`: the server keeps a cluster of its own.
    pub database_url: Option<String>,
    /// The account of organizations without one of their own.
    pub account: TwilioAccount,
    /// Base URL of Twilio's APIs.
    pub twilio_url: String,
    /// More of the environment.
    pub environment: Vec<(&'static str, String)>,
}

impl ServerSettings {
    /// A server on this database that cannot reach Twilio.
    pub fn new(database_url: Option<String>, account: TwilioAccount) -> Self {
        Self {
            database_url,
            account,
            twilio_url: NOWHERE.to_owned(),
            environment: Vec::new(),
        }
    }
}

/// A server process on a port of its own.
#[derive(Debug)]
pub struct Server {
    /// `http://127.0.0.1:<port>`.
    pub url: String,
    port: u16,
    program: Program,
    settings: ServerSettings,
    directory: TempDir,
}

impl Server {
    /// Starts a server and waits until it serves.
    pub async fn start(settings: ServerSettings) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        // A cluster in it may belong to another user, who has to pass through.
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o711))
            .expect("its mode can be set");
        Self::start_in(directory, settings).await
    }

    /// The same in a given directory, for its data and its log.
    pub async fn start_in(directory: TempDir, settings: ServerSettings) -> Self {
        // Between finding a port and taking it, somebody else may take it.
        for _ in 0..5 {
            let port = free_port();
            let url = format!("http://127.0.0.1:{port}");
            let mut program = spawn(directory.path(), port, &settings);
            if is_ready(&mut program, &url).await {
                return Self {
                    url,
                    port,
                    program,
                    settings,
                    directory,
                };
            }
            let log = read_log(directory.path());
            assert!(
                log.contains("cannot listen"),
                "the server did not start:\n{log}"
            );
        }
        panic!("there is no free port");
    }

    /// Where its data are, and a cluster of its own.
    pub fn data_dir(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    /// Where its own cluster is in the end; there may be a link in the data directory.
    pub fn cluster_dir(&self) -> PathBuf {
        let link = self.data_dir().join("postgres");
        link.canonicalize().unwrap_or(link)
    }

    /// A command of the program with the server's settings.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(self.directory.path(), self.port, &self.settings);
        command.args(arguments);
        command
    }

    /// Runs a command of the program with the server's settings; gives what it prints.
    #[track_caller]
    pub fn run_command(&self, arguments: &[&str], input: &str) -> String {
        let output = run(self.command(arguments), input);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?} failed: {errors}");
        String::from_utf8(output.stdout)
            .expect("text")
            .trim()
            .to_owned()
    }

    /// The memory that it has, in kB.
    pub fn resident_kb(&self) -> u64 {
        self.program.resident_kb()
    }

    /// Runs a command that has to fail, with these settings on top; gives what it says.
    #[track_caller]
    pub fn run_refused(
        &self,
        arguments: &[&str],
        input: &str,
        environment: &[(&str, &str)],
    ) -> String {
        let mut command = self.command(arguments);
        command.envs(environment.iter().copied());
        let output = run(command, input);
        assert!(!output.status.success(), "{arguments:?} was done");
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    /// The memory that it has, and the most that it had, in MB.
    pub fn memory_mb(&self) -> (u64, u64) {
        let status = fs::read_to_string(format!("/proc/{}/status", self.program.id()));
        let status = status.expect("it runs");
        let mb = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kb = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
            kb.expect("a number") / 1_024
        };
        (mb("VmRSS:"), mb("VmHWM:"))
    }

    /// Sends SIGKILL and starts it again with more settings.
    pub async fn start_again_with(&mut self, environment: &[(&'static str, &str)]) {
        let more = environment
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()));
        self.settings.environment.extend(more);
        self.start_again().await;
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        self.program.kill();
    }

    /// SIGKILL, without waiting.
    pub fn send_kill(&self) {
        self.program.signal(Signal::KILL);
    }

    /// SIGTERM, without waiting.
    pub fn ask_to_stop(&self) {
        self.program.signal(Signal::TERM);
    }

    /// Waits for its end after a signal; true if it ended well.
    pub async fn ended_well(&mut self) -> bool {
        self.program.ended().await.success()
    }

    /// Starts it again after its end, with the same settings on the same port.
    pub async fn start_again(&mut self) {
        self.program.kill();
        self.program = spawn(self.directory.path(), self.port, &self.settings);
        let ready = is_ready(&mut self.program, &self.url).await;
        assert!(ready, "the server did not start again:\n{}", self.log());
    }

    /// Memory that it holds at the moment, in bytes.
    pub fn resident_bytes(&self) -> u64 {
        self.memory().resident_bytes().expect("it runs")
    }

    /// The same, to be looked at beside the test.
    pub(super) fn memory(&self) -> Memory {
        self.program.memory()
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        read_log(self.directory.path())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.program.kill();
        if self.settings.database_url.is_none() {
            // A cluster outlives a server that is killed; not one that a test is done with.
            let data = self.cluster_dir();
            kill_postmaster(&data);
            // Where it had to be elsewhere, a link leads to it.
            drop(fs::remove_dir_all(&data));
        }
        if std::thread::panicking() {
            let log = self.log();
            let last: Vec<&str> = log.lines().rev().take(40).collect();
            eprintln!("--- the server's last words ---");
            last.iter().rev().for_each(|line| eprintln!("{line}"));
        }
    }
}

fn run(mut command: Command, input: &str) -> Output {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // It may have said no without reading.
    drop(stdin.write_all(input.as_bytes()));
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

fn spawn(directory: &Path, port: u16, settings: &ServerSettings) -> Program {
    let log = File::options()
        .create(true)
        .append(true)
        .open(directory.join("server.log"))
        .expect("a log file");
    let mut command = command(directory, port, settings);
    command.arg("serve").stderr(log);
    Program::start(command)
}

fn command(directory: &Path, port: u16, settings: &ServerSettings) -> Command {
    let mut command = Command::new(server_program());
    command
        // Away from any .env of a developer.
        .current_dir(directory)
        .env_remove("DATABASE_URL")
        .env_remove("CLIENT_ADDRESS_HEADER")
        .env_remove("LOQUENT_MASTER_KEY_SECOND")
        .env_remove("TWILIO_AUTH_TOKEN_PREVIOUS")
        .env_remove("S3_BUCKET")
        .env_remove("S3_ENDPOINT")
        .env_remove("S3_REGION")
        .env_remove("TWILIO_PAGE_SIZE")
        .env_remove("SMS_SYNC_WINDOWS")
        .env_remove("IMPORT_PAGES_AT_ONCE")
        .env_remove("RECONCILE_DAYS")
        .env_remove("RECONCILE_EVERY_MINUTES")
        .env_remove("TWILIO_MESSAGING_BASE_URL")
        .env_remove("TWILIO_PRICING_BASE_URL")
        .env("IP", "127.0.0.1")
        .env("PORT", port.to_string())
        .env("APP_HOST", format!("http://127.0.0.1:{port}"))
        .env("LOQUENT_DATA_DIR", directory.join("data"))
        .env("LOQUENT_MASTER_KEY", MASTER_KEY)
        .env("DATABASE_MAX_CONNECTIONS", "10")
        .env("TWILIO_ACCOUNT_SID", &settings.account.sid)
        .env("TWILIO_AUTH_TOKEN", &settings.account.token)
        .env("TWILIO_API_BASE_URL", &settings.twilio_url)
        .env("TWILIO_EVENTS_BASE_URL", &settings.twilio_url)
        .envs(settings.environment.iter().cloned());
    if let Some(url) = &settings.database_url {
        command.env("DATABASE_URL", url);
    }
    command
}

/// The key that every server of these tests seals with.
pub const MASTER_KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// Whether it came to serve; false if it ended first.
async fn is_ready(program: &mut Program, url: &str) -> bool {
    let http = reqwest::Client::new();
    eventually_within(START_LIMIT, "the server is ready", async || {
        if program.try_wait().is_some() {
            return Some(false);
        }
        let answer = http.get(format!("{url}/readyz")).send().await.ok()?;
        answer.status().is_success().then_some(true)
    })
    .await
}

fn read_log(directory: &Path) -> String {
    // The last line may be half written.
    let log = fs::read(directory.join("server.log")).unwrap_or_default();
    String::from_utf8_lossy(&log).into_owned()
}
