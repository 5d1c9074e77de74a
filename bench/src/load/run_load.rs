use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use tokio::task::JoinSet;

use super::event_maker::make_batch;
use super::percentile::percentile;
use super::webhook::Webhook;

const TIME: Duration = Duration::from_secs(15);

/// What to post, and how fast.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Posts under way at once.
    pub connections: u32,
    /// Events in one post.
    pub batch: u32,
    /// Events per second over all connections; none for as many as possible.
    pub rate: Option<u32>,
}

/// What was measured. With a rate, the time to an answer counts from when the post was due, so
/// that a slow answer cannot hide the ones that wait behind it.
#[derive(Clone, Copy, Debug)]
pub struct LoadReport {
    pub events_per_second: f64,
    /// Median time to the answer, in milliseconds.
    pub p50_ms: f64,
    /// 99th percentile of it.
    pub p99_ms: f64,
}

/// Posts events for a while.
///
/// # Errors
/// When any post was not accepted.
pub async fn run_load(port: u16, load: Load) -> Result<LoadReport> {
    let webhook = Webhook::new(port)?;
    let begin = Instant::now();
    let mut connections = JoinSet::new();
    for number in 0..load.connections {
        connections.spawn(post_until_end(webhook.clone(), load, number, begin));
    }
    let (mut times, mut errors) = (Vec::new(), 0);
    for (answered, failed) in connections.join_all().await {
        times.extend(answered);
        errors += failed;
    }
    if errors > 0 {
        bail!("{errors} posts were not accepted");
    }
    times.sort_unstable();
    let events = times.len() as f64 * f64::from(load.batch);
    Ok(LoadReport {
        events_per_second: events / begin.elapsed().as_secs_f64(),
        p50_ms: percentile(&times, 0.50),
        p99_ms: percentile(&times, 0.99),
    })
}

async fn post_until_end(
    webhook: Webhook,
    load: Load,
    number: u32,
    begin: Instant,
) -> (Vec<Duration>, u64) {
    let end = begin + TIME;
    let pause = load.rate.map(|rate| {
        let posts = f64::from(rate) / f64::from(load.batch);
        Duration::from_secs_f64(f64::from(load.connections) / posts)
    });
    // The connections take turns, so that a rate is even.
    let offset = pause.map_or(Duration::ZERO, |pause| pause * number / load.connections);
    let mut due = begin + offset;
    let (mut times, mut errors) = (Vec::new(), 0);
    while due.max(Instant::now()) < end {
        tokio::time::sleep_until(due.into()).await;
        let from = if pause.is_some() { due } else { Instant::now() };
        match webhook.post(make_batch(load.batch)).await {
            Ok(()) => times.push(from.elapsed()),
            Err(_) => errors += 1,
        }
        due = pause.map_or_else(Instant::now, |pause| due + pause);
    }
    (times, errors)
}
