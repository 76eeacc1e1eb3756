//! When word of the progress and a commit are due.

use std::ops::ControlFlow;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::run::Run;

/// A commit comes after this time.
const COMMIT_TIME: Duration = Duration::from_secs(60);

/// When word of the progress and a commit were last due.
pub struct Pace {
    told: Instant,
    committed: Instant,
    committed_bytes: u64,
}

impl Pace {
    /// Returns the pace of a run that starts now.
    pub fn new() -> Pace {
        Pace { told: Instant::now(), committed: Instant::now(), committed_bytes: 0 }
    }

    /// Tells how far the run is and commits, each where it is due; breaks off when a commit fails.
    pub fn keep(&mut self, run: &Run<'_>, tell: &dyn Fn()) -> ControlFlow<()> {
        if self.told.elapsed() > Duration::from_millis(100) {
            tell();
            self.told = Instant::now();
        }
        let bytes = run.totals.bytes.load(Ordering::Relaxed);
        let due = bytes - self.committed_bytes > run.commit_bytes || self.committed.elapsed() > COMMIT_TIME;
        if due {
            if let Err(error) = run.writer.commit() {
                run.fail(error);
                return ControlFlow::Break(());
            }
            (self.committed, self.committed_bytes) = (Instant::now(), bytes);
        }
        ControlFlow::Continue(())
    }
}
