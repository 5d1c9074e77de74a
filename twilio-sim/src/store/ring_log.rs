use std::collections::VecDeque;

/// A log that keeps its newest entries. Entries are numbered from 1, so a reader can go on after
/// the last one it has seen.
#[derive(Debug)]
pub(crate) struct RingLog<T> {
    entries: VecDeque<(u64, T)>,
    capacity: usize,
    last_seq: u64,
}

/// A part of a log.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct LogPage<T> {
    /// Entries, oldest first.
    pub entries: Vec<T>,
    /// Pass this as `after` to go on.
    pub next_after: u64,
    /// Entries after the asked number that the log no longer holds.
    pub lost: u64,
}

impl<T: Clone> RingLog<T> {
    /// An empty log for at most `capacity` entries.
    pub fn new(capacity: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            capacity,
            last_seq: 0,
        }
    }

    /// Adds the entry made from its number, and returns it.
    pub fn push(&mut self, make: impl FnOnce(u64) -> T) -> T {
        self.last_seq += 1;
        let entry = make(self.last_seq);
        if self.entries.len() == self.capacity {
            self.entries.pop_front();
        }
        self.entries.push_back((self.last_seq, entry.clone()));
        entry
    }

    /// At most `limit` entries whose number is greater than `after`.
    pub fn after(&self, after: u64, limit: usize) -> LogPage<T> {
        self.after_where(after, limit, |_| true)
    }

    /// At most `limit` of the wanted entries whose number is greater than `after`.
    pub fn after_where(&self, after: u64, limit: usize, wanted: impl Fn(&T) -> bool) -> LogPage<T> {
        let oldest = self
            .entries
            .front()
            .map_or(self.last_seq + 1, |entry| entry.0);
        let skip = usize::try_from((after + 1).saturating_sub(oldest)).unwrap_or(usize::MAX);
        let page: Vec<&(u64, T)> = self
            .entries
            .iter()
            .skip(skip)
            .filter(|entry| wanted(&entry.1))
            .take(limit)
            .collect();
        let full = page.last().filter(|_| page.len() == limit);
        LogPage {
            next_after: full.map_or(after.max(self.last_seq), |entry| entry.0),
            lost: oldest.saturating_sub(after + 1),
            entries: page.into_iter().map(|entry| entry.1.clone()).collect(),
        }
    }

    /// The newest of the wanted entries, oldest of them first.
    pub fn newest_where(&self, limit: usize, wanted: impl Fn(&T) -> bool) -> LogPage<T> {
        let numbers = self.entries.iter().rev();
        let oldest = numbers
            .filter(|entry| wanted(&entry.1))
            .take(limit)
            .last()
            .map_or(self.last_seq, |entry| entry.0 - 1);
        self.after_where(oldest, limit, wanted)
    }

    /// Removes every entry; numbers go on.
    pub fn clear(&mut self) {
        self.entries.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_goes_on_after_the_last_entry_seen() {
        let mut log = RingLog::new(10);
        for _ in 0..5 {
            log.push(|seq| seq);
        }
        let first = log.after(0, 3);
        assert_eq!(first.entries, [1, 2, 3]);
        assert_eq!(log.after(first.next_after, 3).entries, [4, 5]);
        assert_eq!(log.after(5, 3).entries, [] as [u64; 0]);
        assert_eq!(log.after(5, 3).next_after, 5);
    }

    #[test]
    fn a_full_log_forgets_the_oldest_and_says_how_many_were_lost() {
        let mut log = RingLog::new(2);
        for _ in 0..5 {
            log.push(|seq| seq);
        }
        let page = log.after(1, 10);
        assert_eq!(page.entries, [4, 5]);
        assert_eq!(page.lost, 2);
        assert_eq!(log.newest_where(1, |_| true).entries, [5]);
        assert_eq!(log.newest_where(9, |_| true).entries, [4, 5]);
    }

    #[test]
    fn only_the_wanted_entries_are_given_and_a_reader_does_not_look_twice() {
        let mut log = RingLog::new(10);
        for _ in 0..9 {
            log.push(|seq| seq);
        }
        let even = |seq: &u64| seq.is_multiple_of(2);
        let first = log.after_where(0, 3, even);
        assert_eq!((first.entries, first.next_after), (vec![2, 4, 6], 6));
        let second = log.after_where(6, 3, even);
        assert_eq!((second.entries, second.next_after), (vec![8], 9));
        assert_eq!(log.newest_where(2, even).entries, [6, 8]);
        assert_eq!(log.newest_where(2, |seq| *seq > 50).entries, [] as [u64; 0]);
    }
}
