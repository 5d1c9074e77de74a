use dioxus::prelude::*;
use futures::future::LocalBoxFuture;

use crate::{
    bases::error::AppError,
    mods::{
        account::{
            TWILIO_FORMS,
            planned_action::{ActionRequest, PlannedAction},
            types::{PlanOptions, TwilioPlan},
        },
        auth::hooks::{Outcomes, use_outcomes},
    },
    ui::{ScopeTasks, call_in_chunk, use_scope_tasks},
};

/// How far the plan of an action is.
#[derive(Debug, Clone, PartialEq)]
pub enum PlanPhase {
    /// The server is asked what it would do.
    Looking,
    Shown(TwilioPlan),
    /// Why there is no plan.
    Failed(String),
}

/// The window that shows what an action would do before it is done.
#[derive(Clone, Copy, PartialEq)]
pub struct PlanDialogState {
    /// Whether the window is there.
    pub open: Signal<bool>,
    action: Signal<Option<PlannedAction>>,
    phase: Signal<PlanPhase>,
    busy: Signal<bool>,
    /// Why it was not done.
    refusal: Signal<Option<String>>,
    /// Goes up with each plan that is asked for: an answer to an older one is for nobody.
    turn: Signal<u64>,
    /// Where the focus goes if what had it is gone once an action is done.
    settled: Signal<Option<&'static str>>,
    /// Of the page: the row or window that asks may be gone before the answer comes.
    tasks: ScopeTasks,
    reload: Callback<(), LocalBoxFuture<'static, ()>>,
    outcomes: Outcomes,
}

/// Provides the [`PlanDialogState`] to all that is below. `reload` reads again what the page
/// shows, after something was done.
pub fn use_plan_dialog_provider(
    reload: Callback<(), LocalBoxFuture<'static, ()>>,
) -> PlanDialogState {
    let (tasks, outcomes) = (use_scope_tasks(), use_outcomes());
    use_context_provider(|| PlanDialogState {
        open: Signal::new(false),
        action: Signal::new(None),
        phase: Signal::new(PlanPhase::Looking),
        busy: Signal::new(false),
        refusal: Signal::new(None),
        turn: Signal::new(0),
        settled: Signal::new(None),
        tasks,
        reload,
        outcomes,
    })
}

/// The window that shows what an action would do.
pub fn use_plan_dialog() -> PlanDialogState {
    use_context()
}

impl PlanDialogState {
    /// Shows what an action would do.
    pub fn ask(mut self, action: PlannedAction) {
        self.action.set(Some(action));
        self.busy.set(false);
        self.open.set(true);
        self.look_again();
    }

    /// Asks for the plan again.
    pub fn look_again(mut self) {
        self.refusal.set(None);
        self.phase.set(PlanPhase::Looking);
        *self.turn.write() += 1;
        self.tasks.spawn(self.run_in_chunk(None));
    }

    /// Does what is shown; `typed` is what was typed to confirm it.
    pub fn confirm(self, typed: String) {
        self.tasks.spawn(self.run_in_chunk(Some(typed)));
    }

    /// What is asked for.
    pub fn action(self) -> Option<PlannedAction> {
        (self.action)()
    }

    /// How far its plan is.
    pub fn phase(self) -> PlanPhase {
        (self.phase)()
    }

    /// Whether it is being done.
    pub fn is_busy(self) -> bool {
        (self.busy)()
    }

    /// Why it was not done.
    pub fn refusal(self) -> Option<String> {
        (self.refusal)()
    }

    /// The part of the page in which something was done, once it shows that.
    pub fn settled(self) -> Option<&'static str> {
        (self.settled)()
    }

    /// Finds the plan or, with what was typed, does it.
    async fn run_in_chunk(mut self, typed: Option<String>) {
        let run = call_in_chunk(TWILIO_FORMS, open_chunk_twilio_forms, (self, typed));
        if run.await.is_none() {
            let error = AppError::Unavailable.to_string();
            self.phase.set(PlanPhase::Failed(error));
        }
    }

    async fn find_plan(mut self) {
        let turn = *self.turn.peek();
        let Some(action) = self.action.peek().clone() else {
            return;
        };
        let options = PlanOptions {
            dry_run: true,
            expected: None,
        };
        let request = ActionRequest {
            options,
            typed: None,
        };
        let answer = action.call.run(request).await;
        if *self.turn.peek() != turn {
            return;
        }
        self.phase.set(match answer {
            Ok(answer) => PlanPhase::Shown(answer.plan),
            Err(error) => PlanPhase::Failed(self.outcomes.words_of(&error)),
        });
    }

    async fn do_it(mut self, typed: String) {
        let action = self.action.peek().clone();
        let PlanPhase::Shown(plan) = self.phase.peek().clone() else {
            return;
        };
        let Some(action) = action.filter(|_| !*self.busy.peek()) else {
            return;
        };
        let turn = *self.turn.peek();
        self.busy.set(true);
        self.refusal.set(None);
        let options = PlanOptions {
            dry_run: false,
            expected: Some(plan.fingerprint),
        };
        let request = ActionRequest {
            options,
            typed: Some(typed),
        };
        let answer = action.call.run(request).await;
        let is_shown = *self.turn.peek() == turn;
        match answer {
            Ok(_) => {
                self.outcomes.tell_success(action.done);
                if is_shown {
                    self.busy.set(false);
                    self.open.set(false);
                    if let Some(mut asked_in) = action.asked_in {
                        asked_in.set(false);
                    }
                }
                self.settled.set(None);
                self.reload.call(()).await;
                self.settled.set(Some(action.section));
            }
            Err(error) if is_shown => {
                self.refusal.set(Some(self.outcomes.words_of(&error)));
                self.busy.set(false);
                // A part of it may be done.
                self.reload.call(()).await;
            }
            Err(error) => self.outcomes.tell_failure("Not done.", &error),
        }
    }
}

/// What the dialog does is in the chunk of the forms, as its contents are.
fn open_chunk_twilio_forms(
    (plan, typed): (PlanDialogState, Option<String>),
) -> LocalBoxFuture<'static, ()> {
    match typed {
        Some(typed) => Box::pin(plan.do_it(typed)),
        None => Box::pin(plan.find_plan()),
    }
}
