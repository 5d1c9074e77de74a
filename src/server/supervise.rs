//! Supervision of the background tasks.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

/// Pause before a task that ended is started again.
const RESTART_AFTER: Duration = Duration::from_secs(1);

/// Runs a task until shutdown. A task that panics or ends is logged and started again: a server
/// that answers 200 while nobody processes what it stores would be worse than none.
pub async fn supervise<F>(
    name: &'static str,
    shutdown: CancellationToken,
    make: impl Fn() -> F + Send,
) where
    F: Future<Output = ()> + Send + 'static,
{
    loop {
        let ended = tokio::spawn(make()).await;
        if shutdown.is_cancelled() {
            return;
        }
        match ended {
            Ok(()) => tracing::error!(name, "a background task ended; starting it again"),
            Err(error) => {
                tracing::error!(name, %error, "a background task panicked; starting it again");
            }
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(RESTART_AFTER) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_task_that_panics_is_started_again_until_shutdown() {
        let shutdown = CancellationToken::new();
        let starts = Arc::new(AtomicUsize::new(0));
        let (counter, stop) = (starts.clone(), shutdown.clone());
        let make = move || {
            let (start, stop) = (counter.fetch_add(1, Ordering::SeqCst), stop.clone());
            async move {
                assert!(start > 1, "the first two panic");
                stop.cancel();
            }
        };
        supervise("test", shutdown, make).await;
        assert_eq!(starts.load(Ordering::SeqCst), 3);
    }
}
