use chrono::{DateTime, NaiveTime, TimeDelta, Timelike, Utc};

use super::{demo_chance_util, demo_sid_util};
use crate::types::{DemoEnding, DemoEnds, DemoLine, DemoNumber, DemoScript, DemoSpeaker, DemoUser};
use loquent::entities::states::{MessageDirection, MessageSource, MessageStatus};

/// How long the demo organization has used Loquent; what is older was imported.
const CONNECTED_FOR: TimeDelta = TimeDelta::days(12);
/// San Francisco, where the days that texts talk of begin; summer time does not matter here.
const HOURS_BEHIND_UTC: i64 = 8;
/// A pause between two texts that is at least this long separates two days; in minutes.
const NIGHT: u32 = 18 * 60;
/// The first texts of a day are written between these, in minutes of a UTC day: it is 7:30 to
/// 14:30 in San Francisco, and day on most screens that will show it.
const OPENS: i64 = 15 * 60 + 30;
const CLOSES: i64 = 22 * 60 + 30;
const MINUTES_OF_DAY: i64 = 24 * 60;
/// How far ahead a text names a day.
const MAX_DAYS_AHEAD: i64 = 9;

/// A text of the demo as it would be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlayedMessage {
    /// What the message is known by to `demo_chance_util`.
    pub label: String,
    /// Twilio's SID; none if Twilio did not take the text.
    pub sid: Option<String>,
    pub direction: MessageDirection,
    pub number: DemoNumber,
    pub body: String,
    pub status: MessageStatus,
    pub source: MessageSource,
    pub error: Option<(i32, &'static str)>,
    pub sent_by: Option<DemoUser>,
    pub unread: bool,
    pub at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
    pub delivered_at: Option<DateTime<Utc>>,
    /// When it reached its status.
    pub settled_at: DateTime<Utc>,
}

/// When the demo organization began to use Loquent, seen from now.
pub fn connected_at(now: DateTime<Utc>) -> DateTime<Utc> {
    now - CONNECTED_FOR
}

/// The texts of a conversation, oldest first, at times that lead up to now. The same now gives
/// the same texts.
pub fn play_demo_script_util(script: &DemoScript, now: DateTime<Utc>) -> Vec<PlayedMessage> {
    let first_unread = script.lines.len() - script.unread.min(script.lines.len());
    let mut last = DateTime::<Utc>::MIN_UTC;
    let mut played = Vec::with_capacity(script.lines.len());
    for (index, (line, at)) in script.lines.iter().zip(times(script, now)).enumerate() {
        let label = label(script, index);
        // Nobody writes on the full minute.
        let early = TimeDelta::milliseconds(chance(&label, "early", 45_000));
        let at = (at - early).max(last + TimeDelta::seconds(2));
        last = at;
        played.push(play_line(line, label, at, index >= first_unread, now));
    }
    played
}

fn label(script: &DemoScript, index: usize) -> String {
    format!("{} {index}", script.phone)
}

/// When each text is written, to the minute: counted back from the end, then the days before the
/// last one are moved to where people are awake.
fn times(script: &DemoScript, now: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let end = end_of(script.ends, now);
    let total: i64 = script.lines.iter().map(|line| i64::from(line.wait)).sum();
    let mut at = end - TimeDelta::minutes(total);
    let mut times = Vec::with_capacity(script.lines.len());
    for line in &script.lines {
        at += TimeDelta::minutes(line.wait.into());
        times.push(at);
    }
    let mut first_of_day = 0;
    for (index, line) in script.lines.iter().enumerate().skip(1) {
        if line.wait >= NIGHT {
            let shift = into_working_day(times[first_of_day], &label(script, first_of_day));
            times[first_of_day..index]
                .iter_mut()
                .for_each(|time| *time += shift);
            first_of_day = index;
        }
    }
    times
}

fn into_working_day(at: DateTime<Utc>, label: &str) -> TimeDelta {
    let minute = i64::from(at.num_seconds_from_midnight() / 60);
    let middle_of_night = (CLOSES + OPENS + MINUTES_OF_DAY) / 2 - MINUTES_OF_DAY;
    let inward = chance(label, "hour", 60);
    TimeDelta::minutes(match minute {
        OPENS..=CLOSES => 0,
        _ if minute > CLOSES => CLOSES - minute - inward,
        _ if minute < middle_of_night => CLOSES - MINUTES_OF_DAY - minute - inward,
        _ => OPENS - minute + inward,
    })
}

fn end_of(ends: DemoEnds, now: DateTime<Utc>) -> DateTime<Utc> {
    match ends {
        DemoEnds::Ago(minutes) => now - TimeDelta::minutes(minutes.into()),
        DemoEnds::Day { days, minute } => {
            let midnight = now.date_naive().and_time(NaiveTime::MIN).and_utc();
            midnight - TimeDelta::days(days.into()) + TimeDelta::minutes(minute.into())
        }
    }
}

fn play_line(
    line: &DemoLine,
    label: String,
    at: DateTime<Utc>,
    unread: bool,
    now: DateTime<Utc>,
) -> PlayedMessage {
    let imported = at < connected_at(now);
    let (direction, source, sent_by) = match line.speaker {
        DemoSpeaker::Customer => (MessageDirection::Inbound, MessageSource::Loquent, None),
        DemoSpeaker::User(user) => (
            MessageDirection::Outbound,
            MessageSource::Loquent,
            Some(user),
        ),
        DemoSpeaker::OtherPlatform => (MessageDirection::Outbound, MessageSource::External, None),
    };
    let way = match direction {
        MessageDirection::Inbound => Way::inbound(at),
        MessageDirection::Outbound => Way::outbound(line.ending, at, &label),
    };
    PlayedMessage {
        sid: way.at_twilio.then(|| demo_sid_util("SM", &label)),
        direction,
        number: line.number,
        body: name_days(&line.text, at),
        status: way.status,
        source: if imported {
            MessageSource::Import
        } else {
            source
        },
        error: way.error,
        sent_by: sent_by.filter(|_| !imported),
        unread: unread && direction == MessageDirection::Inbound,
        at,
        sent_at: way.sent_at,
        delivered_at: way.delivered_at,
        settled_at: way.settled_at,
        label,
    }
}

/// How a text fared.
struct Way {
    status: MessageStatus,
    at_twilio: bool,
    error: Option<(i32, &'static str)>,
    sent_at: Option<DateTime<Utc>>,
    delivered_at: Option<DateTime<Utc>>,
    settled_at: DateTime<Utc>,
}

impl Way {
    fn inbound(at: DateTime<Utc>) -> Self {
        Self {
            status: MessageStatus::Received,
            at_twilio: true,
            error: None,
            sent_at: None,
            delivered_at: None,
            settled_at: at,
        }
    }

    fn outbound(ending: DemoEnding, at: DateTime<Utc>, label: &str) -> Self {
        let taken = at + TimeDelta::milliseconds(300 + chance(label, "taken", 300));
        let sent = at + TimeDelta::milliseconds(900 + chance(label, "sent", 900));
        let ended = sent + TimeDelta::milliseconds(1_200 + chance(label, "ended", 7_000));
        let way = |status, sent_at, settled_at| Self {
            status,
            at_twilio: true,
            error: None,
            sent_at,
            delivered_at: None,
            settled_at,
        };
        match ending {
            DemoEnding::Queued => way(MessageStatus::Queued, None, taken),
            DemoEnding::Sending => way(MessageStatus::Sending, None, taken),
            DemoEnding::Sent => way(MessageStatus::Sent, Some(sent), sent),
            DemoEnding::Delivered => Self {
                delivered_at: Some(ended),
                ..way(MessageStatus::Delivered, Some(sent), ended)
            },
            DemoEnding::Undelivered(code) => Self {
                error: Some((code, error_text(code))),
                ..way(MessageStatus::Undelivered, Some(sent), ended)
            },
            DemoEnding::Refused(code) => Self {
                at_twilio: false,
                error: Some((code, error_text(code))),
                ..way(MessageStatus::Failed, None, taken)
            },
        }
    }
}

/// Twilio's own words, from [its error dictionary](https://www.twilio.com/docs/api/errors).
fn error_text(code: i32) -> &'static str {
    match code {
        21_610 => "Attempt to send to unsubscribed recipient",
        30_003 => "Unreachable destination handset",
        30_006 => "Landline or unreachable carrier",
        30_007 => "Message filtered",
        30_034 => "US A2P 10DLC - Message from an Unregistered Number",
        _ => "Unknown error",
    }
}

fn chance(label: &str, what: &str, limit: u64) -> i64 {
    i64::try_from(demo_chance_util(&format!("{label} {what}"), limit)).unwrap_or(0)
}

/// Puts days into the places that ask for them: `{day+2}` becomes "Thursday", `{date+2}` becomes
/// "Thu Nov 20".
fn name_days(text: &str, at: DateTime<Utc>) -> String {
    let mut named = text.to_owned();
    if !named.contains('{') {
        return named;
    }
    let today = at - TimeDelta::hours(HOURS_BEHIND_UTC);
    for ahead in 0..=MAX_DAYS_AHEAD {
        let day = today + TimeDelta::days(ahead);
        named = named
            .replace(&format!("{{day+{ahead}}}"), &day.format("%A").to_string())
            .replace(
                &format!("{{date+{ahead}}}"),
                &day.format("%a %b %-d").to_string(),
            );
    }
    named
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashSet};

    use super::*;
    use crate::{conversations::DEMO_SCRIPTS, utils::parse_demo_scripts_util};
    use loquent::mods::{
        contact::utils::parse_phone_number_util, messaging::utils::count_segments_util,
    };

    fn scripts() -> Vec<DemoScript> {
        DEMO_SCRIPTS
            .iter()
            .flat_map(|text| parse_demo_scripts_util(text).expect("a valid script"))
            .collect()
    }

    fn moments() -> Vec<DateTime<Utc>> {
        [
            "2026-03-08T00:01:00Z",
            "2026-11-20T09:30:00Z",
            "2027-01-01T23:59:00Z",
        ]
        .iter()
        .map(|text| text.parse().expect("a time"))
        .collect()
    }

    #[test]
    fn the_demo_has_40_customers_with_numbers_that_exist_and_are_used_once() {
        let scripts = scripts();
        let home = DemoNumber::Main.number();
        let mut phones: HashSet<String> = DemoNumber::ALL.map(|n| n.number().to_owned()).into();
        for script in &scripts {
            let phone = script.phone.as_str();
            assert!(parse_phone_number_util(phone, home).is_ok(), "{phone}");
            assert!(
                phone[5..].starts_with("55501"),
                "{phone} may belong to somebody"
            );
            assert!(phones.insert(phone.to_owned()), "{phone} is used twice");
            assert!(!script.lines.is_empty(), "{phone}");
        }
        assert_eq!(scripts.len(), 40);
        assert!(
            scripts
                .iter()
                .filter(|script| script.first_name.is_empty())
                .count()
                >= 3
        );
        assert_eq!(scripts.iter().filter(|script| script.opted_out).count(), 1);
        assert!(scripts.iter().any(|script| script.lines.len() >= 60));
    }

    #[test]
    fn every_text_lies_in_the_last_30_days_in_order_and_has_its_own_sid() {
        for now in moments() {
            let mut sids = HashSet::new();
            let mut count = 0;
            for script in scripts() {
                let played = play_demo_script_util(&script, now);
                assert!(played.is_sorted_by(|a, b| a.at < b.at), "{}", script.phone);
                for message in &played {
                    assert!(message.at > now - TimeDelta::days(30), "{}", message.label);
                    assert!(message.settled_at < now, "{}", message.label);
                    assert!(message.sid.iter().all(|sid| sids.insert(sid.clone())));
                    assert!(!message.body.contains(['{', '}']), "{}", message.body);
                    let import = message.source == MessageSource::Import;
                    assert!(
                        !import || message.sid.is_some(),
                        "Twilio's history has only SIDs"
                    );
                }
                count += played.len();
            }
            assert!((300..=500).contains(&count), "{count} messages");
        }
    }

    #[test]
    fn the_days_before_the_last_begin_in_the_daytime_and_nights_stay_nights() {
        for (now, script) in moments()
            .iter()
            .flat_map(|now| scripts().into_iter().map(|s| (*now, s)))
        {
            let times = times(&script, now);
            let days: Vec<usize> = (0..times.len())
                .filter(|i| *i == 0 || script.lines[*i].wait >= NIGHT)
                .collect();
            for (place, first) in days.iter().enumerate() {
                let minute = i64::from(times[*first].num_seconds_from_midnight() / 60);
                let is_last = place + 1 == days.len();
                assert!(
                    is_last || (OPENS..=CLOSES).contains(&minute),
                    "{} {first}",
                    script.phone
                );
                let pause = first
                    .checked_sub(1)
                    .map(|before| times[*first] - times[before]);
                assert!(
                    pause.is_none_or(|p| p > TimeDelta::hours(2)),
                    "{} {first}: {pause:?}",
                    script.phone
                );
            }
        }
    }

    #[test]
    fn every_status_source_and_error_code_is_there() {
        let now = moments()[1];
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut longest = 0;
        for message in scripts()
            .iter()
            .flat_map(|script| play_demo_script_util(script, now))
        {
            let error = message.error.map(|(code, _)| code.to_string());
            let words = [
                message.status.as_str().to_owned(),
                message.source.as_str().to_owned(),
            ];
            for word in words.into_iter().chain(error) {
                *seen.entry(word).or_default() += 1;
            }
            longest = longest.max(count_segments_util(&message.body).segments);
        }
        for word in [
            "queued",
            "sending",
            "sent",
            "delivered",
            "undelivered",
            "failed",
            "received",
            "loquent",
            "external",
            "import",
            "21610",
            "30003",
            "30006",
            "30007",
            "30034",
        ] {
            assert!(seen.contains_key(word), "no {word} in {seen:?}");
        }
        assert!(longest >= 4, "the longest text has {longest} segments");
    }

    #[test]
    fn a_day_is_named_as_seen_from_the_text() {
        let late_wednesday: DateTime<Utc> = "2026-11-19T05:00:00Z".parse().expect("a time");
        assert_eq!(
            name_days("on {day+0}, {date+2}", late_wednesday),
            "on Wednesday, Fri Nov 20"
        );
    }
}
