use std::collections::{HashMap, HashSet};

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use super::{
    ListRun, ListedPage,
    last_listed::{LastListed, Thread, thread_of},
};
use crate::{
    bases::sql,
    entities::position::{POSITION_GAP, Position},
    mods::{
        messaging::services::{KnownSid, NewMessage},
        twilio::utils::{ListedPlace, place_listed_util},
    },
};

/// Places the new messages of a page of Twilio's list, newest first, among those of their second:
/// between their neighbors in the list, live or imported.
///
/// `known` holds those that are stored, also the last one of the previous page.
pub async fn place_listed_messages_service<T>(
    conn: &impl ConnectionTrait,
    run: &ListRun,
    page: &mut ListedPage,
    known: &HashMap<String, KnownSid<T>>,
) -> Result<(), DbErr> {
    let before = page.before.as_ref();
    let messages = page.messages.iter_mut();
    let mut page: Vec<&mut NewMessage> = messages
        .map(|(imported, _)| &mut imported.message)
        .collect();
    let Some(last) = page.last() else {
        return Ok(());
    };
    let (last_second, direction) = (last.at, last.direction);
    let mut threads = threads_of(&page, before, known);
    let is_open = |thread: &Thread, entries: &[Entry]| {
        thread.0 == last_second.timestamp() && entries.iter().all(|entry| entry.known.is_none())
    };
    let open: Vec<String> = threads
        .iter()
        .filter(|(thread, entries)| is_open(thread, entries))
        .map(|(thread, _)| thread.1.clone())
        .collect();
    let sids: Vec<String> = page.iter().map(|message| message.sid.to_string()).collect();
    let values = [
        run.owner.organization_id.into(),
        open.into(),
        last_second.into(),
        direction.into(),
        sids.into(),
    ];
    for older in sql::rows::<Older>(conn, OLDER, values).await? {
        let thread = (last_second.timestamp(), older.customer);
        threads.entry(thread).or_default().push(Entry {
            index: None,
            known: Some(Position(older.position)),
        });
    }
    // What is read of a list later is older.
    let first = run.state.arrivals.next_of(page.len());
    let fresh = |index: usize| {
        let down = POSITION_GAP * i64::try_from(index).unwrap_or(i64::MAX / POSITION_GAP);
        Position(-(first.0 + down))
    };
    for entries in threads.into_values() {
        let listed: Vec<ListedPlace> = entries.iter().map(|entry| entry.known).collect();
        let of_entry = |entry: &Entry| entry.index.map(fresh).unwrap_or_default();
        let fresh: Vec<Position> = entries.iter().map(of_entry).collect();
        for (entry, place) in entries.iter().zip(place_listed_util(&listed, &fresh)) {
            if let Some(index) = entry.index {
                page[index].position = place;
            }
        }
    }
    Ok(())
}

/// An entry of the list; without an index it is not of the page.
struct Entry {
    index: Option<usize>,
    known: ListedPlace,
}

// A thread that begins on the page and may go on behind its end: what is here of it and not on the
// page is older.
const OLDER: &str = "
SELECT k.customer, max(m.position) AS position
FROM unnest($2::text[]) AS k (customer)
JOIN contact c ON c.organization_id = $1 AND c.phone = k.customer
JOIN message m ON m.organization_id = $1 AND m.contact_id = c.id
WHERE date_trunc('second', m.created_at AT TIME ZONE 'UTC')
        = date_trunc('second', $3::timestamptz AT TIME ZONE 'UTC')
  AND m.direction = $4 AND m.external_id <> ALL ($5)
GROUP BY k.customer
";

#[derive(FromQueryResult)]
struct Older {
    customer: String,
    position: i64,
}

fn threads_of<T>(
    page: &[&mut NewMessage],
    before: Option<&LastListed>,
    known: &HashMap<String, KnownSid<T>>,
) -> HashMap<Thread, Vec<Entry>> {
    let place_of = |sid: &str, second: i64| {
        let known = known.get(sid).filter(|known| !known.is_earlier_attempt)?;
        (known.at.timestamp() == second).then_some(known.position)
    };
    let mut threads: HashMap<Thread, Vec<Entry>> = HashMap::new();
    if let Some(before) = before
        && let Some(place) = place_of(&before.sid, before.thread.0)
    {
        let entry = Entry {
            index: None,
            known: Some(place),
        };
        threads.insert(before.thread.clone(), vec![entry]);
    }
    let mut seen = HashSet::new();
    for (index, message) in page.iter().enumerate() {
        if seen.insert(message.sid.as_str()) {
            let thread = thread_of(message);
            let known = place_of(message.sid.as_str(), thread.0);
            let entry = Entry {
                index: Some(index),
                known,
            };
            threads.entry(thread).or_default().push(entry);
        }
    }
    threads
}
