use crate::{
    bases::ids::AccountChangeId,
    entities::states::AccountChangeState,
    mods::account::types::{AccountChange, AccountChangePage},
};

/// The newest part of the account activity, read again, followed by what is known of older parts.
pub fn merge_account_changes_util(
    known: &AccountChangePage,
    mut newest: AccountChangePage,
) -> AccountChangePage {
    let Some(last) = newest.changes.last().map(place) else {
        return newest;
    };
    let older: Vec<_> = known
        .changes
        .iter()
        .filter(|change| place(change) < last)
        .cloned()
        .collect();
    if older.is_empty() {
        return newest;
    }
    newest.changes.extend(older);
    newest.next_before.clone_from(&known.next_before);
    // What was taken back meanwhile may stand in an older part, which was not read again.
    let undone: Vec<_> = newest
        .changes
        .iter()
        .filter(|change| change.state == AccountChangeState::Done)
        .filter_map(|change| Some((change.undo_of?, change.created_at)))
        .collect();
    for (id, at) in undone {
        let taken_back = newest.changes.iter_mut().find(|change| change.id == id);
        if let Some(change) = taken_back {
            change.can_undo = false;
            change.undone_at = change.undone_at.or(Some(at));
        }
    }
    newest
}

/// Where a change stands in the list.
fn place(change: &AccountChange) -> (chrono::DateTime<chrono::Utc>, AccountChangeId) {
    (change.created_at, change.id)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::{entities::states::AccountChangeKind, twilio::MaskedSid};

    fn change(at: i64, undo_of: Option<i64>) -> AccountChange {
        let id = |at: i64| AccountChangeId(Uuid::from_u128(at as u128));
        AccountChange {
            id: id(at),
            kind: AccountChangeKind::VoiceUrlSet,
            state: AccountChangeState::Done,
            account_sid: MaskedSid::of("AC1"),
            user_name: None,
            summary: String::new(),
            resource: String::new(),
            phone_number_id: None,
            values: Vec::new(),
            error: None,
            created_at: DateTime::from_timestamp(at, 0).unwrap_or_default(),
            undone_at: None,
            undo_of: undo_of.map(id),
            can_undo: true,
        }
    }

    fn page(changes: Vec<AccountChange>, next: Option<&str>) -> AccountChangePage {
        AccountChangePage {
            changes,
            next_before: next.map(str::to_owned),
        }
    }

    #[test]
    fn older_parts_stay_and_what_was_taken_back_since_cannot_be_undone_again() {
        let known = page(
            vec![change(4, None), change(3, None), change(2, None)],
            Some("2"),
        );
        let newest = page(vec![change(5, Some(2)), change(4, None)], Some("4"));
        let merged = merge_account_changes_util(&known, newest);
        let times: Vec<_> = merged
            .changes
            .iter()
            .map(|one| one.created_at.timestamp())
            .collect();
        assert_eq!(times, [5, 4, 3, 2]);
        assert_eq!(merged.next_before.as_deref(), Some("2"));
        assert!(merged.changes[2].can_undo);
        assert!(!merged.changes[3].can_undo && merged.changes[3].undone_at.is_some());
    }

    #[test]
    fn without_older_parts_it_is_what_was_read() {
        let newest = page(vec![change(5, None)], Some("5"));
        let known = page(vec![change(5, None)], Some("5"));
        assert_eq!(merge_account_changes_util(&known, newest.clone()), newest);
    }
}
