use std::{hint::black_box, rc::Rc};

use dioxus::prelude::*;
use futures::future::LocalBoxFuture;

use super::{
    api::undo_account_change_api,
    types::{AccountChange, PlanOptions, TwilioActionAnswer, UndoAccountChangeIn},
};
use crate::bases::{api_json::ApiJson, e164::E164, error::AppError, ids::AccountChangeId};

/// Something that changes the Twilio account. Its plan is shown before it is done: a section of a
/// page hands it to the plan dialog, which need not know what it is.
#[derive(Clone, PartialEq)]
pub struct PlannedAction {
    /// What is about to be done, for the head of its plan.
    pub title: String,
    /// The word on the button that does it.
    pub verb: &'static str,
    /// What to say when it is done.
    pub done: String,
    /// The part of the page that it is about.
    pub section: &'static str,
    /// Whether it takes something away.
    pub takes_away: bool,
    /// What must be typed before it is done, because it may be for good.
    pub confirmation: Option<Confirmation>,
    /// The window that it is asked for in: closed when it is done.
    pub asked_in: Option<Signal<bool>>,
    pub call: ActionCall,
}

/// The number that must be typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    pub number: E164,
    /// The number for a person to read.
    pub shown: String,
}

/// How an action is asked for.
#[derive(Debug, Clone)]
pub struct ActionRequest {
    /// Whether only its plan is wanted.
    pub options: PlanOptions,
    /// What was typed to confirm it.
    pub typed: Option<String>,
}

/// Asks the server for an action, or for its plan.
///
/// No `Callback`: that would belong to the row or window that made it, which may be gone when the
/// action is confirmed.
#[derive(Clone)]
pub struct ActionCall(Rc<CallFn>);

/// What the server answers to an action.
pub type ActionAnswer = LocalBoxFuture<'static, Result<TwilioActionAnswer, AppError>>;

type CallFn = dyn Fn(ActionRequest) -> ActionAnswer;

impl ActionCall {
    /// `call` is a way into the chunk of the forms, `open_chunk_twilio_forms`: a page is loaded
    /// without what it sends.
    pub fn new<A: Clone + 'static>(call: fn((A, ActionRequest)) -> ActionAnswer, of: A) -> Self {
        // A call through a pointer: a direct one would tie the chunk to the page.
        Self(Rc::new(move |request| {
            black_box(call)((of.clone(), request))
        }))
    }

    pub async fn run(&self, request: ActionRequest) -> Result<TwilioActionAnswer, AppError> {
        (self.0)(request).await
    }
}

impl PartialEq for ActionCall {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Takes a change of the account back.
pub fn undo_action(change: &AccountChange) -> PlannedAction {
    fn open_chunk_twilio_forms(
        (change_id, request): (AccountChangeId, ActionRequest),
    ) -> ActionAnswer {
        Box::pin(undo_account_change_api(ApiJson(UndoAccountChangeIn {
            change_id,
            options: request.options,
        })))
    }
    PlannedAction {
        title: format!("Undo: {}", change.summary),
        verb: "Undo",
        done: format!("Undone: {}", change.summary),
        section: "#activity",
        takes_away: false,
        confirmation: None,
        asked_in: None,
        call: ActionCall::new(open_chunk_twilio_forms, change.id),
    }
}
