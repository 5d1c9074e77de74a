use std::collections::HashMap;
use std::time::Duration;

use chrono::Utc;

use crate::faults::{
    ArmedFault, DeliveryFaults, Fault, FaultPlan, FaultReport, FaultRule, FiredFault, Occasion,
};
use crate::history::Draw;
use crate::store::{LogPage, RingLog};

/// Faults that are remembered after they have happened.
const LOG_LENGTH: usize = 50_000;
/// Paths whose first requests are counted.
const MAX_PATHS: usize = 100_000;

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RequestFaults {
    pub latency: Duration,
    /// What replaces the answer.
    pub fault: Option<Fault>,
}

/// What happens to a page of messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PageFaults {
    pub repeat: bool,
    pub arrivals: u32,
}

/// The armed faults, and the memory of what has happened.
#[derive(Debug)]
pub(crate) struct FaultBook {
    seed: u64,
    armed: Vec<ArmedFault>,
    per_path: HashMap<(usize, String), u32>,
    log: RingLog<FiredFault>,
}

impl FaultBook {
    /// A book without rules.
    pub fn new() -> Self {
        Self {
            seed: 0,
            armed: Vec::new(),
            per_path: HashMap::new(),
            log: RingLog::new(LOG_LENGTH),
        }
    }

    /// Replaces every rule; counts begin again.
    pub fn arm(&mut self, plan: FaultPlan) {
        self.seed = plan.seed;
        self.armed.clear();
        self.per_path.clear();
        self.log.clear();
        plan.rules.into_iter().for_each(|rule| self.add(rule));
    }

    /// Adds a rule after the others.
    pub fn add(&mut self, rule: FaultRule) {
        self.armed.push(ArmedFault {
            rule,
            matched: 0,
            fired: 0,
        });
    }

    /// Number of rules.
    pub fn len(&self) -> usize {
        self.armed.len()
    }

    /// The rules with their counts.
    pub fn report(&self) -> FaultReport {
        FaultReport {
            seed: self.seed,
            rules: self.armed.clone(),
            fired: self.armed.iter().map(|one| one.fired).sum(),
        }
    }

    /// What has happened.
    pub fn fired_after(&self, after: u64, limit: usize) -> LogPage<FiredFault> {
        self.log.after(after, limit)
    }

    /// Decides what happens to a request: waits add up, and the first rule that replaces the
    /// answer and fires is the only one of its kind.
    pub fn decide_request(&mut self, occasion: &Occasion<'_>) -> RequestFaults {
        let mut faults = RequestFaults {
            latency: Duration::ZERO,
            fault: None,
        };
        for position in 0..self.armed.len() {
            match self.armed[position].rule.fault {
                Fault::Latency { ms, jitter_ms } => {
                    if let Some(mut source) = self.fires(position, occasion) {
                        let ms = ms + source.below(jitter_ms + 1);
                        faults.latency += Duration::from_millis(ms);
                    }
                }
                fault if fault.replaces_answer() && faults.fault.is_none() => {
                    faults.fault = self.fires(position, occasion).map(|_| fault);
                }
                _ => {}
            }
        }
        faults
    }

    /// The age below which a list hides its messages.
    pub fn decide_lag(&mut self, occasion: &Occasion<'_>) -> Option<Duration> {
        (0..self.armed.len()).find_map(|position| match self.armed[position].rule.fault {
            Fault::ListLag { ms } => self
                .fires(position, occasion)
                .map(|_| Duration::from_millis(ms)),
            _ => None,
        })
    }

    /// Decides what happens to a page of messages that is ready to be answered.
    pub fn decide_page(&mut self, occasion: &Occasion<'_>, has_next: bool) -> PageFaults {
        let mut faults = PageFaults::default();
        for position in 0..self.armed.len() {
            match self.armed[position].rule.fault {
                Fault::RepeatPage if has_next && !faults.repeat => {
                    faults.repeat = self.fires(position, occasion).is_some();
                }
                Fault::Arrivals { count } => {
                    let fired = self.fires(position, occasion);
                    faults.arrivals += fired.map_or(0, |_| count);
                }
                _ => {}
            }
        }
        faults
    }

    /// Decides what happens to an event or a callback.
    pub fn decide_delivery(&mut self, occasion: &Occasion<'_>) -> DeliveryFaults {
        let mut faults = DeliveryFaults::default();
        for position in 0..self.armed.len() {
            let fault = self.armed[position].rule.fault;
            if let Some(source) = self.fires(position, occasion) {
                faults.add(fault, source);
                if faults.dropped {
                    break;
                }
            }
        }
        faults
    }

    /// Counts the occasion, and gives a source of numbers for it if the rule fires.
    fn fires(&mut self, position: usize, occasion: &Occasion<'_>) -> Option<Draw> {
        let armed = &mut self.armed[position];
        if !armed.rule.covers(occasion) {
            return None;
        }
        armed.matched += 1;
        if armed.rule.times.is_some_and(|times| armed.fired >= times) {
            return None;
        }
        let mut source = Draw::new(self.seed)
            .fork(position as u64)
            .fork(armed.matched);
        if armed
            .rule
            .probability
            .is_some_and(|probability| source.share() >= probability)
        {
            return None;
        }
        if let Some(first) = armed.rule.first_per_path {
            let key = (position, occasion.subject.to_owned());
            if self.per_path.len() >= MAX_PATHS && !self.per_path.contains_key(&key) {
                return None;
            }
            let seen = self.per_path.entry(key).or_default();
            if *seen >= first {
                return None;
            }
            *seen += 1;
        }
        armed.fired += 1;
        let kind = armed.rule.fault.name();
        self.log.push(|seq| FiredFault {
            seq,
            at: Utc::now(),
            rule: position,
            kind,
            subject: occasion.subject.to_owned(),
            message_sid: occasion.message_sid.cloned(),
        });
        Some(source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::FaultTarget;
    use crate::model::Sid;

    fn occasion(subject: &str) -> Occasion<'_> {
        Occasion {
            target: FaultTarget::ListMessages,
            account_sid: Some("AC1"),
            numbers: vec!["+14155550134"],
            subject,
            message_sid: None,
        }
    }

    fn book(seed: u64, rules: Vec<FaultRule>) -> FaultBook {
        let mut book = FaultBook::new();
        book.arm(FaultPlan { seed, rules });
        book
    }

    fn decisions(book: &mut FaultBook, count: usize) -> Vec<Option<Fault>> {
        (0..count)
            .map(|_| book.decide_request(&occasion("/a")).fault)
            .collect()
    }

    const NOT_FOUND: Fault = Fault::NotFound;
    const LIST: FaultTarget = FaultTarget::ListMessages;

    #[test]
    fn a_probability_picks_the_same_occasions_for_the_same_seed() {
        let rules = || vec![FaultRule::sometimes(0.3, LIST, NOT_FOUND)];
        let first = decisions(&mut book(5, rules()), 1_000);
        assert_eq!(first, decisions(&mut book(5, rules()), 1_000));
        assert_ne!(first, decisions(&mut book(6, rules()), 1_000));
        let fired = first.iter().filter(|one| one.is_some()).count();
        assert!((250..350).contains(&fired), "{fired}");
    }

    #[test]
    fn the_next_times_are_hit_and_no_more() {
        let mut book = book(0, vec![FaultRule::next(2, FaultTarget::Any, NOT_FOUND)]);
        let hit = Some(NOT_FOUND);
        assert_eq!(decisions(&mut book, 4), [hit, hit, None, None]);
        let report = book.report();
        assert_eq!((report.rules[0].matched, report.rules[0].fired), (4, 2));
        assert_eq!(book.fired_after(0, 10).entries.len(), 2);
    }

    #[test]
    fn only_the_first_requests_of_each_path_are_hit() {
        let rule = FaultRule {
            first_per_path: Some(1),
            ..FaultRule::always(LIST, NOT_FOUND)
        };
        let mut book = book(0, vec![rule]);
        let mut hit = |path| book.decide_request(&occasion(path)).fault.is_some();
        assert!(hit("/a"));
        assert!(hit("/b"));
        assert!(!hit("/a"));
    }

    #[test]
    fn waits_add_up_and_only_the_first_other_fault_counts() {
        let wait = |ms| FaultRule::always(LIST, Fault::Latency { ms, jitter_ms: 0 });
        let rules = vec![
            wait(10),
            FaultRule::always(LIST, Fault::Cut),
            FaultRule::always(LIST, NOT_FOUND),
            wait(5),
        ];
        let mut book = book(0, rules);
        let faults = book.decide_request(&occasion("/a"));
        assert_eq!(faults.latency, Duration::from_millis(15));
        assert_eq!(faults.fault, Some(Fault::Cut));
        assert_eq!(book.report().rules[2].matched, 0);
    }

    #[test]
    fn a_rule_for_a_number_or_an_account_leaves_the_others_alone() {
        let rule = |account: &str, number: &str| FaultRule {
            account_sid: Sid::parse(account),
            number: Some(number.to_owned()),
            ..FaultRule::always(LIST, Fault::Unauthorized)
        };
        let hits = |rule: FaultRule| {
            let mut book = book(0, vec![rule]);
            book.decide_request(&occasion("/a")).fault.is_some()
        };
        assert!(hits(rule("", "+14155550134")));
        assert!(!hits(rule("", "+14155550135")));
        let other = "AC00000000000000000000000000000009";
        assert!(!hits(rule(other, "+14155550134")));
    }
}
