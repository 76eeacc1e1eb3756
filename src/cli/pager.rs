//! The way to stdout for what a person may read at length: through a pager once it is longer than the screen.
//!
//! What fits the screen waits until the command ends and is then written as it is, so that a pager never comes up for
//! a few lines. Into a pipe or a file everything goes straight.

use std::env;
use std::io::{self, BufWriter, StdoutLock, Write};
use std::process::{Child, Command, Stdio};

use super::output::Output;

/// A screen, and what shows what does not fit on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pager {
    /// The command, as a shell would read it.
    pub command: String,
    /// Lines of the screen.
    pub lines: usize,
    /// Columns of the screen.
    pub columns: usize,
}

/// Returns the way to stdout, through a pager where there is one, or into the file that stands for it. It is flushed at the end of a command, so that an
/// error there is told too; when it goes away it waits until the reader has read.
pub fn stdout(pager: Option<&Pager>, output: Option<&Output>) -> BufWriter<Stdout> {
    let way = match (output, pager) {
        (Some(output), _) => Way::File(output.clone()),
        (None, Some(pager)) => Way::Waiting { pager: pager.clone(), written: Vec::new(), screen: Screen::default() },
        (None, None) => Way::Straight,
    };
    BufWriter::with_capacity(1 << 16, Stdout { lock: io::stdout().lock(), way })
}

/// Stdout, whose errors say so.
pub struct Stdout {
    lock: StdoutLock<'static>,
    way: Way,
}

enum Way {
    /// As it comes.
    Straight,
    /// Nothing is written yet: it may fit.
    Waiting { pager: Pager, written: Vec<u8>, screen: Screen },
    /// A pager shows it.
    Paged(Child),
    /// Into a file instead.
    File(Output),
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Way::Waiting { pager, written, screen } = &mut self.way {
            written.extend_from_slice(bytes);
            screen.fill(bytes, pager.columns);
            if screen.lines < pager.lines {
                return Ok(bytes.len());
            }
            let started = start(&pager.command);
            let written = std::mem::take(written);
            self.way = started.map_or(Way::Straight, Way::Paged);
            self.write_all_now(&written)?;
            return Ok(bytes.len());
        }
        self.write_all_now(bytes)?;
        Ok(bytes.len())
    }

    /// Writes what waits: whoever flushes has nothing more to say.
    fn flush(&mut self) -> io::Result<()> {
        if let Way::Waiting { written, .. } = &mut self.way {
            let written = std::mem::take(written);
            self.way = Way::Straight;
            self.write_all_now(&written)?;
        }
        match self.way {
            Way::Paged(_) | Way::File(_) => Ok(()),
            _ => self.lock.flush().map_err(|error| on_stdout(&error)),
        }
    }
}

impl Stdout {
    fn write_all_now(&mut self, bytes: &[u8]) -> io::Result<()> {
        let written = match &mut self.way {
            Way::Paged(child) => match &mut child.stdin {
                Some(stdin) => stdin.write_all(bytes),
                None => Ok(()),
            },
            Way::File(output) => return output.write_all(bytes),
            _ => self.lock.write_all(bytes),
        };
        written.map_err(|error| on_stdout(&error))
    }
}

impl Drop for Stdout {
    fn drop(&mut self) {
        // What waits is written even where an error ends the command; there is nobody to tell of another one.
        let _ = self.flush();
        if let Way::Paged(child) = &mut self.way {
            drop(child.stdin.take());
            let _ = child.wait();
        }
    }
}

/// How full the screen is.
#[derive(Debug, Default)]
struct Screen {
    lines: usize,
    column: usize,
    /// Inside an escape sequence, which takes no room: its first character after the escape.
    escape: Option<u8>,
    escaped: bool,
}

impl Screen {
    /// Counts the lines that text fills; a wide character counts as one column, so the count is at most a little low.
    fn fill(&mut self, bytes: &[u8], columns: usize) {
        for byte in bytes {
            if self.escaped {
                self.pass(*byte);
            } else if *byte == 0x1B {
                (self.escaped, self.escape) = (true, None);
            } else if *byte == b'\n' {
                self.lines += 1;
                self.column = 0;
            } else if (*byte & 0xC0) != 0x80 {
                if self.column == columns {
                    self.lines += 1;
                    self.column = 0;
                }
                self.column += 1;
            }
        }
    }

    /// Passes over a byte of an escape sequence: a colour ends with a letter, a link with a backslash.
    fn pass(&mut self, byte: u8) {
        match self.escape {
            None => self.escape = Some(byte),
            Some(b'[') => self.escaped = !byte.is_ascii_alphabetic(),
            Some(_) => self.escaped = byte != b'\\',
        }
    }
}

/// Starts a pager; nothing where it is not there.
fn start(command: &str) -> Option<Child> {
    let mut words = command.split_whitespace();
    let is_plain = !command.contains(|letter| "\"'\\$`|&;<>()*?~#".contains(letter));
    let mut process = match (is_plain, cfg!(unix)) {
        (false, true) => {
            let mut shell = Command::new("sh");
            shell.args(["-c", command]);
            shell
        }
        _ => {
            let mut process = Command::new(words.next()?);
            process.args(words);
            process
        }
    };
    // As git has it: leave at the end of one screen, show colours, leave the text on the screen.
    for (name, value) in [("LESS", "FRX"), ("LV", "-c")] {
        if env::var_os(name).is_none() {
            process.env(name, value);
        }
    }
    let child = process.stdin(Stdio::piped()).spawn().ok()?;
    // From here the interrupt is the pager's. Where another handler listens, it goes on doing so.
    let _ = ctrlc::set_handler(|| ());
    Some(child)
}

fn on_stdout(error: &io::Error) -> io::Error {
    let words = error.to_string();
    let words = words.split(" (os error").next().unwrap_or_default();
    io::Error::new(error.kind(), format!("cannot write to stdout ({})", words.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, columns: usize) -> usize {
        let mut screen = Screen::default();
        screen.fill(text.as_bytes(), columns);
        screen.lines
    }

    #[test]
    fn counts_the_lines_of_a_screen() {
        for (text, columns, expected) in [
            ("", 80, 0),
            ("one\ntwo\n", 80, 2),
            ("12345678", 4, 1),
            ("1234\n5678\n", 4, 2),
            ("12345\n", 4, 2),
            ("\u{1b}[1m\u{1b}[31mred\u{1b}[0m\n", 4, 1),
            ("\u{1b}]8;;file:///a/long/path\u{1b}\\abc\u{1b}]8;;\u{1b}\\\n", 4, 1),
            ("日本語x\n", 4, 1),
        ] {
            assert_eq!(lines(text, columns), expected, "{text:?}");
        }
    }

    #[test]
    fn a_pager_that_is_not_there_is_none() {
        assert!(start("no-such-pager-anywhere -x").is_none());
        assert!(start(" ").is_none());
    }
}
