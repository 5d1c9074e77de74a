//! `cargo xtask bench sync`: the import of a history from the simulator, against COPY of the same
//! rows into a table that is the same in all: columns, checks, indexes and foreign keys, in the
//! same run on the same cluster. COPY without the foreign keys is printed beside it. The import
//! does more for each message than COPY: it reads it from Twilio, and writes a row of the delivery
//! log, the contact and the conversation.

mod copy;
mod import;
mod simulator;
mod took;

use anyhow::{Context as _, Result};
use xtask::base::context::Context;
use xtask::base::step::step;
use xtask::cli::SyncBenchOptions;

use crate::bars::{Bar, Limit, check_bars};
use crate::peak_memory::peak_memory_kb;
use crate::server_under_test::{ServerUnderTest, Setting};

use self::copy::{ForeignKeys, copy_seconds};
use self::import::{Expected, Importer};
use self::simulator::Simulator;
use self::took::Took;

/// As many pages at once as the server takes by default.
const WINDOWS: u32 = 16;
/// An import may take this many times as long as COPY.
const COPY_BAR: f64 = 4.0;
const MEMORY_BAR_MB: f64 = 200.0;
/// A second run that finds nothing new, as a part of the first.
const SECOND_BAR: f64 = 0.5;
/// The time of pages that are read one after the other, over that of parallel windows, with 300 ms
/// for each page.
const GAIN_BAR: f64 = 3.0;

/// Measures and prints seconds, rates, ratios and memory.
///
/// # Errors
/// When something is missing, or a bar is missed.
pub fn bench_sync(context: &Context, options: SyncBenchOptions) -> Result<()> {
    let simulator = Simulator::start(context)?;
    let server = ServerUnderTest::prepare(context, "loquent_bench_sync", simulator.settings())?;
    let importer = Importer::prepare(context, &server.database, &simulator)?;
    let speed = measure_speed(&server, &importer, options.messages)?;
    simulator.slow_down(context)?;
    let messages = options.window_messages;
    let parallel = step("300 ms for each page, parallel windows", || {
        import_anew(&server, &importer, 2, messages, WINDOWS)
    })?;
    let single = step("300 ms for each page, one after the other", || {
        import_anew(&server, &importer, 3, messages, 1)
    })?;

    let Speed { first, second, .. } = speed;
    let rate = options.messages as f64 / first.seconds;
    println!(
        "\nfirst import: {first}, {rate:.0} messages/s\nsecond run: {second}\n\
         COPY of the same rows into the same table: {:.1} s\n\
         COPY without foreign keys: {:.1} s (import: {:.2} times)\n\
         windows: parallel {parallel}; one page after the other {single}",
        speed.copy,
        speed.copy_without_keys,
        first.seconds / speed.copy_without_keys
    );
    check_bars(&[
        Bar {
            what: "first import / COPY",
            value: first.seconds / speed.copy,
            limit: Limit::AtMost(COPY_BAR),
        },
        Bar {
            what: "peak memory of the server, MB",
            value: speed.memory_kb as f64 / 1000.0,
            limit: Limit::AtMost(MEMORY_BAR_MB),
        },
        Bar {
            what: "second run / first",
            value: second.seconds / first.seconds,
            limit: Limit::AtMost(SECOND_BAR),
        },
        Bar {
            what: "gain of parallel windows",
            value: single.seconds / parallel.seconds,
            limit: Limit::AtLeast(GAIN_BAR),
        },
    ])
}

/// How fast a history comes in, and how much memory that takes.
struct Speed {
    first: Took,
    second: Took,
    memory_kb: u64,
    /// Seconds.
    copy: f64,
    /// Seconds.
    copy_without_keys: f64,
}

fn measure_speed(
    server: &ServerUnderTest<'_>,
    importer: &Importer<'_>,
    messages: u64,
) -> Result<Speed> {
    let mut service = server.start(&[windows(WINDOWS)])?;
    importer.add_history(1, messages)?;
    let all = Expected {
        new: messages,
        skipped: 0,
    };
    let first = step("the first import", || importer.import(1, all))?;
    let none = Expected {
        new: 0,
        skipped: messages,
    };
    let second = step("a second one, which finds all known", || {
        importer.import(1, none)
    })?;
    let memory_kb = peak_memory_kb(service.id()).context("no peak memory in /proc")?;
    let copy = step("COPY of the same rows", || {
        copy_seconds(&server.database, ForeignKeys::Kept)
    })?;
    let copy_without_keys = step("COPY without foreign keys", || {
        copy_seconds(&server.database, ForeignKeys::LeftOut)
    })?;
    service.stop();
    Ok(Speed {
        first,
        second,
        memory_kb,
        copy,
        copy_without_keys,
    })
}

/// Imports the history of a further number, with so many pages at once.
fn import_anew(
    server: &ServerUnderTest<'_>,
    importer: &Importer<'_>,
    number: u64,
    messages: u64,
    pages: u32,
) -> Result<Took> {
    let mut service = server.start(&[windows(pages)])?;
    importer.add_history(number, messages)?;
    let all = Expected {
        new: messages,
        skipped: 0,
    };
    let took = importer.import(number, all)?;
    service.stop();
    Ok(took)
}

fn windows(pages: u32) -> Setting {
    ("IMPORT_PAGES_AT_ONCE", pages.to_string().into())
}
