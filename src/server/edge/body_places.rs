use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

/// Places for large bodies. Cloning is cheap.
///
/// Networks take turns: next is the one that was served longest ago, so that nobody keeps others
/// out. One that is new goes first, and of several the latest: it does not queue behind a crowd.
/// Within a network, who waits longest and who came last are next by turns: the first waits no
/// longer than two rounds, and the last does not queue behind bodies that never come.
#[derive(Debug, Clone)]
pub struct BodyPlaces(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    free: usize,
    /// The most that one client network may hold, so that slow senders shut out nobody else.
    of_network: usize,
    held: HashMap<String, usize>,
    /// In the order in which they came.
    waiting: Vec<Waiting>,
    served: HashMap<String, Served>,
    turns: u64,
}

/// What a network that is here was given.
#[derive(Debug, Default)]
struct Served {
    /// Which of all turns was its last one.
    turn: u64,
    /// Whether whoever had come last got the last place.
    latest: bool,
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
            served: HashMap::new(),
            turns: 0,
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
        self.turns += 1;
        self.served.entry(network.to_owned()).or_default().turn = self.turns;
    }

    /// Whose turn it is; the place is already theirs.
    fn next(&mut self) -> Option<Waiting> {
        self.waiting.retain(|waiting| !waiting.turn.is_closed());
        self.forget_those_who_left();
        // The first of several minima: the latest.
        let latest_first = self.waiting.iter().rev();
        let network = latest_first
            .map(|waiting| &waiting.network)
            .filter(|network| self.has_room_for(network))
            .min_by_key(|network| self.served.get(*network).map_or(0, |served| served.turn))?
            .clone();
        let served = self.served.entry(network.clone()).or_default();
        served.latest = !served.latest;
        let mut all = self.waiting.iter();
        let is_its = |waiting: &Waiting| waiting.network == network;
        let at = if served.latest {
            all.rposition(is_its)
        } else {
            all.position(is_its)
        }?;
        let next = self.waiting.remove(at);
        self.give(&next.network);
        Some(next)
    }

    fn forget_those_who_left(&mut self) {
        let waiting: HashSet<&str> = self.waiting.iter().map(|it| it.network.as_str()).collect();
        let held = &self.held;
        self.served
            .retain(|network, _| held.contains_key(network) || waiting.contains(&**network));
    }
}

impl Drop for BodyPlace {
    fn drop(&mut self) {
        self.places.give_back(&self.network);
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;

    use futures::FutureExt;

    use super::*;

    #[tokio::test]
    async fn a_network_holds_half_of_the_places_and_a_new_one_is_next() {
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

    type Waiter = Pin<Box<dyn Future<Output = Option<BodyPlace>>>>;

    /// Somebody who does not get a place at once.
    fn waiter(places: &BodyPlaces, network: &'static str) -> Waiter {
        let places = places.clone();
        let mut waiter: Waiter = Box::pin(async move { places.take(network).await });
        assert!(waiter.as_mut().now_or_never().is_none(), "all are taken");
        waiter
    }

    fn has_place(waiter: &mut Waiter) -> Option<BodyPlace> {
        waiter.as_mut().now_or_never().flatten()
    }

    #[tokio::test]
    async fn networks_take_turns_and_in_each_its_last_and_its_first() {
        let places = BodyPlaces::new(2);
        let a = places.take("a").await.expect("a place");
        let b = places.take("b").await.expect("a place");
        let [mut a1, mut a2, mut a3] = [(); 3].map(|()| waiter(&places, "a"));
        let mut b1 = waiter(&places, "b");
        drop(a);
        let third = has_place(&mut a3).expect("who came last");
        assert!(has_place(&mut a1).is_none());
        drop(third);
        let first = has_place(&mut a1).expect("who waits longest");
        assert!(has_place(&mut a2).is_none());
        drop(b);
        let b = has_place(&mut b1).expect("b's turn");
        let mut c = waiter(&places, "c");
        drop(b);
        let _c = has_place(&mut c).expect("a new one goes first");
        drop(first);
        assert!(has_place(&mut a2).is_some());
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
