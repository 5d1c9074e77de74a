use super::{look_again_service, refuse_if_others_depend_service};
use crate::{
    bases::{error::AppError, state::AppState},
    mods::{
        account::{
            services::account_changes::{
                AccountAction, AccountChanger, ActionPlan, change_of_row, find_change_row,
            },
            types::{TwilioActionAnswer, UndoAccountChangeIn},
        },
        auth::types::CurrentUser,
    },
};

/// Undoes a change if Twilio still has what it left. 409 with the reason if somebody changed it
/// since, if it was undone already, or if it cannot be undone.
pub async fn undo_account_change_service(
    state: &AppState,
    user: &CurrentUser,
    input: &UndoAccountChangeIn,
) -> Result<TwilioActionAnswer, AppError> {
    let organization = user.organization_id;
    // Before the lock: another organization's change is a 404 at once.
    find_change_row(&state.db, organization, input.change_id).await?;
    let changer = AccountChanger::begin(state, user, &input.options).await?;
    let row = find_change_row(&state.db, organization, input.change_id).await?;
    if row.twilio_account_sid != changer.account().account_sid() {
        return Err(AppError::conflict(
            "This was done in another Twilio account, which is not connected now.",
        ));
    }
    let shown = change_of_row(row.clone(), &Default::default())?;
    if !shown.can_undo {
        return Err(AppError::conflict(if shown.undone_at.is_some() {
            "This change was undone already."
        } else {
            "This change cannot be undone."
        }));
    }
    let action: AccountAction = serde_json::from_value(row.action).map_err(|error| {
        tracing::error!(%error, change_id = %input.change_id, "a change cannot be read");
        AppError::Internal
    })?;
    let resource_sid = row.resource_sid.unwrap_or_default();
    let actions = action.undo(changer.account(), &resource_sid).await?;
    if actions.iter().any(|action| action.ends_forwarding()) {
        refuse_if_others_depend_service(changer.account()).await?;
    }
    let plan = ActionPlan {
        actions,
        untouched: vec!["Everything else in the Twilio account stays as it is.".to_owned()],
        warnings: Vec::new(),
    };
    let answer = changer.undoing(input.change_id).finish(plan).await?;
    if !answer.dry_run {
        look_again_service(state, organization).await;
    }
    Ok(answer)
}
