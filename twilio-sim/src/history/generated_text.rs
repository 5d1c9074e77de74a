use crate::history::Draw;

/// Longest text that Twilio takes, in characters.
const MAX_BODY: usize = 1_600;

const NAMES: [&str; 12] = [
    "Ana", "Ben", "Chloé", "Dmitri", "Elif", "Femi", "Grace", "Hiro", "Inés", "Jonas", "Kavya",
    "Łukasz",
];
const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "tomorrow",
    "next week",
];
const PLACES: [&str; 8] = [
    "12 Alder Street",
    "the north gate",
    "unit 4B",
    "Pier 39",
    "the kitchen",
    "2200 Mission St",
    "the back yard",
    "warehouse 7",
];
const THINGS: [&str; 10] = [
    "the boiler",
    "a leaking tap",
    "order #{n}",
    "the estimate",
    "invoice {n}",
    "the new keys",
    "the fridge",
    "my appointment",
    "the roof",
    "parking",
];

const FROM_CUSTOMER: [&str; 14] = [
    "Hi, is anyone there?",
    "Can you come on {day}?",
    "ok",
    "Thanks {name}!",
    "What is the price for {thing}?",
    "I'm at {place}, nobody opens.",
    "Running 10 min late, sorry",
    "Please call me back about {thing}",
    "Yes, {day} at {hour} works",
    "No",
    "Who is this?",
    "Any news on {thing}? I asked last {day}.",
    "that's \"great\" / don't worry \\o/",
    "{n}",
];
const TO_CUSTOMER: [&str; 12] = [
    "Hello {name}, this is Alder Home. How can we help?",
    "We can be at {place} on {day} at {hour}. Reply YES to confirm.",
    "Your technician {name} is on the way.",
    "Reminder: {day}, {hour}, {place}.",
    "Thank you! {thing} is done.",
    "Invoice {n}: $ {n}.50, pay at https://alder.example/pay?i={n}&src=sms#top",
    "We are closed on {day}. We will answer when we are back.",
    "Sorry for the wait, {name}. Looking at {thing} now.",
    "Could you send us a picture of {thing}?",
    "Your code is {n}. It ends in 10 minutes.",
    "All set for {day}.",
    "Got it, thanks.",
];
const ELSEWHERE: [&str; 10] = [
    "👍",
    "Merci beaucoup 🙏 à {day}",
    "👩‍🔧 {name} is here 🚐💨",
    "¿Puede venir el {day} a las {hour}? ¡Gracias!",
    "今日は{hour}に伺います。",
    "شكراً جزيلاً، أراك غداً",
    "Спасибо, всё работает!",
    "🇫🇷🏳️‍🌈 e\u{301}\u{200d} tab\there",
    "Price: 100 € [incl. VAT] {ok} ~ ^",
    "“Smart quotes” – and an em—dash…",
];

/// A text as people write it: mostly short, some with emoji or another script, some of several
/// lines, some long.
pub(crate) fn generated_text(mut source: Draw, inbound: bool) -> String {
    match source.below(100) {
        0..=9 => filled(&mut source, &ELSEWHERE),
        10..=15 => (0..2 + source.below(4))
            .map(|_| short(&mut source, inbound))
            .collect::<Vec<_>>()
            .join("\n"),
        16..=20 => long(&mut source, inbound),
        _ => short(&mut source, inbound),
    }
}

fn short(source: &mut Draw, inbound: bool) -> String {
    if inbound {
        filled(source, &FROM_CUSTOMER)
    } else {
        filled(source, &TO_CUSTOMER)
    }
}

fn long(source: &mut Draw, inbound: bool) -> String {
    let wanted = usize::try_from(200 + source.below(1_400)).unwrap_or(MAX_BODY);
    let mut text = String::new();
    while text.chars().count() < wanted {
        text.push_str(&short(source, inbound));
        text.push(' ');
    }
    text.chars()
        .take(wanted)
        .collect::<String>()
        .trim_end()
        .to_owned()
}

fn filled(source: &mut Draw, templates: &[&str]) -> String {
    let mut text = String::with_capacity(80);
    let template = source.pick(templates);
    fill(source, template, &mut text);
    text
}

/// Writes a template with something for each `{name}`; another name stays as it stands.
fn fill(source: &mut Draw, template: &str, text: &mut String) {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, end)) = after.split_once('}') else {
            break;
        };
        text.push_str(before);
        match name {
            "thing" => {
                let thing = source.pick(&THINGS);
                fill(source, thing, text);
            }
            "name" => text.push_str(source.pick(&NAMES)),
            "day" => text.push_str(source.pick(&DAYS)),
            "place" => text.push_str(source.pick(&PLACES)),
            "hour" => {
                let (hour, minute) = (7 + source.below(12), source.below(4) * 15);
                text.push_str(&format!("{hour}:{minute:02}"));
            }
            "n" => text.push_str(&(100 + source.below(99_900)).to_string()),
            other => text.extend(["{", other, "}"]),
        }
        rest = end;
    }
    text.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_varied_and_none_is_longer_than_twilio_takes() {
        let texts: Vec<String> = (0..5_000)
            .map(|index| generated_text(Draw::new(index), index % 2 == 0))
            .collect();
        assert!(texts.iter().all(|text| !text.is_empty()));
        assert!(texts.iter().all(|text| text.chars().count() <= MAX_BODY));
        assert!(texts.iter().any(|text| text.chars().count() > 1_000));
        assert!(texts.iter().any(|text| text.contains('\n')));
        assert!(texts.iter().any(|text| text.contains('👍')));
        let unfilled = ["{thing}", "{name}", "{day}", "{place}", "{hour}", "{n}"];
        assert!(
            !texts
                .iter()
                .any(|text| unfilled.iter().any(|one| text.contains(one)))
        );
        let different: std::collections::HashSet<&String> = texts.iter().collect();
        assert!(different.len() > 1_500, "{}", different.len());
    }
}
