use crate::types::{DemoEnding, DemoEnds, DemoLine, DemoNumber, DemoScript, DemoSpeaker, DemoUser};
use loquent::bases::e164::E164;

/// A script is not in the form that [`parse_demo_scripts_util`] describes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of a demo script: {reason}")]
pub struct ParseDemoScriptError {
    line: usize,
    reason: &'static str,
}

/// Reads conversations. Each begins with a head, its texts follow, one on a line:
/// ```text
/// == Maya Okafor; +14155550162; main; sms_sync; ago 2m; unread 2
/// customer +0m: Hi, do you service water heaters?
/// noor +8m via=dispatch undelivered=30003: We do! I have {day+6}, would that work?
/// ```
/// Head: name (may be empty), phone, number, `contact.source`, when the last text was written
/// (`ago 3h5m`, or `day 2 18:45`, which is two days ago in UTC), then `unread N`, `opted-out`.
///
/// Text: who, the time since the text before, `via=NUMBER`, how far it came (`queued`, `sending`,
/// `sent`, `undelivered=CODE`, `refused=CODE`; delivered unless given). `{day+N}` and `{date+N}`
/// stand for the day N days after the text.
pub fn parse_demo_scripts_util(text: &str) -> Result<Vec<DemoScript>, ParseDemoScriptError> {
    let mut scripts: Vec<DemoScript> = Vec::new();
    for (index, raw) in text.lines().enumerate() {
        let at = |reason| ParseDemoScriptError {
            line: index + 1,
            reason,
        };
        match raw.strip_prefix("== ") {
            _ if raw.trim().is_empty() => {}
            Some(head) => scripts.push(parse_head(head).map_err(at)?),
            None => {
                let script = scripts
                    .last_mut()
                    .ok_or_else(|| at("a text before any head"))?;
                let line = parse_line(raw, script.number).map_err(at)?;
                script.lines.push(line);
            }
        }
    }
    Ok(scripts)
}

fn parse_head(head: &str) -> Result<DemoScript, &'static str> {
    let mut fields = head.split(';').map(str::trim);
    let mut next = || fields.next().ok_or("the head lacks a field");
    let (first_name, last_name) = split_name(next()?);
    let mut script = DemoScript {
        first_name,
        last_name,
        phone: E164::parse(next()?).map_err(|_| "the phone is not in E.164")?,
        number: parse_number(next()?)?,
        source: parse_source(next()?)?,
        ends: parse_ends(next()?)?,
        unread: 0,
        opted_out: false,
        lines: Vec::new(),
    };
    for option in fields {
        match option.split_once(' ') {
            Some(("unread", count)) => {
                script.unread = count.parse().map_err(|_| "`unread` needs a number")?;
            }
            None if option == "opted-out" => script.opted_out = true,
            _ => return Err("unknown field in the head"),
        }
    }
    Ok(script)
}

fn split_name(name: &str) -> (String, String) {
    let (first, last) = name.split_once(' ').unwrap_or((name, ""));
    (first.to_owned(), last.to_owned())
}

fn parse_number(word: &str) -> Result<DemoNumber, &'static str> {
    match word {
        "main" => Ok(DemoNumber::Main),
        "dispatch" => Ok(DemoNumber::Dispatch),
        "tollfree" => Ok(DemoNumber::TollFree),
        _ => Err("unknown number"),
    }
}

fn parse_source(word: &str) -> Result<&'static str, &'static str> {
    ["manual", "inbound", "sms_sync", "external"]
        .into_iter()
        .find(|known| *known == word)
        .ok_or("unknown source of a contact")
}

fn parse_ends(text: &str) -> Result<DemoEnds, &'static str> {
    const WRONG: &str = "the end must be like `ago 3h5m` or `day 2 18:45`";
    match text.split(' ').collect::<Vec<_>>().as_slice() {
        ["ago", duration] => Ok(DemoEnds::Ago(parse_minutes(duration)?)),
        ["day", days, time] => {
            let (hour, minute) = time.split_once(':').ok_or(WRONG)?;
            let number = |text: &str| text.parse::<u32>().map_err(|_| WRONG);
            Ok(DemoEnds::Day {
                days: number(days)?,
                minute: number(hour)? * 60 + number(minute)?,
            })
        }
        _ => Err(WRONG),
    }
}

/// Minutes in a text like `1d2h30m`.
fn parse_minutes(text: &str) -> Result<u32, &'static str> {
    const WRONG: &str = "a duration must be like 8m or 1d2h30m";
    let mut minutes = 0;
    let mut number = String::new();
    for character in text.chars() {
        let unit = match character {
            '0'..='9' => {
                number.push(character);
                continue;
            }
            'm' => 1,
            'h' => 60,
            'd' => 24 * 60,
            _ => return Err(WRONG),
        };
        minutes += number.parse::<u32>().map_err(|_| WRONG)? * unit;
        number.clear();
    }
    if text.is_empty() || !number.is_empty() {
        return Err(WRONG);
    }
    Ok(minutes)
}

fn parse_line(raw: &str, number: DemoNumber) -> Result<DemoLine, &'static str> {
    let (head, text) = raw.split_once(": ").ok_or("a text needs `who +time: `")?;
    let mut words = head.split(' ');
    let speaker = parse_speaker(words.next().unwrap_or_default())?;
    let wait = words.next().and_then(|word| word.strip_prefix('+'));
    let wait = parse_minutes(wait.ok_or("the time must be like +8m")?)?;
    let mut line = DemoLine {
        speaker,
        wait,
        number,
        ending: DemoEnding::Delivered,
        text: text.to_owned(),
    };
    for option in words {
        match option.split_once('=') {
            Some(("via", word)) => line.number = parse_number(word)?,
            _ => line.ending = parse_ending(option)?,
        }
    }
    Ok(line)
}

fn parse_speaker(word: &str) -> Result<DemoSpeaker, &'static str> {
    Ok(match word {
        "customer" => DemoSpeaker::Customer,
        "priya" => DemoSpeaker::User(DemoUser::Priya),
        "noor" => DemoSpeaker::User(DemoUser::Noor),
        "tomas" => DemoSpeaker::User(DemoUser::Tomas),
        "other" => DemoSpeaker::OtherPlatform,
        _ => return Err("unknown speaker"),
    })
}

fn parse_ending(word: &str) -> Result<DemoEnding, &'static str> {
    let code = |text: &str| text.parse::<i32>().map_err(|_| "an error code is a number");
    Ok(match word.split_once('=') {
        Some(("undelivered", text)) => DemoEnding::Undelivered(code(text)?),
        Some(("refused", text)) => DemoEnding::Refused(code(text)?),
        None if word == "queued" => DemoEnding::Queued,
        None if word == "sending" => DemoEnding::Sending,
        None if word == "sent" => DemoEnding::Sent,
        _ => return Err("unknown ending of a text"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_is_read_with_everything_it_says() {
        let scripts = parse_demo_scripts_util(
            "== Ana de Souza; +14155550162; main; manual; day 2 18:45; unread 1; opted-out\n\
             noor +1d2h3m via=dispatch undelivered=30003: At 9: ok?\n\ncustomer +4m: STOP\n",
        )
        .expect("valid");
        let [script] = scripts.as_slice() else {
            panic!("{scripts:?}")
        };
        assert_eq!(
            (script.first_name.as_str(), script.last_name.as_str()),
            ("Ana", "de Souza")
        );
        assert_eq!(
            script.ends,
            DemoEnds::Day {
                days: 2,
                minute: 18 * 60 + 45
            }
        );
        assert!(script.opted_out && script.unread == 1);
        let expected = DemoLine {
            speaker: DemoSpeaker::User(DemoUser::Noor),
            wait: 26 * 60 + 3,
            number: DemoNumber::Dispatch,
            ending: DemoEnding::Undelivered(30_003),
            text: "At 9: ok?".to_owned(),
        };
        assert_eq!(script.lines[0], expected);
        assert_eq!(script.lines[1].number, DemoNumber::Main);
    }

    #[test]
    fn a_mistake_is_reported_with_its_line() {
        let head = "== ; +14155550162; main; manual; ago 2m";
        for (text, line) in [
            ("customer +0m: no head".to_owned(), 1),
            (format!("{head}\nsomebody +0m: hi"), 2),
            (format!("{head}\ncustomer 5m: hi"), 2),
            (format!("{head}\ncustomer +5: hi"), 2),
            (format!("{head}\nnoor +5m lost: hi"), 2),
            (head.replace("main", "fax"), 1),
            (head.replace("ago", "in"), 1),
        ] {
            let error = parse_demo_scripts_util(&text).expect_err("a mistake");
            assert_eq!(error.line, line, "{text}");
        }
    }
}
