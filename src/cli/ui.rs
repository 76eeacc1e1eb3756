//! What people read beside the data: errors, warnings, progress, summaries. All of it goes to stderr.
//!
//! Nothing here fails when stderr is closed: there is nobody left to tell.

use std::env;
use std::io::{self, ErrorKind, Write};
use std::panic;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anstyle::{AnsiColor, Style as Ansi};
use anyhow::Error;

use super::Outcome;
use super::settings::Messages;
use crate::index::{self, Progress};
use crate::problem::Problem;
use crate::query::Complaint;
use crate::render::clean;
use crate::render::text::{grouped, sized};
use crate::{engine, search};

/// Time between two pictures of the progress line.
const FRAME: Duration = Duration::from_millis(100);

/// Tells an error and returns how the process ends. A reader that went away is no trouble.
pub fn tell(error: &Error, messages: &Messages) -> Outcome {
    if is_broken_pipe(error) {
        return Outcome::Done;
    }
    match error.downcast_ref() {
        Some(search::Error::Query(complaints)) => complain(complaints, messages),
        _ => messages.error(&format!("{error:#}")),
    }
    if is_locked(error) { Outcome::Locked } else { Outcome::Failed }
}

/// Makes a panic, which is a bug, one line with its place; `RUST_BACKTRACE` brings back all there is to know.
pub fn tell_panics(messages: Messages) {
    if env::var_os("RUST_BACKTRACE").is_some() {
        return;
    }
    // The thread that waits for a broken one panics too, and knows less.
    let told = AtomicBool::new(false);
    panic::set_hook(Box::new(move |panic| {
        if !told.swap(true, Ordering::SeqCst) {
            let place = panic.location().map(|place| format!(" at {}:{}", place.file(), place.line()));
            let payload = panic.payload();
            let words = payload.downcast_ref::<&str>().copied();
            let what = words.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("panic");
            messages.error(&format!("this is a bug in onrecord: {what}{}", place.unwrap_or_default()));
            messages.hint("please report it, with the article or the query that brought it up");
        }
    }));
}

/// Shows what is wrong with a query, with a caret under the place.
pub fn complain(complaints: &[Complaint], messages: &Messages) {
    for complaint in complaints {
        messages.error(&complaint.to_string());
    }
    messages.hint("`onrecord help query` explains the query language");
}

fn is_broken_pipe(error: &Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == ErrorKind::BrokenPipe)
}

fn is_locked(error: &Error) -> bool {
    error.chain().any(|cause| {
        matches!(cause.downcast_ref(), Some(engine::Error::Locked(_)))
            || cause.downcast_ref().is_some_and(index::Error::is_locked)
    })
}

impl Messages {
    /// Writes a line about what goes wrong and yet does not end the work.
    pub fn warn(&self, words: &str) {
        if !self.quiet {
            self.say("warning", AnsiColor::Yellow, words);
        }
    }

    /// Writes a line about what to do.
    pub fn hint(&self, words: &str) {
        if !self.quiet {
            let ansi = self.ansi(AnsiColor::Cyan);
            self.write(&format!("{ansi}hint:{ansi:#} {}\n", clean(words)));
        }
    }

    /// Writes a line about what was done.
    pub fn note(&self, words: &str) {
        if !self.quiet {
            self.write(&format!("{}\n", clean(words)));
        }
    }

    /// Writes a line for those who asked for more.
    pub fn detail(&self, words: &str) {
        if self.verbose {
            self.note(words);
        }
    }

    /// Writes an error, even when all else is silent.
    pub fn error(&self, words: &str) {
        self.say("error", AnsiColor::Red, words);
    }

    fn say(&self, kind: &str, colour: AnsiColor, words: &str) {
        let ansi = self.ansi(colour);
        let lines: Vec<_> = words.lines().map(clean).collect();
        self.write(&format!("onrecord: {ansi}{kind}:{ansi:#} {}\n", lines.join("\n")));
    }

    fn ansi(&self, colour: AnsiColor) -> Ansi {
        if self.colour { colour.on_default().bold() } else { Ansi::new() }
    }

    fn write(&self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }
}

/// The line on a terminal that says how far indexing is.
pub struct ProgressLine {
    messages: Messages,
    started: Instant,
    /// When the line was last drawn; nothing while it is not there.
    drawn: Mutex<Option<Instant>>,
}

impl ProgressLine {
    /// Returns a line that is not drawn yet.
    pub fn new(messages: Messages) -> ProgressLine {
        ProgressLine { messages, started: Instant::now(), drawn: Mutex::new(None) }
    }

    /// Draws the line, unless it was drawn a moment ago.
    pub fn draw(&self, progress: &Progress) {
        if !self.messages.progress {
            return;
        }
        let Ok(mut drawn) = self.drawn.lock() else { return };
        if drawn.map_or(self.started.elapsed(), |drawn| drawn.elapsed()) < FRAME {
            return;
        }
        let line = progress_words(progress, self.started.elapsed());
        let line: String = line.chars().take(self.messages.width.saturating_sub(1)).collect();
        self.messages.write(&format!("\r{line}\u{1b}[K"));
        *drawn = Some(Instant::now());
    }

    /// Tells a problem, for those who asked for more.
    pub fn tell(&self, problem: &Problem) {
        if self.messages.verbose {
            self.clear();
            self.messages.detail(&problem.to_string());
        }
    }

    /// Takes the line off the screen, so that something else can be written.
    pub fn clear(&self) {
        if let Ok(mut drawn) = self.drawn.lock()
            && drawn.take().is_some()
        {
            self.messages.write("\r\u{1b}[K");
        }
    }
}

/// Returns the words of the progress line: `1,200 of 40,000 files, 3 %, 24.1 MB/s, 1:05 left`.
fn progress_words(progress: &Progress, elapsed: Duration) -> String {
    let mut words = format!("indexing: {}", grouped(progress.files_done));
    if let Some(total) = progress.files_total {
        words.push_str(&format!(" of {}", grouped(total)));
    }
    words.push_str(" files");
    let seconds = elapsed.as_secs_f64().max(0.001);
    if let Some(total) = progress.bytes_total.filter(|total| *total > 0) {
        words.push_str(&format!(", {} %", (progress.bytes_done.min(total) * 100) / total));
    }
    words.push_str(&format!(", {}/s", sized((progress.bytes_done as f64 / seconds) as u64)));
    if let Some(left) = time_left(progress, seconds) {
        words.push_str(&format!(", {} left", clock(left)));
    }
    words
}

/// Returns the seconds that the rest will take at the pace so far, once there is a pace.
fn time_left(progress: &Progress, seconds: f64) -> Option<u64> {
    let (done, total) = match progress.bytes_total {
        Some(total) => (progress.bytes_done, total),
        None => (progress.files_done, progress.files_total?),
    };
    if done == 0 || seconds < 1.0 {
        return None;
    }
    Some((total.saturating_sub(done) as f64 * seconds / done as f64).ceil() as u64)
}

/// Returns seconds as a clock shows them: `0:07`, `12:30`, `1:02:03`.
fn clock(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_how_far_it_is() {
        let progress = Progress {
            files_done: 1200,
            files_total: Some(40_000),
            bytes_done: 30_000_000,
            bytes_total: Some(300_000_000),
            articles: 1190,
        };
        let words = progress_words(&progress, Duration::from_secs(10));
        assert_eq!(words, "indexing: 1,200 of 40,000 files, 10 %, 3.0 MB/s, 1:30 left");
        let unknown = Progress { files_total: None, bytes_total: None, ..progress };
        assert_eq!(progress_words(&unknown, Duration::from_secs(10)), "indexing: 1,200 files, 3.0 MB/s");
    }

    #[test]
    fn shows_a_clock() {
        assert_eq!([7, 750, 3723].map(clock), ["0:07", "12:30", "1:02:03"]);
    }

    #[test]
    fn a_reader_that_left_is_no_trouble() {
        let gone = Error::from(io::Error::from(ErrorKind::BrokenPipe)).context("writing");
        assert_eq!(tell(&gone, &Messages::default()), Outcome::Done);
    }
}
