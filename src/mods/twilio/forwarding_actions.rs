use super::api::{
    remove_twilio_event_sink_api, repair_phone_number_api, setup_twilio_event_sink_api,
};
use crate::{
    bases::{api_json::ApiJson, ids::PhoneNumberId},
    mods::account::{
        planned_action::{ActionAnswer, ActionCall, ActionRequest, PlannedAction},
        types::{NumberHealth, RepairPhoneNumberIn, SetupEventSinkIn},
    },
};

/// The part of the page that shows event forwarding.
const SECTION: &str = "#forwarding";

/// Lets Twilio send its events to Loquent.
pub fn set_up_forwarding_action() -> PlannedAction {
    fn open_chunk_twilio_forms(((), request): ((), ActionRequest)) -> ActionAnswer {
        Box::pin(setup_twilio_event_sink_api(ApiJson(SetupEventSinkIn {
            sms_events: true,
            options: request.options,
        })))
    }
    PlannedAction {
        title: "Set up event forwarding".to_owned(),
        verb: "Set Up Event Sink",
        done: "Event forwarding is set up.".to_owned(),
        section: SECTION,
        takes_away: false,
        confirmation: None,
        asked_in: None,
        call: ActionCall::new(open_chunk_twilio_forms, ()),
    }
}

/// Stops Twilio from sending its events to Loquent.
pub fn remove_forwarding_action() -> PlannedAction {
    fn open_chunk_twilio_forms(((), request): ((), ActionRequest)) -> ActionAnswer {
        Box::pin(remove_twilio_event_sink_api(ApiJson(request.options)))
    }
    PlannedAction {
        title: "Remove event forwarding".to_owned(),
        verb: "Remove event sink",
        done: "Event forwarding is removed.".to_owned(),
        section: SECTION,
        takes_away: true,
        confirmation: None,
        asked_in: None,
        call: ActionCall::new(open_chunk_twilio_forms, ()),
    }
}

/// Sets again what Loquent had set for a number.
pub fn repair_number_action(number: &NumberHealth) -> PlannedAction {
    fn open_chunk_twilio_forms(
        (phone_number_id, request): (PhoneNumberId, ActionRequest),
    ) -> ActionAnswer {
        Box::pin(repair_phone_number_api(ApiJson(RepairPhoneNumberIn {
            phone_number_id,
            options: request.options,
        })))
    }
    let name = &number.friendly_name;
    PlannedAction {
        title: format!("Fix {name}"),
        verb: "Fix",
        done: format!("{name} is fixed."),
        section: "#numbers",
        takes_away: false,
        confirmation: None,
        asked_in: None,
        call: ActionCall::new(open_chunk_twilio_forms, number.phone_number_id),
    }
}
