//! `onrecord index --watch`: the index follows the files until Ctrl-C.

use std::time::Duration;

use anyhow::{Context, Result};

use super::index::{NAMED, long_summary, short_summary, tell_missing, tell_problems};
use super::settings::Messages;
use super::ui::ProgressLine;
use super::{Outcome, interrupt};
use crate::index::{self as verb, Options, Progress, Summary, Update};
use crate::problem::Problem;
use crate::walk::How;

/// Brings the index in step, and again whenever something changes; says what changed, a line each time.
pub fn run(options: &Options, poll: Option<Duration>, messages: &Messages) -> Result<Outcome> {
    let stop = interrupt::stop().context("cannot listen for Ctrl-C")?;
    let line = ProgressLine::new(*messages);
    let progress = |progress: &Progress| line.draw(progress);
    let problem = |problem: &Problem| line.tell(problem);
    let mut held = None;
    let mut told = |update: Update<'_>| {
        line.clear();
        match update {
            Update::Watching(how) => messages.note(&watching(how)),
            Update::InStep(summary, first) => {
                // What stays in the index for fear of a missing disk is told once, not with every other change.
                let now = summary.held.as_ref().map(|held| (held.files, held.first.clone(), held.why.clone()));
                let again = now.is_some() && now == held;
                held = now;
                let summary = if again { Summary { held: None, ..summary.clone() } } else { summary.clone() };
                tell(&summary, first, messages);
            }
            Update::Overflow => messages.note("more changed at once than the system could tell; looking at everything"),
            Update::Busy => messages.note("the index is being written by another run; going on when it is done"),
            Update::NothingThere => messages.warn("none of the paths is there any more; what was indexed stays"),
        }
    };
    let ended = verb::keep_in_step(options, poll, &stop, &progress, &problem, &mut told);
    line.clear();
    ended?;
    Ok(Outcome::Interrupted)
}

fn tell(summary: &Summary, first: bool, messages: &Messages) {
    if first {
        tell_problems(summary, messages);
        long_summary(summary).iter().for_each(|line| messages.note(line));
        return;
    }
    tell_missing(summary, messages);
    if !messages.verbose {
        summary.problems.iter().take(NAMED).for_each(|problem| messages.note(&problem.to_string()));
    }
    if summary.new + summary.changed + summary.moved + summary.gone > 0 {
        messages.note(&short_summary(summary));
    }
}

fn watching(how: &How) -> String {
    match how {
        How::Events => "watching for changes; Ctrl-C ends it".to_owned(),
        How::Polling { every, why } => {
            let why = why.as_ref().map_or(String::new(), |why| format!(": {why}"));
            format!("looking for changes every {} s{why}; Ctrl-C ends it", every.as_secs_f64())
        }
    }
}
