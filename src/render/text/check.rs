//! Whether an index is sound: one line that says so and what was looked at, or a line for each fault.

use std::io::{self, Write};

use super::{counted, sized};
use crate::hits::Soundness;
use crate::render::Style;
use crate::render::flow::{Indent, Pen};
use crate::render::paint::Paint;

/// How many names a line about several files gives.
const NAMES: usize = 3;

/// Writes what a check found.
pub fn write(check: &Soundness, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut pen = Pen::new(style, out);
    for fault in &check.faults {
        pen.flow(
            Indent::after(0),
            &[(Paint::Strong, &fault.place), (Paint::Plain, ": "), (Paint::Plain, &fault.detail)],
        )?;
    }
    if check.is_sound() {
        pen.flow(Indent::all(0), &[(Paint::Strong, "sound"), (Paint::Plain, ": "), (Paint::Plain, &looked_at(check))])?;
    }
    for note in notes(check) {
        pen.flow(Indent::all(0), &[(Paint::Faint, &note)])?;
    }
    Ok(())
}

fn looked_at(check: &Soundness) -> String {
    let Soundness { files, bytes, segments, articles, quotes, .. } = check;
    format!(
        "{} and {} read, {} ({}) in {} as they were written",
        counted(*articles, "article"),
        counted(*quotes, "quote"),
        counted(*files, "file"),
        sized(*bytes),
        counted(*segments, "segment"),
    )
}

/// Returns what is no fault and yet good to know, each with what becomes of it.
fn notes(check: &Soundness) -> Vec<String> {
    let mut notes = Vec::new();
    if !check.leftovers.is_empty() {
        let count = counted(check.leftovers.len() as u64, "file");
        notes.push(format!("{count} left over from a run that was killed; the next `onrecord index` clears up"));
    }
    if !check.half_read.is_empty() {
        let count = counted(check.half_read.len() as u64, "file");
        let first = check.half_read[..check.half_read.len().min(NAMES)].join(", ");
        notes.push(format!("{count} half read by a run that was killed, `onrecord index` reads them again: {first}"));
    }
    if check.stale_copies {
        notes.push("the list of copies is of an earlier commit; the next `onrecord index` makes it anew".to_owned());
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hits::Fault;

    fn shown(check: &Soundness) -> String {
        let mut out = Vec::new();
        write(check, Style::default(), &mut out).expect("memory takes it");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn says_what_was_looked_at_and_what_remains() {
        let mut check =
            Soundness { files: 8, bytes: 2_000, segments: 1, articles: 1, quotes: 3, ..Soundness::default() };
        let sound = "sound: 1 article and 3 quotes read, 8 files (2.0 kB) in 1 segment as they were written\n";
        assert_eq!(shown(&check), sound);
        check.leftovers = vec!["a.term".to_owned(), "a.pos".to_owned()];
        check.half_read = (0..5).map(|n| format!("{n}.txt")).collect();
        check.stale_copies = true;
        let noted = shown(&check);
        assert!(noted.starts_with(sound) && noted.lines().count() == 4, "{noted}");
        assert!(noted.contains("2 files left over") && noted.contains("0.txt, 1.txt, 2.txt\n"), "{noted}");
    }

    #[test]
    fn names_each_fault() {
        let fault = Fault { place: "a.term".to_owned(), detail: "it is missing".to_owned() };
        let check = Soundness { faults: vec![fault], ..Soundness::default() };
        assert_eq!(shown(&check), "a.term: it is missing\n");
    }
}
