use std::{collections::HashMap, time::Duration};

use sea_orm::DbErr;
use tokio::task::{Id, JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::{
    bases::{ids::OrganizationId, state::AppState},
    mods::twilio::services::history::{
        claim_import_service, is_import_waiting_service, run_import_service,
    },
};

/// How often to look for runs that nobody works on: new ones, and those of nodes that died.
const POLL: Duration = Duration::from_millis(300);
/// After an error of the database.
const PAUSE: Duration = Duration::from_secs(1);
/// Runs that one node works on at once. Each holds a few connections of the pool and up to 16
/// pages; more would only share the same database.
const MOST_RUNS: usize = 8;

/// Works on history syncs until cancelled.
///
/// A run is no job of the queue: its row is one already, with a lease that tells whether its
/// worker is alive, and runs of minutes would take the workers' places from texts that wait to be
/// sent.
///
/// Organizations take turns. Where all places are taken, one that has several of them gives one up
/// to an organization that has none: its run stops at the border of a page, and goes on later.
pub async fn import_task(state: AppState, shutdown: CancellationToken) {
    let mut runs = Runs::default();
    while !shutdown.is_cancelled() {
        let pause = match runs.take_next(&state, &shutdown).await {
            Ok(true) => continue,
            Ok(false) => POLL,
            Err(error) => {
                tracing::error!(%error, "history syncs could not be looked for");
                PAUSE
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => {}
            Some(ended) = runs.tasks.join_next_with_id() => runs.end(ended),
            () = tokio::time::sleep(pause) => {}
        }
    }
    // Each stops at the border of a page.
    while let Some(ended) = runs.tasks.join_next_with_id().await {
        runs.end(ended);
    }
}

/// The runs that this node works on.
#[derive(Default)]
struct Runs {
    tasks: JoinSet<()>,
    by_task: HashMap<Id, Run>,
}

struct Run {
    organization_id: OrganizationId,
    stop: CancellationToken,
}

impl Runs {
    /// Takes a run, if one waits and there is room; else makes room, if somebody needs it.
    async fn take_next(
        &mut self,
        state: &AppState,
        shutdown: &CancellationToken,
    ) -> Result<bool, DbErr> {
        if self.tasks.len() >= MOST_RUNS {
            let is_stopping = self.by_task.values().any(|run| run.stop.is_cancelled());
            if !is_stopping && is_import_waiting_service(&state.db).await? {
                self.give_up_one();
            }
            return Ok(false);
        }
        let Some(claimed) = claim_import_service(&state.db).await? else {
            return Ok(false);
        };
        let stop = shutdown.child_token();
        let run = Run {
            organization_id: claimed.organization_id(),
            stop: stop.clone(),
        };
        let state = state.clone();
        let task = self.tasks.spawn(async move {
            run_import_service(&state, claimed, stop).await;
        });
        self.by_task.insert(task.id(), run);
        Ok(true)
    }

    /// Stops a run of the organization that has most, if it has several.
    fn give_up_one(&self) {
        let mut counts: HashMap<OrganizationId, usize> = HashMap::new();
        for run in self.by_task.values() {
            *counts.entry(run.organization_id).or_default() += 1;
        }
        let most = counts.into_iter().max_by_key(|(_, count)| *count);
        let Some((organization, _)) = most.filter(|(_, count)| *count > 1) else {
            return;
        };
        let of_it = |run: &&Run| run.organization_id == organization;
        if let Some(run) = self.by_task.values().find(of_it) {
            tracing::info!(organization_id = %organization, "an import makes room for another organization's");
            run.stop.cancel();
        }
    }

    fn end(&mut self, ended: Result<(Id, ()), JoinError>) {
        let id = match ended {
            Ok((id, ())) => id,
            Err(error) => {
                // Its lease runs out, and it is taken up again.
                tracing::error!(%error, "a history sync panicked");
                error.id()
            }
        };
        self.by_task.remove(&id);
    }
}
