use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::get;

use crate::model::NumberKind;
use crate::rest::number_purchase_api::buy_number;
use crate::rest::phone_numbers_api::list_numbers;
use crate::rest::{AuthenticatedAccount, QueryFields, TwilioForm};
use crate::simulation::Simulation;

/// `/Accounts/{AC}/IncomingPhoneNumbers/{Local,TollFree,Mobile}.json`: the numbers of one kind, and
/// buying one of it.
pub(crate) fn number_kinds_router() -> Router<Arc<Simulation>> {
    let mut router = Router::new();
    for kind in NumberKind::ALL {
        let list = async move |State(simulation): State<Arc<Simulation>>,
                               account: AuthenticatedAccount,
                               query: QueryFields| {
            list_numbers(&simulation, &account, &query, Some(kind))
        };
        let buy = async move |State(simulation): State<Arc<Simulation>>,
                              account: AuthenticatedAccount,
                              form: TwilioForm| {
            buy_number(&simulation, account, &form, Some(kind))
        };
        let path = format!(
            "/2010-04-01/Accounts/{{account}}/IncomingPhoneNumbers/{}.json",
            kind.path_name()
        );
        router = router.route(&path, get(list).post(buy));
    }
    router
}
