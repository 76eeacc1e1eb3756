//! Keeps an index in step with its paths until it is told to stop.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::{Error, OnProblem, OnProgress, Options, Summary, bring_in_step};
use crate::problem::Problem;
use crate::walk::{How, Wake, Watch};

/// How long to wait for another run to let go of the index, at a time.
const AGAIN: Duration = Duration::from_secs(1);

/// What is told of a watch.
#[derive(Debug)]
pub enum Update<'a> {
    /// The watch began, or goes on in another way.
    Watching(&'a How),
    /// The index was brought in step; whether this was the first time.
    InStep(&'a Summary, bool),
    /// More changed than the system could tell, so everything is looked at.
    Overflow,
    /// Another run writes the index; it is tried again.
    Busy,
    /// None of the paths is there any more; what was indexed stays.
    NothingThere,
}

/// Brings an index in step with its paths, and again after every burst of changes, until `stop` is set. Problems are
/// told once, and again when they were gone for a while.
///
/// # Errors
/// Those of [`bring_in_step`]; a missing path or another run is one only at the start.
pub fn keep_in_step(
    options: &Options,
    poll: Option<Duration>,
    stop: &AtomicBool,
    progress: OnProgress<'_>,
    problem: OnProblem<'_>,
    told: &mut dyn FnMut(Update<'_>),
) -> Result<(), Error> {
    // It watches before it looks, so that nothing falls in between.
    let mut watch = Watch::start(&options.paths, options.rules.follow, poll);
    let mut known: HashSet<String> = HashSet::new();
    let summary = bring_in_step(options, stop, progress, problem)?;
    watch.pass_over(&options.index);
    known.extend(summary.problems.iter().map(Problem::to_string));
    told(Update::InStep(&summary, true));
    if summary.interrupted {
        return Ok(());
    }
    let later = Options { rebuild: false, ..options.clone() };
    told(Update::Watching(watch.how()));
    let mut nothing_there = false;
    loop {
        match watch.wait(stop) {
            Wake::Stopped => return Ok(()),
            Wake::Changed => {}
            Wake::Overflow => told(Update::Overflow),
            Wake::Otherwise(how) => told(Update::Watching(&how)),
        }
        let quiet = |found: &Problem| {
            if !known.contains(&found.to_string()) {
                problem(found);
            }
        };
        match once_free(&later, stop, progress, &quiet, told) {
            Ok(Some(mut summary)) => {
                let before = std::mem::take(&mut known);
                known.extend(summary.problems.iter().map(Problem::to_string));
                summary.problems.retain(|problem| !before.contains(&problem.to_string()));
                told(Update::InStep(&summary, false));
                nothing_there = false;
                if summary.interrupted {
                    return Ok(());
                }
            }
            Ok(None) => return Ok(()),
            Err(Error::NothingThere(_)) => {
                if !std::mem::replace(&mut nothing_there, true) {
                    told(Update::NothingThere);
                }
            }
            Err(error) => return Err(error),
        }
    }
}

/// Brings the index in step as soon as no other run writes it; nothing when it is to stop before.
fn once_free(
    options: &Options,
    stop: &AtomicBool,
    progress: OnProgress<'_>,
    problem: OnProblem<'_>,
    told: &mut dyn FnMut(Update<'_>),
) -> Result<Option<Summary>, Error> {
    let mut busy = false;
    loop {
        match bring_in_step(options, stop, progress, problem) {
            Err(error) if error.is_locked() => {
                if !std::mem::replace(&mut busy, true) {
                    told(Update::Busy);
                }
                thread::sleep(AGAIN);
                if stop.load(Ordering::Relaxed) {
                    return Ok(None);
                }
            }
            done => return done.map(Some),
        }
    }
}
