use crate::entities::position::Position;

/// An entry of a list, newest first: where it stands, if that is known already.
pub type ListedPlace = Option<Position>;

/// Places new entries of one thread and second to fit the list: between their neighbors, else
/// before what is older and behind what is newer. `fresh` are places for where nothing is known,
/// one for each entry, the list's order among themselves.
///
/// Known places stay, even if they contradict the list: those entries stand as they arrived.
pub fn place_listed_util(listed: &[ListedPlace], fresh: &[Position]) -> Vec<Position> {
    let mut places = Vec::with_capacity(listed.len());
    let mut newer: Option<i64> = None;
    let mut next = 0;
    while next < listed.len() {
        if let Some(known) = listed[next] {
            newer = Some(known.0);
            places.push(known);
            next += 1;
            continue;
        }
        let end = (next..listed.len()).find(|at| listed[*at].is_some());
        let older = end.and_then(|at| listed[at]).map(|known| known.0);
        let end = end.unwrap_or(listed.len());
        let count = i64::try_from(end - next).unwrap_or(i64::MAX);
        places.extend((next..end).zip(1..).map(|(at, nth)| {
            Position(match (newer, older) {
                (None, None) => fresh[at].0,
                (Some(newer), None) => newer - nth,
                (Some(newer), Some(older)) if newer > older => between(newer, older, nth, count),
                (_, Some(older)) => older + count + 1 - nth,
            })
        }));
        next = end;
    }
    places
}

/// The nth of as many from the newer to the older.
fn between(newer: i64, older: i64, nth: i64, count: i64) -> i64 {
    let span = i128::from(newer) - i128::from(older);
    let down = span * i128::from(nth) / i128::from(count + 1);
    i64::try_from(i128::from(newer) - down).unwrap_or(older)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(listed: &[Option<i64>]) -> Vec<i64> {
        let listed: Vec<ListedPlace> = listed.iter().map(|at| at.map(Position)).collect();
        let fresh: Vec<Position> = (1..).map(|n| Position(-n)).take(listed.len()).collect();
        let places = place_listed_util(&listed, &fresh);
        places.iter().map(|place| place.0).collect()
    }

    #[test]
    fn what_is_new_stands_between_its_neighbors_in_the_list() {
        assert_eq!(placed(&[None, None]), [-1, -2], "newest first");
        assert_eq!(placed(&[Some(80), None, None, Some(20)]), [80, 60, 40, 20]);
        assert_eq!(placed(&[None, None, Some(7)]), [9, 8, 7]);
        assert_eq!(placed(&[Some(7), None, None]), [7, 6, 5]);
        assert_eq!(
            placed(&[None, Some(30), None, Some(10), None]),
            [31, 30, 20, 10, 9]
        );
    }

    #[test]
    fn what_arrived_in_another_order_than_the_lists_stays_as_it_arrived() {
        assert_eq!(placed(&[Some(10), None, Some(30)]), [10, 31, 30]);
        assert_eq!(placed(&[]), [0; 0]);
    }
}
