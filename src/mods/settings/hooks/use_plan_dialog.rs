use dioxus::prelude::*;

use super::{TwilioAccount, use_twilio_account};
use crate::{
    bases::{api_json::ApiJson, error::AppError},
    mods::{
        account::{
            api::undo_account_change_api,
            types::{
                PlanOptions, RepairPhoneNumberIn, SetupEventSinkIn, TwilioActionAnswer, TwilioPlan,
                UndoAccountChangeIn,
            },
        },
        phone::{
            api::{
                buy_phone_number_api, configure_phone_sms_api, configure_phone_voice_api,
                release_phone_number_api, restore_phone_sms_api, restore_phone_voice_api,
            },
            types::{BuyPhoneNumberIn, PhoneWebhookIn, ReleasePhoneNumberIn},
        },
        settings::types::{NumberTask, TwilioAction},
        twilio::api::{
            remove_twilio_event_sink_api, repair_phone_number_api, setup_twilio_event_sink_api,
        },
    },
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
    /// Whether the search for numbers to buy is there, from which a purchase is asked for.
    pub buy_open: Signal<bool>,
    action: Signal<Option<TwilioAction>>,
    phase: Signal<PlanPhase>,
    busy: Signal<bool>,
    /// Why it was not done.
    refusal: Signal<Option<String>>,
    /// Goes up with each plan that is asked for: an answer to an older one is for nobody.
    turn: Signal<u64>,
    /// Where the focus goes if what had it is gone once an action is done.
    settled: Signal<Option<&'static str>>,
    look: Signal<Option<Callback<()>>>,
    run: Signal<Option<Callback<String>>>,
    account: TwilioAccount,
}

/// Provides the [`PlanDialogState`] to all that is below.
pub fn use_plan_dialog_provider() -> PlanDialogState {
    let account = use_twilio_account();
    let mut plan = use_context_provider(|| PlanDialogState {
        open: Signal::new(false),
        buy_open: Signal::new(false),
        action: Signal::new(None),
        phase: Signal::new(PlanPhase::Looking),
        busy: Signal::new(false),
        refusal: Signal::new(None),
        turn: Signal::new(0),
        settled: Signal::new(None),
        look: Signal::new(None),
        run: Signal::new(None),
        account,
    });
    // In the scope of the page: the row or window that asks may be gone before the answer comes.
    let look = use_callback(move |()| {
        spawn(plan.find_plan());
    });
    let run = use_callback(move |typed| {
        spawn(plan.do_it(typed));
    });
    use_hook(move || {
        plan.look.set(Some(look));
        plan.run.set(Some(run));
    });
    plan
}

/// The window that shows what an action would do.
pub fn use_plan_dialog() -> PlanDialogState {
    use_context()
}

impl PlanDialogState {
    /// Shows what an action would do.
    pub fn ask(mut self, action: TwilioAction) {
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
        let look = *self.look.peek();
        if let Some(look) = look {
            look.call(());
        }
    }

    /// Does what is shown; `typed` is what was typed to confirm it.
    pub fn confirm(self, typed: String) {
        let run = *self.run.peek();
        if let Some(run) = run {
            run.call(typed);
        }
    }

    /// What is asked for.
    pub fn action(self) -> Option<TwilioAction> {
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

    async fn find_plan(mut self) {
        let turn = *self.turn.peek();
        let Some(action) = self.action.peek().clone() else {
            return;
        };
        let options = PlanOptions {
            dry_run: true,
            expected: None,
        };
        let answer = call(action, options, None).await;
        if *self.turn.peek() != turn {
            return;
        }
        self.phase.set(match answer {
            Ok(answer) => PlanPhase::Shown(answer.plan),
            Err(error) => PlanPhase::Failed(self.account.words_of(&error)),
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
        let answer = call(action.clone(), options, Some(typed)).await;
        let is_shown = *self.turn.peek() == turn;
        match answer {
            Ok(_) => {
                self.account.tell_success(action.done());
                if is_shown {
                    self.busy.set(false);
                    self.open.set(false);
                    self.buy_open.set(false);
                }
                self.settled.set(None);
                self.account.reload().await;
                self.settled.set(Some(action.section()));
            }
            Err(error) if is_shown => {
                self.refusal.set(Some(self.account.words_of(&error)));
                self.busy.set(false);
                // A part of it may be done.
                self.account.reload().await;
            }
            Err(error) => self.account.tell_failure("Not done.", &error),
        }
    }
}

/// Asks the server for an action, or for its plan.
async fn call(
    action: TwilioAction,
    options: PlanOptions,
    typed: Option<String>,
) -> Result<TwilioActionAnswer, AppError> {
    match action {
        TwilioAction::SetUpForwarding => {
            setup_twilio_event_sink_api(ApiJson(SetupEventSinkIn {
                sms_events: true,
                options,
            }))
            .await
        }
        TwilioAction::RemoveForwarding => remove_twilio_event_sink_api(ApiJson(options)).await,
        TwilioAction::Number { task, id, .. } => {
            let webhook = ApiJson(PhoneWebhookIn {
                phone_number_id: id,
                options: options.clone(),
            });
            match task {
                NumberTask::ConfigureVoice => {
                    configure_phone_voice_api(webhook).await.map(Into::into)
                }
                NumberTask::RestoreVoice => restore_phone_voice_api(webhook).await.map(Into::into),
                NumberTask::ConfigureSms => configure_phone_sms_api(webhook).await.map(Into::into),
                NumberTask::RestoreSms => restore_phone_sms_api(webhook).await.map(Into::into),
                NumberTask::Repair => {
                    repair_phone_number_api(ApiJson(RepairPhoneNumberIn {
                        phone_number_id: id,
                        options,
                    }))
                    .await
                }
                NumberTask::Release => {
                    release_phone_number_api(ApiJson(ReleasePhoneNumberIn {
                        phone_number_id: id,
                        confirm_number: typed,
                        options,
                    }))
                    .await
                }
            }
        }
        TwilioAction::Buy {
            number, client_key, ..
        } => buy_phone_number_api(ApiJson(BuyPhoneNumberIn {
            phone_number: number,
            friendly_name: None,
            client_key: Some(client_key),
            options,
        }))
        .await
        .map(Into::into),
        TwilioAction::Undo { id, .. } => {
            undo_account_change_api(ApiJson(UndoAccountChangeIn {
                change_id: id,
                options,
            }))
            .await
        }
    }
}
