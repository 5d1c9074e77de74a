use crate::control::ControlError;
use crate::faults::{FaultPlan, FaultReport, FaultRule, FiredFault};
use crate::simulation::{Notice, Simulation};
use crate::store::LogPage;
use crate::wire::normalize_phone_number;

/// Rules that can be armed at the same time: each is looked at for every request.
const MAX_RULES: usize = 200;
/// Fired faults in one answer.
const MAX_ENTRIES: usize = 10_000;

impl Simulation {
    /// Arms these faults instead of all others, and begins to count anew.
    ///
    /// # Errors
    /// A rule cannot be, or there are more than 200.
    pub fn set_faults(&self, mut plan: FaultPlan) -> Result<FaultReport, ControlError> {
        if plan.rules.len() > MAX_RULES {
            return Err(too_many());
        }
        plan.rules.iter_mut().try_for_each(check)?;
        let report = {
            let mut state = self.state();
            state.faults.arm(plan);
            state.faults.report()
        };
        self.notify(Notice::Settings);
        Ok(report)
    }

    /// Arms one more fault.
    ///
    /// # Errors
    /// The rule cannot be, or there are 200 already.
    pub fn add_fault(&self, mut rule: FaultRule) -> Result<FaultReport, ControlError> {
        check(&mut rule)?;
        let report = {
            let mut state = self.state();
            if state.faults.len() >= MAX_RULES {
                return Err(too_many());
            }
            state.faults.add(rule);
            state.faults.report()
        };
        self.notify(Notice::Settings);
        Ok(report)
    }

    /// Disarms every fault and forgets the counts.
    pub fn clear_faults(&self) {
        self.state().faults.arm(FaultPlan::default());
        self.notify(Notice::Settings);
    }

    /// The armed faults, and how often each has happened.
    #[must_use]
    pub fn faults(&self) -> FaultReport {
        self.state().faults.report()
    }

    /// Faults that have happened with a number greater than `after`, oldest first, at most 10,000.
    #[must_use]
    pub fn fired_faults_after(&self, after: u64) -> Vec<FiredFault> {
        self.fired_faults_page(after, MAX_ENTRIES).entries
    }

    pub(crate) fn fired_faults_page(&self, after: u64, limit: usize) -> LogPage<FiredFault> {
        let limit = limit.min(MAX_ENTRIES);
        self.state().faults.fired_after(after, limit)
    }
}

fn check(rule: &mut FaultRule) -> Result<(), ControlError> {
    rule.check().map_err(ControlError::Invalid)?;
    if let Some(given) = &mut rule.number {
        *given = normalize_phone_number(given)
            .ok_or_else(|| ControlError::no_phone_number("number", given))?;
    }
    Ok(())
}

fn too_many() -> ControlError {
    ControlError::Invalid(format!("at most {MAX_RULES} faults can be armed"))
}
