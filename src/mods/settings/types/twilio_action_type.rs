use uuid::Uuid;

use super::NumberTask;
use crate::bases::{
    e164::E164,
    ids::{AccountChangeId, PhoneNumberId},
};

/// Something that changes the Twilio account, and whose plan is shown before it is done.
#[derive(Debug, Clone, PartialEq)]
pub enum TwilioAction {
    SetUpForwarding,
    RemoveForwarding,
    Number {
        task: NumberTask,
        id: PhoneNumberId,
        /// What the organization calls it.
        name: String,
        number: E164,
        /// The number for a person to read.
        shown: String,
    },
    Buy {
        number: E164,
        /// The number for a person to read.
        shown: String,
        /// The same for every try, so that it is bought once.
        client_key: Uuid,
    },
    Undo {
        id: AccountChangeId,
        /// What the change was.
        summary: String,
    },
}

impl TwilioAction {
    /// What is about to be done, for the head of its plan.
    pub fn title(&self) -> String {
        match self {
            Self::SetUpForwarding => "Set up event forwarding".to_owned(),
            Self::RemoveForwarding => "Remove event forwarding".to_owned(),
            Self::Number {
                task, name, shown, ..
            } => match task {
                NumberTask::ConfigureVoice => format!("Send calls to {name} to Loquent"),
                NumberTask::RestoreVoice => format!("Restore the voice URL of {name}"),
                NumberTask::ConfigureSms => format!("Send texts to {name} directly to Loquent"),
                NumberTask::RestoreSms => format!("Restore the SMS URL of {name}"),
                NumberTask::Repair => format!("Fix {name}"),
                NumberTask::Release => format!("Release {}", shown),
            },
            Self::Buy { shown, .. } => format!("Buy {}", shown),
            Self::Undo { summary, .. } => format!("Undo: {summary}"),
        }
    }

    /// The word on the button that does it.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::SetUpForwarding => "Set Up Event Sink",
            Self::RemoveForwarding => "Remove event sink",
            Self::Number { task, .. } => match task {
                NumberTask::ConfigureVoice => "Configure voice",
                NumberTask::RestoreVoice | NumberTask::RestoreSms => "Restore previous",
                NumberTask::ConfigureSms => "Configure texts",
                NumberTask::Repair => "Fix",
                NumberTask::Release => "Release number",
            },
            Self::Buy { .. } => "Buy number",
            Self::Undo { .. } => "Undo",
        }
    }

    /// What to say when it is done.
    pub fn done(&self) -> String {
        match self {
            Self::SetUpForwarding => "Event forwarding is set up.".to_owned(),
            Self::RemoveForwarding => "Event forwarding is removed.".to_owned(),
            Self::Number {
                task, name, shown, ..
            } => match task {
                NumberTask::ConfigureVoice => format!("Calls to {name} now go to Loquent."),
                NumberTask::RestoreVoice => format!("Voice URL restored for {name}."),
                NumberTask::ConfigureSms => format!("Texts to {name} now go directly to Loquent."),
                NumberTask::RestoreSms => format!("SMS URL restored for {name}."),
                NumberTask::Repair => format!("{name} is fixed."),
                NumberTask::Release => format!("{} is released.", shown),
            },
            Self::Buy { shown, .. } => format!("{} is yours.", shown),
            Self::Undo { summary, .. } => format!("Undone: {summary}"),
        }
    }

    /// The number that must be typed before it is done, and how it is shown: a release may be for
    /// good.
    pub fn typed_confirmation(&self) -> Option<(E164, String)> {
        match self {
            Self::Number {
                task: NumberTask::Release,
                number,
                shown,
                ..
            } => Some((number.clone(), shown.clone())),
            _ => None,
        }
    }

    /// Whether it takes something away.
    pub fn takes_away(&self) -> bool {
        matches!(
            self,
            Self::RemoveForwarding
                | Self::Number {
                    task: NumberTask::Release,
                    ..
                }
        )
    }

    /// The part of the page that it is about.
    pub fn section(&self) -> &'static str {
        match self {
            Self::SetUpForwarding | Self::RemoveForwarding => "#forwarding",
            Self::Number { .. } | Self::Buy { .. } => "#numbers",
            Self::Undo { .. } => "#activity",
        }
    }
}
