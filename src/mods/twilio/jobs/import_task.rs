use std::{
    collections::HashMap,
    sync::{Arc, Weak},
    time::Duration,
};

use sea_orm::DbErr;
use tokio_util::sync::CancellationToken;

use crate::{
    bases::{
        claim_loop::{AtShutdown, ClaimedWork, claim_loop},
        ids::OrganizationId,
        state::AppState,
    },
    mods::twilio::services::history::{
        ClaimedImport, claim_import_service, is_import_waiting_service, run_import_service,
    },
};

/// Works on imports until cancelled.
///
/// An import is no job of the queue: runs of minutes would take the workers' places from texts that
/// wait to be sent.
///
/// Organizations take turns. Where all places are taken, one that has several of them gives one up
/// to an organization that has none: its run stops at the border of a page, and goes on later.
pub async fn import_task(state: AppState, shutdown: CancellationToken) {
    let imports = Imports {
        state,
        shutdown: shutdown.clone(),
        under_way: Vec::new(),
    };
    claim_loop(imports, shutdown).await;
}

struct Imports {
    state: AppState,
    shutdown: CancellationToken,
    under_way: Vec<Run>,
}

/// A run that this node works on.
struct Run {
    organization_id: OrganizationId,
    stop: CancellationToken,
    /// Whoever works on it holds the other half, also while it panics.
    worker: Weak<()>,
}

/// A claimed run, and what its [`Run`] knows of it.
struct Started {
    claimed: ClaimedImport,
    stop: CancellationToken,
    worker: Arc<()>,
}

impl ClaimedWork for Imports {
    type Claimed = Started;

    const NAME: &'static str = "import";
    /// Each holds a few connections of the pool and up to 16 pages; more would only share the same
    /// database.
    const AT_ONCE: usize = 8;
    const BATCH: usize = 1;
    const POLL: Duration = Duration::from_millis(300);
    /// Each stops at the border of a page.
    const AT_SHUTDOWN: AtShutdown = AtShutdown::Wait;

    async fn look_around(&mut self, free: usize) -> Result<(), DbErr> {
        self.under_way.retain(|run| run.worker.strong_count() > 0);
        let is_stopping = self.under_way.iter().any(|run| run.stop.is_cancelled());
        if free == 0 && !is_stopping && is_import_waiting_service(&self.state.db).await? {
            self.give_up_one();
        }
        Ok(())
    }

    async fn claim(&mut self, _most: usize) -> Result<Vec<Started>, DbErr> {
        let claimed = claim_import_service(&self.state.db).await?;
        Ok(claimed
            .map(|claimed| self.start(claimed))
            .into_iter()
            .collect())
    }

    fn work(&self, started: Started) -> impl Future<Output = ()> + Send + 'static {
        let state = self.state.clone();
        async move {
            let _worker = started.worker;
            run_import_service(&state, started.claimed, started.stop).await;
        }
    }
}

impl Imports {
    fn start(&mut self, claimed: ClaimedImport) -> Started {
        let (stop, worker) = (self.shutdown.child_token(), Arc::new(()));
        self.under_way.push(Run {
            organization_id: claimed.lease.organization_id,
            stop: stop.clone(),
            worker: Arc::downgrade(&worker),
        });
        Started {
            claimed,
            stop,
            worker,
        }
    }

    /// Stops a run of the organization that has most, if it has several.
    fn give_up_one(&self) {
        let mut counts: HashMap<OrganizationId, usize> = HashMap::new();
        for run in &self.under_way {
            *counts.entry(run.organization_id).or_default() += 1;
        }
        let most = counts.into_iter().max_by_key(|(_, count)| *count);
        let Some((organization, _)) = most.filter(|(_, count)| *count > 1) else {
            return;
        };
        let of_it = |run: &&Run| run.organization_id == organization;
        if let Some(run) = self.under_way.iter().find(of_it) {
            tracing::info!(organization_id = %organization, "an import makes room for another organization's");
            run.stop.cancel();
        }
    }
}
