use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::json;
use xtask::base::context::Context;
use xtask::demo::simulator_account::SIMULATOR_ACCOUNT_SID;

use super::simulator::Simulator;
use super::took::Took;
use crate::database::Database;
use crate::processor_time::ProcessorTime;

const ORGANIZATION: &str = "00000000-0000-7000-8000-000000000001";
const CONTACTS: u64 = 20_000;
/// No import here takes longer.
const LIMIT: Duration = Duration::from_secs(3_600);
const POLL: Duration = Duration::from_millis(500);

/// What an import must count.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected {
    pub new: u64,
    pub skipped: u64,
}

/// Asks for imports of numbers, as the endpoint does.
#[derive(Debug)]
pub(super) struct Importer<'a> {
    context: &'a Context,
    database: &'a Database<'a>,
    simulator: &'a Simulator,
}

impl<'a> Importer<'a> {
    /// Makes the organization that the numbers belong to.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn prepare(
        context: &'a Context,
        database: &'a Database<'a>,
        simulator: &'a Simulator,
    ) -> Result<Self> {
        database.run(&format!(
            "INSERT INTO organization (id, name, shared_twilio) VALUES ('{ORGANIZATION}', 'Bench', 'whole')"
        ))?;
        Ok(Self {
            context,
            database,
            simulator,
        })
    }

    /// A number with a history without files, which are measured by nothing here.
    ///
    /// # Errors
    /// When the simulator or the database refuses.
    pub fn add_history(&self, number: u64, messages: u64) -> Result<()> {
        let phone = format!("+1415555{:04}", 100 + number);
        let history = json!({
            "account_sid": SIMULATOR_ACCOUNT_SID,
            "numbers": [phone],
            "messages": messages,
            "contacts": CONTACTS,
            "seed": number,
            "media_share": 0.0,
        });
        self.simulator.add_history(self.context, &history)?;
        self.database.run(&format!(
            "INSERT INTO phone_number
                 (id, organization_id, twilio_account_sid, twilio_sid, number, friendly_name)
             VALUES ('{}', '{ORGANIZATION}', '{SIMULATOR_ACCOUNT_SID}', 'PN{number:032}', '{phone}', '{phone}')",
            number_id(number)
        ))
    }

    /// Runs an import to its end.
    ///
    /// # Errors
    /// When it fails, counts something else, or does not end.
    pub fn import(&self, number: u64, expected: Expected) -> Result<Took> {
        let before = ProcessorTime::now()?;
        let run = self.database.line(&format!(
            "INSERT INTO sms_sync_run
                 (id, organization_id, phone_number_id, state, phase, started_at)
             VALUES (gen_random_uuid(), '{ORGANIZATION}', '{}', 'running', 'fetching', clock_timestamp())
             RETURNING id",
            number_id(number)
        ))?;
        let look = format!(
            "SELECT concat_ws(' ', state, new_count, skipped,
                 coalesce(extract(epoch FROM messages_in_at - started_at), 0), error)
             FROM sms_sync_run WHERE id = '{run}'"
        );
        let begun = Instant::now();
        while begun.elapsed() < LIMIT {
            let line = self.database.line(&look)?;
            if let Some(seconds) = seconds_if_done(&line, expected)? {
                return Ok(Took {
                    seconds,
                    busy: before.busy_until(ProcessorTime::now()?),
                });
            }
            sleep(POLL);
        }
        bail!("the import did not end within {LIMIT:?}")
    }
}

/// Reads state, new and known messages, seconds and the error of a run; nothing while it goes on.
fn seconds_if_done(line: &str, expected: Expected) -> Result<Option<f64>> {
    let words: Vec<&str> = line.splitn(5, ' ').collect();
    match words.as_slice() {
        ["running", ..] => Ok(None),
        ["done", new, skipped, seconds] => {
            if *new != expected.new.to_string() || *skipped != expected.skipped.to_string() {
                bail!(
                    "the import counted {new} new messages and {skipped} known ones, instead of {} and {}",
                    expected.new,
                    expected.skipped
                );
            }
            seconds.parse().map(Some).context("no seconds")
        }
        [state, new, skipped, _, error] => {
            bail!("the import {state} after {new} new and {skipped} known messages: {error}")
        }
        _ => bail!("the import ended otherwise than expected: {line}"),
    }
}

fn number_id(number: u64) -> String {
    format!("00000000-0000-7000-8000-{:012}", 1_000 + number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_done_only_with_the_expected_counts() {
        let expected = Expected { new: 5, skipped: 1 };
        let read = |line| seconds_if_done(line, expected);
        assert_eq!(read("running 1 0 0").ok(), Some(None));
        assert_eq!(read("done 5 1 2.5").ok(), Some(Some(2.5)));
        assert!(read("done 4 1 2.5").is_err());
        let failed = read("failed 2 0 0 no such number").map_err(|error| error.to_string());
        assert!(failed.is_err_and(|text| text.ends_with("no such number")));
    }
}
