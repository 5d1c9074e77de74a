use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::{LoadOptions, LoadReport, event_maker::make_batch, load_options::MAX_SECONDS};
use crate::wire::{sign_url, with_body_hash};

/// Twilio gives up on an answer after this.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// The load could not be run.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Load goes to this machine only.
    #[error("the URL must be on loopback, such as http://127.0.0.1:8080/twilio/events")]
    NotLoopback,
    /// The options make no sense.
    #[error("connections, batch, numbers and seconds (at most {MAX_SECONDS}) must be given")]
    Options,
    /// The HTTP client could not be made.
    #[error(transparent)]
    Client(#[from] reqwest::Error),
}

/// Posts events for the given time and sums the answers up.
pub async fn run_load(options: LoadOptions) -> Result<LoadReport, LoadError> {
    options.check()?;
    let client = reqwest::Client::builder()
        .timeout(ANSWER_TIMEOUT)
        .pool_max_idle_per_host(options.connections as usize)
        .tcp_nodelay(true)
        .build()?;
    let begin = Instant::now();
    let mut connections = JoinSet::new();
    for number in 0..options.connections {
        connections.spawn(post_until_end(
            client.clone(),
            options.clone(),
            number,
            begin,
        ));
    }
    let (mut times, mut errors) = (Vec::new(), 0);
    for (answered, failed) in connections.join_all().await {
        times.extend(answered);
        errors += failed;
    }
    Ok(LoadReport::new(
        times,
        options.batch,
        errors,
        begin.elapsed(),
    ))
}

async fn post_until_end(
    client: reqwest::Client,
    options: LoadOptions,
    number: u32,
    begin: Instant,
) -> (Vec<Duration>, u64) {
    let end = begin + Duration::from_secs(options.seconds.into());
    let pause = options.rate.map(|rate| {
        let posts = f64::from(rate) / f64::from(options.batch);
        Duration::from_secs_f64(f64::from(options.connections) / posts)
    });
    // The connections take turns, so that a rate is even.
    let offset = pause.map_or(Duration::ZERO, |pause| pause * number / options.connections);
    let mut due = begin + offset;
    let (mut times, mut errors) = (Vec::new(), 0);
    while due.max(Instant::now()) < end {
        tokio::time::sleep_until(due.into()).await;
        let from = if pause.is_some() { due } else { Instant::now() };
        match post(&client, &options).await {
            Ok(()) => times.push(from.elapsed()),
            Err(_) => errors += 1,
        }
        due = pause.map_or_else(Instant::now, |pause| due + pause);
    }
    (times, errors)
}

async fn post(client: &reqwest::Client, options: &LoadOptions) -> Result<(), reqwest::Error> {
    post_body(client, options, make_batch(options)).await
}

/// Posts a batch of events, signed.
pub(super) async fn post_body(
    client: &reqwest::Client,
    options: &LoadOptions,
    body: Vec<u8>,
) -> Result<(), reqwest::Error> {
    let url = with_body_hash(&options.url, &body);
    let signature = sign_url(&options.auth_token, &url);
    client
        .post(url)
        .header("X-Twilio-Signature", signature)
        .header("Content-Type", "application/json")
        .body(body)
        .send()
        .await?
        .error_for_status()?;
    Ok(())
}
