use crate::{
    bases::{error::AppError, state::AppState},
    mods::{
        account::{
            services::{
                account_changes::{AccountChanger, ActionPlan},
                look_again_service,
            },
            types::{FORWARDED_EVENT_TYPES, SetupEventSinkIn, TwilioActionAnswer},
            utils::{EventStreams, fetch_event_streams_util},
        },
        auth::types::CurrentUser,
        twilio::utils::setup_org_event_sink_util,
    },
    twilio::{TwilioHost, twilio_error_to_app_error},
};

/// Lets Twilio send the account's events here: reuses what is there, creates what is missing. Two
/// at once come one after the other, so there is one sink and one subscription.
pub async fn setup_event_sink_service(
    state: &AppState,
    user: &CurrentUser,
    input: &SetupEventSinkIn,
) -> Result<TwilioActionAnswer, AppError> {
    if !input.sms_events {
        return Err(AppError::bad_request(
            "`sms_events` must be true: events of texts are the only kind that can be set up.",
        ));
    }
    let changer = AccountChanger::begin(state, user, &input.options).await?;
    let destination = state.config.events_url();
    let streams = read(&changer, &destination).await?;
    let plan = ActionPlan {
        actions: setup_org_event_sink_util(&streams, &destination),
        untouched: untouched(&streams),
        warnings: warnings(&destination),
    };
    let answer = changer.finish(plan).await?;
    if !answer.dry_run {
        look_again_service(state, user.organization_id).await;
    }
    Ok(answer)
}

/// What the account's Event Streams look like now.
pub(super) async fn read(
    changer: &AccountChanger,
    destination: &str,
) -> Result<EventStreams, AppError> {
    let streams = async {
        let reader = changer.account().reader(TwilioHost::Events)?;
        fetch_event_streams_util(&reader, destination).await
    };
    streams
        .await
        .map_err(|error| twilio_error_to_app_error(&error))
}

/// What event forwarding has nothing to do with.
pub(super) fn untouched(streams: &EventStreams) -> Vec<String> {
    let mut untouched =
        vec!["Phone numbers: their SMS and voice webhooks stay as they are.".to_owned()];
    untouched.extend(match streams.foreign.len() {
        0 => None,
        1 => Some("1 sink of another app: left alone.".to_owned()),
        more => Some(format!("{more} sinks of other apps: left alone.")),
    });
    let kept = streams
        .ours
        .first()
        .and_then(|own| own.subscription.as_ref());
    let more_types = kept.map_or(0, |subscription| {
        let others = subscription
            .types
            .iter()
            .filter(|one| !FORWARDED_EVENT_TYPES.contains(&one.event_type.as_str()));
        others.count()
    });
    if more_types > 0 {
        untouched.push(format!(
            "{more_types} other event types of the subscription: left alone."
        ));
    }
    untouched
}

fn warnings(destination: &str) -> Vec<String> {
    // Twilio does not post to a private address; a simulator does.
    let is_local = ["http://127.0.0.1", "http://localhost", "http://[::1]"]
        .iter()
        .any(|local| destination.starts_with(local));
    if is_local {
        vec![format!(
            "{destination} is an address of this machine: Twilio itself cannot reach it. Set \
             APP_HOST to a public one."
        )]
    } else {
        Vec::new()
    }
}
