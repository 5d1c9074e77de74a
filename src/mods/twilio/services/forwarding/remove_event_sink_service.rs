use super::setup_event_sink_service::{read, untouched};
use crate::{
    bases::{error::AppError, state::AppState},
    mods::{
        account::{
            services::{
                account_changes::{AccountChanger, ActionPlan},
                look_again_service, refuse_if_others_depend_service,
            },
            types::{PlanOptions, TwilioActionAnswer},
        },
        auth::types::CurrentUser,
        twilio::utils::remove_event_sink_util,
    },
};

/// Ends event forwarding: removes every sink that points to Loquent, and the subscriptions before
/// them. Nothing is done if there is none; 409 if other organizations use the same account.
pub async fn remove_event_sink_service(
    state: &AppState,
    user: &CurrentUser,
    options: &PlanOptions,
) -> Result<TwilioActionAnswer, AppError> {
    let changer = AccountChanger::begin(state, user, options).await?;
    refuse_if_others_depend_service(changer.account()).await?;
    let streams = read(&changer, &state.config.events_url()).await?;
    let plan = ActionPlan {
        actions: streams
            .ours
            .iter()
            .flat_map(remove_event_sink_util)
            .collect(),
        untouched: untouched(&streams),
        warnings: vec![
            "Customers' texts no longer arrive in Loquent until event forwarding is set up again."
                .to_owned(),
        ],
    };
    let answer = changer.finish(plan).await?;
    if !answer.dry_run {
        look_again_service(state, user.organization_id).await;
    }
    Ok(answer)
}
