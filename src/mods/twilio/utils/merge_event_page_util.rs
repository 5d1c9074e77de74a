use crate::{
    bases::ids::TwilioEventId,
    mods::twilio::types::{TwilioEventPage, TwilioEventRow},
};

/// The list of events after its newest page was read again: earlier ones that were loaded stay
/// below it, as does the place where the list goes on.
pub fn merge_event_page_util(
    shown: &[TwilioEventRow],
    next_before: Option<TwilioEventId>,
    newest: TwilioEventPage,
) -> (Vec<TwilioEventRow>, Option<TwilioEventId>) {
    let Some(end) = newest.next_before else {
        return (newest.events, None);
    };
    let mut rows = newest.events;
    let earlier: Vec<_> = shown.iter().filter(|row| row.id < end).cloned().collect();
    // Without earlier ones the list goes on where the page ends.
    let next_before = if earlier.is_empty() {
        Some(end)
    } else {
        next_before
    };
    rows.extend(earlier);
    (rows, next_before)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::{entities::states::TwilioEventState, mods::twilio::types::TwilioEventCounts};

    fn at(id: i64) -> Option<TwilioEventId> {
        Some(TwilioEventId(id))
    }

    fn row(id: i64) -> TwilioEventRow {
        TwilioEventRow {
            id: TwilioEventId(id),
            event_id: format!("EZ{id}"),
            event_type: "t".to_owned(),
            message_sid: None,
            account: "AC".to_owned(),
            state: TwilioEventState::Parked,
            attempts: 1,
            error: None,
            received_at: DateTime::UNIX_EPOCH,
            processed_at: None,
            next_attempt_at: None,
        }
    }

    fn page(ids: &[i64], next_before: Option<TwilioEventId>) -> TwilioEventPage {
        TwilioEventPage {
            events: ids.iter().copied().map(row).collect(),
            next_before,
            counts: TwilioEventCounts::default(),
        }
    }

    fn ids(rows: &[TwilioEventRow]) -> Vec<i64> {
        rows.iter().map(|row| row.id.0).collect()
    }

    #[test]
    fn earlier_events_that_were_loaded_stay_below_the_newest() {
        let shown: Vec<_> = [8, 7, 6, 5, 3, 2].map(row).into();
        let (rows, next) = merge_event_page_util(&shown, at(2), page(&[9, 8, 6, 5], at(5)));
        assert_eq!(ids(&rows), [9, 8, 6, 5, 3, 2], "7 is in another state now");
        assert_eq!(next, at(2));
    }

    #[test]
    fn a_list_that_has_become_short_ends() {
        let shown: Vec<_> = [8, 7, 6].map(row).into();
        let (rows, next) = merge_event_page_util(&shown, at(6), page(&[9], None));
        assert_eq!((ids(&rows), next), (vec![9], None));
        let (rows, next) = merge_event_page_util(&[], None, page(&[9, 8], at(8)));
        assert_eq!((ids(&rows), next), (vec![9, 8], at(8)));
    }
}
