use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::task::JoinHandle;

use super::Server;

const PAUSE: Duration = Duration::from_millis(20);

/// Looks at the memory of a server again and again.
#[derive(Debug)]
pub struct PeakMemory {
    highest: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

impl PeakMemory {
    /// Begins to look.
    pub fn watch(server: &Server) -> Self {
        let highest = Arc::new(AtomicU64::new(server.resident_bytes()));
        let (seen, memory) = (Arc::clone(&highest), server.memory());
        let task = tokio::spawn(async move {
            while let Some(bytes) = memory.resident_bytes() {
                seen.fetch_max(bytes, Ordering::Relaxed);
                tokio::time::sleep(PAUSE).await;
            }
        });
        Self { highest, task }
    }

    /// The most so far, in bytes.
    pub fn highest(&self) -> u64 {
        self.highest.load(Ordering::Relaxed)
    }
}

impl Drop for PeakMemory {
    fn drop(&mut self) {
        self.task.abort();
    }
}
