use std::{
    io,
    os::unix::process::CommandExt,
    process::{Child, Command, ExitStatus},
    sync::{Mutex, OnceLock, PoisonError, mpsc},
    thread,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process, set_parent_process_death_signal};

use super::eventually_within;

/// A server that does not end in this time after a signal hangs: its own grace is 15 s for
/// requests and 15 s for background work.
const END_LIMIT: Duration = Duration::from_secs(40);

/// A running program. It dies with this value, and with the test process however that ends.
#[derive(Debug)]
pub struct Program {
    child: Child,
}

/// The memory of a program, while it runs.
#[derive(Debug, Clone, Copy)]
pub struct Memory(u32);

impl Memory {
    /// What it holds at the moment, in bytes; `None` after its end.
    pub fn resident_bytes(self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0)).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kib: u64 = line.trim().split(' ').next()?.parse().ok()?;
        Some(kib * 1024)
    }
}

type Order = (Command, mpsc::Sender<io::Result<Child>>);

impl Program {
    /// Starts it.
    pub fn start(command: Command) -> Self {
        static ORDERS: OnceLock<Mutex<mpsc::Sender<Order>>> = OnceLock::new();
        let orders = ORDERS.get_or_init(|| Mutex::new(start_spawner()));
        let (reply, child) = mpsc::channel();
        let sent = orders
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .send((command, reply));
        sent.expect("the spawner runs");
        let child = child.recv().expect("the spawner answers");
        Self {
            child: child.expect("the program starts"),
        }
    }

    /// Its standard output, if it is a pipe that nobody has taken.
    pub fn take_stdout(&mut self) -> Option<std::process::ChildStdout> {
        self.child.stdout.take()
    }

    /// The memory that it has, in kB.
    pub fn resident_kb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kb = line.and_then(|line| line.trim().strip_suffix(" kB"));
        kb.expect("its memory").trim().parse().expect("a number")
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Its exit status, if it has ended.
    pub fn try_wait(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child can be asked")
    }

    /// Where its memory can be looked at.
    pub fn memory(&self) -> Memory {
        Memory(self.child.id())
    }

    /// SIGKILL: no time for anything.
    pub fn kill(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }

    /// Sends a signal, without waiting.
    pub fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        kill_process(pid.expect("a process id"), signal).expect("it runs");
    }

    /// Waits for its end.
    pub async fn ended(&mut self) -> ExitStatus {
        eventually_within(END_LIMIT, "the program ends", async || self.try_wait()).await
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Linux sends the signal of a dead parent when the *thread* that spawned ends, and the threads
/// of a test end with the test: so one thread, which lives as long as the process, spawns all.
fn start_spawner() -> mpsc::Sender<Order> {
    let (orders, waiting) = mpsc::channel::<Order>();
    thread::spawn(move || {
        for (mut command, reply) in waiting {
            // SAFETY: the call between fork and exec is one system call; it allocates nothing
            // and takes no lock.
            unsafe {
                command.pre_exec(|| {
                    set_parent_process_death_signal(Some(Signal::KILL)).map_err(io::Error::from)
                });
            }
            // Whoever ordered it may be gone; then the child goes, too.
            if let Err(mpsc::SendError(Ok(mut orphan))) = reply.send(command.spawn()) {
                drop(orphan.kill());
                drop(orphan.wait());
            }
        }
    });
    orders
}
