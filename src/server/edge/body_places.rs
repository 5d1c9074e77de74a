use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

/// Places for large bodies. Cloning is cheap.
///
/// Last in, first out: those who asked most recently are most likely still there, and a new client
/// does not queue behind a crowd.
#[derive(Debug, Clone)]
pub struct BodyPlaces(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    free: usize,
    /// The most that one client network may hold, so that slow senders shut out nobody else.
    of_network: usize,
    held: HashMap<String, usize>,
    waiting: Vec<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    network: String,
    turn: oneshot::Sender<BodyPlace>,
}

/// A place, until it is dropped.
#[derive(Debug)]
pub struct BodyPlace {
    places: BodyPlaces,
    network: String,
}

impl BodyPlaces {
    /// So many places, of which a network gets half.
    pub fn new(count: usize) -> Self {
        Self(Arc::new(Mutex::new(State {
            free: count,
            of_network: count.div_ceil(2),
            held: HashMap::new(),
            waiting: Vec::new(),
        })))
    }

    /// A place for a client of this network, when there is one.
    pub async fn take(&self, network: &str) -> Option<BodyPlace> {
        let network = network.to_owned();
        let my_turn = {
            let mut state = self.lock();
            if state.has_room_for(&network) {
                state.give(&network);
                let places = self.clone();
                return Some(BodyPlace { places, network });
            }
            let (turn, my_turn) = oneshot::channel();
            state.waiting.push(Waiting { network, turn });
            my_turn
        };
        my_turn.await.ok()
    }

    fn give_back(&self, network: &str) {
        let next = {
            let mut state = self.lock();
            state.free += 1;
            let left = state.held.get(network).map_or(0, |held| held - 1);
            if left == 0 {
                state.held.remove(network);
            } else {
                state.held.insert(network.to_owned(), left);
            }
            state.next()
        };
        if let Some(Waiting { network, turn }) = next {
            let places = self.clone();
            // Whoever has gone meanwhile gives it back by dropping it.
            drop(turn.send(BodyPlace { places, network }));
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn has_room_for(&self, network: &str) -> bool {
        self.free > 0
            && self
                .held
                .get(network)
                .is_none_or(|held| *held < self.of_network)
    }

    fn give(&mut self, network: &str) {
        self.free -= 1;
        *self.held.entry(network.to_owned()).or_default() += 1;
    }

    /// Whose turn it is; the place is already theirs.
    fn next(&mut self) -> Option<Waiting> {
        self.waiting.retain(|waiting| !waiting.turn.is_closed());
        let mut all = self.waiting.iter();
        let at = all.rposition(|waiting| self.has_room_for(&waiting.network))?;
        let next = self.waiting.remove(at);
        self.give(&next.network);
        Some(next)
    }
}

impl Drop for BodyPlace {
    fn drop(&mut self) {
        self.places.give_back(&self.network);
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[tokio::test]
    async fn a_network_holds_half_of_the_places_and_who_came_last_is_next() {
        let places = BodyPlaces::new(3);
        let first = places.take("a").await.expect("a place");
        let _second = places.take("a").await.expect("a place");
        assert!(places.take("a").now_or_never().is_none(), "two are enough");
        let _third = places.take("b").await.expect("a place");
        let mut early = Box::pin(places.take("c"));
        assert!(early.as_mut().now_or_never().is_none(), "all are taken");
        let mut late = Box::pin(places.take("d"));
        assert!(late.as_mut().now_or_never().is_none(), "all are taken");
        drop(first);
        let fourth = late.as_mut().now_or_never().flatten();
        assert!(early.as_mut().now_or_never().is_none());
        drop(fourth);
        assert!(early.as_mut().now_or_never().flatten().is_some());
        assert!(places.lock().waiting.is_empty());
    }

    #[tokio::test]
    async fn a_place_given_to_somebody_who_has_gone_comes_back() {
        let places = BodyPlaces::new(1);
        let first = places.take("a").await.expect("a place");
        let mut gone = Box::pin(places.take("b"));
        assert!(gone.as_mut().now_or_never().is_none());
        drop(first);
        drop(gone);
        assert!(places.take("c").now_or_never().flatten().is_some());
        assert!(places.lock().held.is_empty());
    }
}
