use super::AccountProblem;
use crate::mods::account::types::{
    HealthFinding, HealthFix, HealthReason, HealthSeverity, TwilioAccountFacts,
};

/// What is to be said of an account that can be used.
pub fn account_findings_util(
    facts: &TwilioAccountFacts,
    accepts_previous_token: bool,
) -> Vec<HealthFinding> {
    let trial = facts.is_trial.then(|| {
        finding(
            HealthReason::TrialAccount,
            HealthSeverity::Warning,
            "This is a trial account: Twilio delivers texts only to numbers that were verified in \
             its Console, and adds a line to each. Upgrade the account to text customers.",
        )
    });
    let sub = facts.is_sub_account.then(|| {
        finding(
            HealthReason::SubAccount,
            HealthSeverity::Info,
            "This is a sub-account: another account pays for it and can see and change all of it.",
        )
    });
    let previous = accepts_previous_token.then(|| HealthFinding {
        fix: Some(HealthFix::DropPreviousToken),
        ..finding(
            HealthReason::PreviousTokenAccepted,
            HealthSeverity::Info,
            "The auth token was replaced, and signatures of the old one are still accepted. Drop \
             it once Twilio uses the new one only.",
        )
    });
    [trial, sub, previous].into_iter().flatten().collect()
}

/// What is to be said of an account that cannot be used.
pub fn account_problem_finding_util(problem: &AccountProblem) -> HealthFinding {
    let (reason, fix) = match problem {
        AccountProblem::WrongToken | AccountProblem::TestCredentials => {
            (HealthReason::WrongToken, Some(HealthFix::Reconnect))
        }
        AccountProblem::Suspended => (HealthReason::AccountSuspended, None),
        AccountProblem::Closed => (HealthReason::AccountClosed, Some(HealthFix::Reconnect)),
        AccountProblem::Unreachable(_) => (HealthReason::TwilioUnreachable, None),
        AccountProblem::Refused(_) => (HealthReason::TwilioRefused, None),
    };
    HealthFinding {
        fix,
        ..finding(reason, HealthSeverity::Problem, &problem.to_string())
    }
}

/// What is to be said where there is no account to look at.
pub fn no_account_finding_util(reason: HealthReason, message: String) -> HealthFinding {
    HealthFinding {
        fix: Some(HealthFix::Reconnect),
        ..finding(reason, HealthSeverity::Problem, &message)
    }
}

fn finding(reason: HealthReason, severity: HealthSeverity, message: &str) -> HealthFinding {
    HealthFinding {
        reason,
        severity,
        message: message.to_owned(),
        expected: None,
        found: None,
        fix: None,
    }
}
