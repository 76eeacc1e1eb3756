//! A panic in an annotator ends one article's annotation and not the run.
//!
//! In: a piece of work. Out: what it returns, or where and why it panicked. Nothing is printed about such a panic; one
//! outside of the work goes to the hook that was there before.

use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Once;

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    static TOLD: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Returns what the work returns, or where and why it panicked, in one line.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| match GUARDED.get() {
            true => TOLD.set(told(info)),
            false => before(info),
        }));
    });
    GUARDED.set(true);
    // What the work leaves half done is its caller's to throw away.
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(false);
    done.map_err(|_| TOLD.take())
}

fn told(info: &PanicHookInfo<'_>) -> String {
    let payload = info.payload();
    let words =
        payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let place = info.location().map(|at| format!(" at {}:{}", at.file(), at.line())).unwrap_or_default();
    let first_line = words.unwrap_or("unknown trouble").lines().next().unwrap_or_default();
    format!("{first_line}{place}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_told_in_one_line() {
        assert_eq!(guarded(|| 2 + 2), Ok(4));
        let told = guarded(|| panic!("no such word: {}\nmore", 7)).map(|()| 0).unwrap_err();
        assert!(told.starts_with("no such word: 7 at src/annotate/guard.rs:"), "{told}");
        assert_eq!(guarded(|| "on it goes"), Ok("on it goes"));
    }
}
