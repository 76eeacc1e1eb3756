//! What Ctrl-C does: one handler for the process, since there can be no more.
//!
//! Without it the signal ends the process at once, as it should where nothing has to be cleared away. Work that can
//! stop in an orderly way gives a flag: the first Ctrl-C sets it, the second one ends the process.

use std::fs;
use std::path::PathBuf;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::Outcome;

/// What an interrupt must see to.
static DUTIES: Mutex<Duties> = Mutex::new(Duties { stop: None, aside: None, listens: false });

struct Duties {
    /// What stops the work.
    stop: Option<Arc<AtomicBool>>,
    /// A file that must not stay.
    aside: Option<PathBuf>,
    listens: bool,
}

/// Returns a flag that the first Ctrl-C sets.
///
/// # Errors
/// When nothing can listen.
pub fn stop() -> Result<Arc<AtomicBool>, ctrlc::Error> {
    let stop = Arc::new(AtomicBool::new(false));
    listen(|duties| duties.stop = Some(Arc::clone(&stop)))?;
    Ok(stop)
}

/// Notes a file that goes away with the process, unless it is [kept](keep).
///
/// # Errors
/// When nothing can listen.
pub fn note(aside: PathBuf) -> Result<(), ctrlc::Error> {
    listen(|duties| duties.aside = Some(aside))
}

/// Removes the file that was noted.
pub fn discard() {
    DUTIES.lock().unwrap_or_else(PoisonError::into_inner).discard();
}

/// Forgets the file that was noted once `named` has given it the name under which it stays.
///
/// # Errors
/// Those of `named`.
pub fn keep<E>(named: impl FnOnce() -> Result<(), E>) -> Result<(), E> {
    // Locked, so that an interrupt comes before or after.
    let mut duties = DUTIES.lock().unwrap_or_else(PoisonError::into_inner);
    named()?;
    duties.aside = None;
    Ok(())
}

fn listen(note: impl FnOnce(&mut Duties)) -> Result<(), ctrlc::Error> {
    let mut duties = DUTIES.lock().unwrap_or_else(PoisonError::into_inner);
    note(&mut duties);
    if !duties.listens {
        ctrlc::set_handler(interrupted)?;
        duties.listens = true;
    }
    Ok(())
}

fn interrupted() {
    let mut duties = DUTIES.lock().unwrap_or_else(PoisonError::into_inner);
    if duties.stop.as_ref().is_some_and(|stop| !stop.swap(true, Ordering::SeqCst)) {
        return;
    }
    duties.discard();
    process::exit(i32::from(Outcome::Interrupted as u8));
}

impl Duties {
    fn discard(&mut self) {
        if let Some(aside) = self.aside.take() {
            // It may never have been made.
            let _ = fs::remove_file(aside);
        }
    }
}
