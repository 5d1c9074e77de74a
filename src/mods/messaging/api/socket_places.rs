use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::bases::{error::AppError, ids::UserId};

/// Sockets that one node holds; each costs at most 20 kB.
const MAX_SOCKETS: usize = 5_000;
/// Sockets of one person on one node: a tab has one, and a session that was stolen must not take
/// the places of all others.
const MAX_SOCKETS_OF_USER: usize = 32;
/// A browser that is refused tries again after this.
const RETRY_AFTER_SECONDS: u64 = 20;

/// The places for sockets on this node. Cloning is cheap.
#[derive(Debug, Clone, Default)]
pub struct SocketPlaces(Arc<Mutex<HashMap<UserId, usize>>>);

/// The place of one socket, which goes with it.
#[derive(Debug)]
pub struct SocketPlace {
    user: UserId,
    places: SocketPlaces,
}

impl SocketPlaces {
    /// Takes a place: 503 when the node is full, 429 when the person has enough.
    pub fn take(&self, user: UserId) -> Result<SocketPlace, AppError> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.values().sum::<usize>() >= MAX_SOCKETS {
            return Err(AppError::Unavailable);
        }
        let of_user = taken.entry(user).or_default();
        if *of_user >= MAX_SOCKETS_OF_USER {
            return Err(AppError::TooManyRequests {
                retry_after_seconds: RETRY_AFTER_SECONDS,
            });
        }
        *of_user += 1;
        Ok(SocketPlace {
            user,
            places: self.clone(),
        })
    }
}

impl Drop for SocketPlace {
    fn drop(&mut self) {
        let mut taken = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(of_user) = taken.get_mut(&self.user) {
            *of_user -= 1;
            if *of_user == 0 {
                taken.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_cannot_take_all_places_and_a_closed_socket_gives_its_place_back() {
        let places = SocketPlaces::default();
        let user = UserId::new();
        let mut held: Vec<_> = (0..MAX_SOCKETS_OF_USER)
            .map(|_| places.take(user).expect("a place"))
            .collect();
        assert!(matches!(
            places.take(user),
            Err(AppError::TooManyRequests { .. })
        ));
        assert!(places.take(UserId::new()).is_ok(), "another person");
        held.pop();
        assert!(places.take(user).is_ok());
        drop(held);
        assert!(places.0.lock().expect("a lock").is_empty());
    }

    #[test]
    fn a_full_node_takes_nobody() {
        let places = SocketPlaces::default();
        let mut held = Vec::new();
        for n in 0..MAX_SOCKETS {
            let user = if n % MAX_SOCKETS_OF_USER == 0 {
                UserId::new()
            } else {
                held.last()
                    .map_or_else(UserId::new, |place: &SocketPlace| place.user)
            };
            held.push(places.take(user).expect("a place"));
        }
        assert_eq!(
            places.take(UserId::new()).err(),
            Some(AppError::Unavailable)
        );
    }
}
