use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

/// The queue holds as much as it may.
#[derive(Debug, thiserror::Error)]
#[error("the queue is full")]
pub(crate) struct QueueFull;

/// What a queue has to do at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct QueueLoad {
    pub waiting: usize,
    pub under_way: usize,
}

/// Things to do at a time. Of two that are due at the same time the one added first comes first.
/// One task may wait on it.
#[derive(Debug)]
pub(crate) struct DueQueue<T> {
    inner: Mutex<Inner<T>>,
    changed: Notify,
    capacity: usize,
}

#[derive(Debug)]
struct Inner<T> {
    heap: BinaryHeap<Entry<T>>,
    last_seq: u64,
    under_way: usize,
}

#[derive(Debug)]
struct Entry<T> {
    due: Instant,
    seq: u64,
    item: T,
}

impl<T> Ord for Entry<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        // Reversed: the heap gives its greatest, and the earliest is wanted.
        (other.due, other.seq).cmp(&(self.due, self.seq))
    }
}

impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T> Eq for Entry<T> {}

impl<T> DueQueue<T> {
    /// An empty queue for at most `capacity` things.
    pub fn new(capacity: usize) -> Self {
        Self {
            inner: Mutex::new(Inner {
                heap: BinaryHeap::new(),
                last_seq: 0,
                under_way: 0,
            }),
            changed: Notify::new(),
            capacity,
        }
    }

    /// Adds a thing to do.
    ///
    /// # Errors
    /// The queue is full.
    pub fn push(&self, due: Instant, item: T) -> Result<(), QueueFull> {
        {
            let mut inner = self.lock();
            if inner.heap.len() >= self.capacity {
                return Err(QueueFull);
            }
            inner.last_seq += 1;
            let seq = inner.last_seq;
            inner.heap.push(Entry { due, seq, item });
        }
        self.changed.notify_one();
        Ok(())
    }

    /// Takes at most `limit` things that are due. They count as under way until
    /// [`finish`](Self::finish) is called for each.
    pub fn take_due(&self, limit: usize) -> Vec<T> {
        let now = Instant::now();
        let mut inner = self.lock();
        let mut taken = Vec::new();
        while taken.len() < limit && inner.heap.peek().is_some_and(|entry| entry.due <= now) {
            taken.extend(inner.heap.pop().map(|entry| entry.item));
        }
        inner.under_way += taken.len();
        taken
    }

    /// Waits until something is due.
    pub async fn wait_until_due(&self) {
        loop {
            let next = self.lock().heap.peek().map(|entry| entry.due);
            match next {
                Some(due) if due <= Instant::now() => return,
                // Either way the queue is looked at again.
                Some(due) => drop(timeout_at(due, self.changed.notified()).await),
                None => self.changed.notified().await,
            }
        }
    }

    /// Waits until something is added or [`wake`](Self::wake) is called.
    pub async fn wait_for_change(&self) {
        self.changed.notified().await;
    }

    /// Makes the waiting task look again.
    pub fn wake(&self) {
        self.changed.notify_one();
    }

    /// Says that things that were taken are done, and all that follows from them is queued.
    pub fn finish(&self, count: usize) {
        let mut inner = self.lock();
        inner.under_way = inner.under_way.saturating_sub(count);
    }

    /// How many things wait, and how many were taken and are not done.
    pub fn load(&self) -> QueueLoad {
        let inner = self.lock();
        QueueLoad {
            waiting: inner.heap.len(),
            under_way: inner.under_way,
        }
    }

    /// Removes everything.
    pub fn clear(&self) {
        self.lock().heap.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Inner<T>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test(start_paused = true)]
    async fn things_come_out_when_they_are_due_and_in_order() {
        let queue = DueQueue::new(10);
        let now = Instant::now();
        for (delay_ms, name) in [(20, "late"), (10, "first"), (10, "second")] {
            queue
                .push(now + Duration::from_millis(delay_ms), name)
                .expect("there is room");
        }
        assert_eq!(queue.take_due(10), [] as [&str; 0]);
        queue.wait_until_due().await;
        assert_eq!(Instant::now() - now, Duration::from_millis(10));
        assert_eq!(queue.take_due(10), ["first", "second"]);
        queue.wait_until_due().await;
        let load = |waiting, under_way| QueueLoad { waiting, under_way };
        assert_eq!(queue.load(), load(1, 2));
        assert_eq!(queue.take_due(10), ["late"]);
        queue.finish(3);
        assert_eq!(queue.load(), load(0, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_queue_refuses() {
        let queue = DueQueue::new(1);
        assert!(queue.push(Instant::now(), 1).is_ok());
        assert!(queue.push(Instant::now(), 2).is_err());
    }
}
