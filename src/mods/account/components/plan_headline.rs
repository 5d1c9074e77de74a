use crate::{
    entities::states::{AccountChangeKind, ChangeVerb},
    mods::account::types::PlannedChange,
};

/// A plan in a sentence: "Will create 1 event sink, create 1 subscription; nothing else changes".
pub fn plan_headline(changes: &[PlannedChange]) -> String {
    let mut counts: Vec<((&str, &str), usize)> = Vec::new();
    for change in changes {
        let words = words(change);
        match counts.iter_mut().find(|(known, _)| *known == words) {
            Some((_, count)) => *count += 1,
            None => counts.push((words, 1)),
        }
    }
    if counts.is_empty() {
        return "Nothing to do: everything is as it should be".to_owned();
    }
    let parts: Vec<_> = counts
        .into_iter()
        .map(|((verb, thing), count)| {
            let plural = if count == 1 { "" } else { "s" };
            format!("{verb} {count} {thing}{plural}")
        })
        .collect();
    format!("Will {}; nothing else changes", parts.join(", "))
}

fn words(change: &PlannedChange) -> (&'static str, &'static str) {
    let verb = match change.verb {
        ChangeVerb::Create => "create",
        ChangeVerb::Change => "change",
        ChangeVerb::Remove => "remove",
    };
    match change.kind {
        AccountChangeKind::SinkCreated | AccountChangeKind::SinkRemoved => (verb, "event sink"),
        AccountChangeKind::SinkValidated => ("validate", "event sink"),
        AccountChangeKind::SubscriptionCreated | AccountChangeKind::SubscriptionRemoved => {
            (verb, "subscription")
        }
        AccountChangeKind::EventTypeAdded => ("add", "event type"),
        AccountChangeKind::EventTypeVersionSet | AccountChangeKind::EventTypeRemoved => {
            (verb, "event type")
        }
        AccountChangeKind::NumberBought => ("buy", "number"),
        AccountChangeKind::NumberReleased => ("release", "number"),
        AccountChangeKind::VoiceUrlSet
        | AccountChangeKind::VoiceUrlRestored
        | AccountChangeKind::SmsUrlSet
        | AccountChangeKind::SmsUrlRestored
        | AccountChangeKind::NumberRepaired
        | AccountChangeKind::NumberRenamed => (verb, "number"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(kind: AccountChangeKind) -> PlannedChange {
        PlannedChange {
            kind,
            verb: kind.verb(),
            summary: String::new(),
            resource: String::new(),
            values: Vec::new(),
        }
    }

    #[test]
    fn changes_of_one_kind_are_counted_together() {
        for (kinds, headline) in [
            (vec![], "Nothing to do: everything is as it should be"),
            (
                vec![
                    AccountChangeKind::SinkCreated,
                    AccountChangeKind::SubscriptionCreated,
                ],
                "Will create 1 event sink, create 1 subscription; nothing else changes",
            ),
            (
                vec![AccountChangeKind::EventTypeAdded; 2],
                "Will add 2 event types; nothing else changes",
            ),
            (
                vec![AccountChangeKind::NumberBought],
                "Will buy 1 number; nothing else changes",
            ),
        ] {
            let changes: Vec<_> = kinds.into_iter().map(change).collect();
            assert_eq!(plan_headline(&changes), headline);
        }
    }
}
