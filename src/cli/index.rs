//! `onrecord index`: brings the index in step with files and folders, and says what changed.

use std::fs;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::settings::{Messages, Settings};
use super::ui::ProgressLine;
use super::{Outcome, interrupt, watched};
use crate::index::{self as verb, Held, Options, Progress, Summary, Why};
use crate::problem::{Problem, Reason};
use crate::read::FieldMap;
use crate::recognise::{self, Recognised};
use crate::render::text::{counted, grouped, sized};
use crate::walk::Rules;

/// Skipped files that the summary names.
pub const NAMED: usize = 20;

/// Memory for documents that wait to be written, in MB.
const MEMORY_MB: usize = 256;

/// Megabytes of files between two commits.
const COMMIT_MB: u64 = 512;

const MAP_HELP: &str = "\
Which field of JSON and CSV records is what, where the guess is wrong (repeatable). It holds for the paths of this run in
later runs as well, until another one is said; `--map guess` takes it back";

const EXAMPLES: &str = "\
Examples:
  onrecord index ~/news                 read what is new or changed, forget what is gone
  onrecord index a.txt wire.jsonl       files work as well as folders
  onrecord --index ~/idx index ~/news   keep the index somewhere else
  onrecord index --rebuild ~/news       start over
  onrecord index --dry-run ~/news       say what each file is, and index nothing
  onrecord index -g '*.xml' ~/wire      only these files; the rest stays as it is
  onrecord index --watch ~/news         stay, and follow every change
  curl -s example.org/wire | onrecord index -     articles as JSON Lines, each under its id
  find ~/news -mtime -1 -print0 | onrecord index --files-from - -0";

/// Bring the index in step with files and folders: new, changed and gone articles
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Files and folders to read, or `-` for articles as JSON Lines on stdin [default: corpus]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Read the names of files and folders from a file, one a line; `-` for stdin
    #[arg(long, value_name = "FILE")]
    files_from: Option<PathBuf>,
    /// Names in `--files-from` end with a NUL byte and not with a line
    #[arg(short = '0', long, requires = "files_from")]
    null: bool,
    /// Only look at files that match, or with `!` before it, that do not match (repeatable)
    #[arg(short, long, value_name = "GLOB")]
    glob: Vec<String>,
    /// Let more than half of the index go at once, when as many files are gone
    #[arg(long)]
    allow_purge: bool,
    /// Threads to work with [default: one a core]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Memory for articles that wait to be written, in MB
    #[arg(long, value_name = "MB", default_value_t = MEMORY_MB)]
    memory: usize,
    /// Save what is done after every so many MB of files
    #[arg(long, value_name = "MB", default_value_t = COMMIT_MB)]
    commit: u64,
    /// Throw the old index away and read everything again
    #[arg(long)]
    rebuild: bool,
    /// Follow symbolic links
    #[arg(long)]
    follow: bool,
    /// Say what each file is recognised as, and index nothing
    #[arg(long)]
    dry_run: bool,
    /// Which field of JSON and CSV records is what, where the guess is wrong (repeatable)
    #[arg(long, value_name = "PART=FIELD", long_help = MAP_HELP)]
    map: Vec<String>,
    /// Stay, and bring the index in step whenever something changes, until Ctrl-C
    #[arg(long, conflicts_with_all = ["files_from", "dry_run"])]
    watch: bool,
    /// With --watch, look every so many seconds instead of being told by the system
    #[arg(long, value_name = "SECONDS", requires = "watch")]
    poll: Option<f64>,
}

/// Runs the command.
pub fn run(args: Args, settings: &Settings) -> Result<Outcome> {
    let map = said_map(&args.map)?;
    let paths = paths(&args)?;
    let (watch, poll) = (args.watch, args.poll.map(every).transpose()?);
    let rules = Rules { follow: args.follow, globs: args.glob, except: Some(settings.index.clone()) };
    if args.dry_run {
        return dry_run(&paths, &rules, &map.unwrap_or_default(), settings);
    }
    let options = Options {
        index: settings.index.clone(),
        paths,
        threads: args.threads.unwrap_or_else(threads),
        memory_mb: args.memory,
        commit_mb: args.commit,
        rebuild: args.rebuild,
        rules,
        allow_purge: args.allow_purge,
        map,
    };
    if watch {
        return watched::run(&options, poll, &settings.messages);
    }
    let summary = bring_in_step(&options, &settings.messages)?;
    tell_problems(&summary, &settings.messages);
    for line in long_summary(&summary) {
        settings.messages.note(&line);
    }
    Ok(outcome(&summary))
}

/// Returns the paths that were named, on the command line and in the list.
fn paths(args: &Args) -> Result<Vec<PathBuf>> {
    let mut paths = args.paths.clone();
    match &args.files_from {
        Some(list) => paths.extend(listed(list, args.null)?),
        None if paths.is_empty() => paths.push("corpus".into()),
        None => {}
    }
    if is_stdin(&args.paths) {
        let alone = paths.len() == 1 && !args.dry_run && !args.watch && args.glob.is_empty();
        ensure!(alone, "`-`, articles on stdin, goes without other paths, `--glob`, `--dry-run` and `--watch`");
        ensure!(!io::stdin().is_terminal(), "nothing is piped into stdin; write `… | onrecord index -`");
    }
    Ok(paths)
}

/// Returns whether articles are to come from stdin.
fn is_stdin(paths: &[PathBuf]) -> bool {
    paths.iter().any(|path| path == Path::new("-"))
}

fn every(seconds: f64) -> Result<Duration> {
    let every = Duration::try_from_secs_f64(seconds).ok().filter(|every| !every.is_zero());
    every.with_context(|| format!("`--poll {seconds}` is no time to wait; write `--poll 10`"))
}

/// Reads a list of paths, whatever bytes they are made of.
fn listed(list: &Path, null: bool) -> Result<Vec<PathBuf>> {
    let mut bytes = Vec::new();
    if list == Path::new("-") {
        io::stdin().lock().read_to_end(&mut bytes).context("cannot read the list of files from stdin")?;
    } else {
        bytes = fs::read(list).with_context(|| format!("cannot read the list of files `{}`", list.display()))?;
    }
    let end = if null { 0 } else { b'\n' };
    let names = bytes.split(|byte| *byte == end);
    let names = names.map(|name| if null { name } else { name.strip_suffix(b"\r").unwrap_or(name) });
    Ok(names.filter(|name| !name.is_empty()).map(path_of).collect())
}

#[cfg(unix)]
fn path_of(name: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(name))
}

#[cfg(not(unix))]
fn path_of(name: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(name).into_owned())
}

/// Returns what the user said about the fields of records.
pub fn field_map(said: &[String]) -> Result<FieldMap> {
    let mut map = FieldMap::default();
    said.iter().try_for_each(|words| map.say(words))?;
    Ok(map)
}

/// Returns the same where anything was said; `guess` says that nothing is.
fn said_map(said: &[String]) -> Result<Option<FieldMap>> {
    match said {
        [] => Ok(None),
        [guess] if guess == "guess" => Ok(Some(FieldMap::GUESSED)),
        said => field_map(said).map(Some),
    }
}

/// Writes what each file is recognised as.
fn dry_run(paths: &[PathBuf], rules: &Rules, map: &FieldMap, settings: &Settings) -> Result<Outcome> {
    let mut out = settings.stdout();
    let mut trouble: io::Result<()> = Ok(());
    let mut skipped = 0;
    let mut each = |file: Recognised| {
        let formats = file.formats.join(", ");
        if trouble.is_ok() {
            trouble = writeln!(out, "{}: {formats}: {}", file.path, counted(file.articles, "article"));
        }
    };
    let mut problem = |problem: Problem| {
        skipped += 1;
        settings.messages.note(&problem.to_string());
    };
    recognise::files(paths, rules, map, &mut each, &mut problem)?;
    trouble?;
    out.flush()?;
    Ok(if skipped > 0 { Outcome::Skipped } else { Outcome::Done })
}

/// Brings the index in step with one folder before a search; problems are counted and not listed.
pub fn refresh(folder: &Path, settings: &Settings) -> Result<Outcome> {
    let options = Options {
        index: settings.index.clone(),
        paths: vec![folder.to_owned()],
        threads: threads(),
        memory_mb: MEMORY_MB,
        commit_mb: COMMIT_MB,
        rebuild: false,
        rules: Rules { except: Some(settings.index.clone()), ..Rules::default() },
        allow_purge: false,
        map: None,
    };
    let summary = bring_in_step(&options, &settings.messages)?;
    tell_missing(&summary, &settings.messages);
    settings.messages.note(&short_summary(&summary));
    Ok(outcome(&summary))
}

fn bring_in_step(options: &Options, messages: &Messages) -> Result<Summary> {
    let stop = interrupt::stop().context("cannot listen for Ctrl-C")?;
    let line = ProgressLine::new(*messages);
    let progress = |progress: &Progress| line.draw(progress);
    let problem = |problem: &Problem| line.tell(problem);
    let told = match is_stdin(&options.paths) {
        true => verb::take_in(&mut io::stdin().lock(), options, &stop, &progress, &problem),
        false => verb::bring_in_step(options, &stop, &progress, &problem),
    };
    line.clear();
    // What comes after the index may be ended at once.
    stop.store(true, Ordering::SeqCst);
    Ok(told?)
}

fn threads() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

fn outcome(summary: &Summary) -> Outcome {
    if summary.interrupted {
        Outcome::Interrupted
    } else if !summary.skipped.is_empty() || !summary.missing_roots.is_empty() || summary.held.is_some() {
        Outcome::Skipped
    } else {
        Outcome::Done
    }
}

/// Names the first skipped files, which `-v` named already, and the folders that are not there.
pub fn tell_problems(summary: &Summary, messages: &Messages) {
    tell_missing(summary, messages);
    if messages.verbose {
        return;
    }
    for problem in summary.problems.iter().take(NAMED) {
        messages.note(&problem.to_string());
    }
    let left = skipped(summary).saturating_sub(summary.problems.len().min(NAMED) as u64);
    if left > 0 {
        messages.note(&format!("and {} more; `-v` names them all", grouped(left)));
    }
}

/// Names the folders that are not there, and what stays for fear of a missing disk.
pub fn tell_missing(summary: &Summary, messages: &Messages) {
    for root in &summary.missing_roots {
        messages.warn(&format!("`{}` is not there; what was indexed from it stays", root.display()));
    }
    if let Some(held) = &summary.held {
        messages.warn(&held_words(held));
    }
}

/// Returns what would have gone and was kept, and what to do about it.
fn held_words(held: &Held) -> String {
    let Held { files, articles, known, first, why } = held;
    let why = match why {
        Why::TooMany => format!("{} of {} are not there any more", grouped(*files), counted(*known, "file")),
        Why::Emptied(root) => format!("`{root}` is empty now"),
        Why::OtherDisk(folder) => format!("the disk at `{folder}` is missing, empty or another one than before"),
    };
    format!(
        "{why}; {} of {} stay in the index, `{first}` first of all: if a disk is missing, mount it and run again; if \
         they are meant to go, say `--allow-purge`",
        counted(*articles, "article"),
        counted(*files, "file"),
    )
}

fn skipped(summary: &Summary) -> u64 {
    summary.skipped.values().sum()
}

/// Returns what was skipped and why: `3 files skipped: 2 empty, 1 binary`.
fn skipped_words(summary: &Summary) -> Option<String> {
    let total = skipped(summary);
    let reasons = summary.skipped.iter().map(|(reason, count)| format!("{} {}", grouped(*count), reason.name()));
    let reasons: Vec<String> = reasons.collect();
    (total > 0).then(|| format!("{} skipped: {}", counted(total, "file"), reasons.join(", ")))
}

/// Returns what was passed over, where it was more than a name that is never an article: `3 names ignored by your rules`.
fn passed_over_words(summary: &Summary) -> Option<String> {
    let count = |reason| summary.passed_over.get(&reason);
    let ignored = count(Reason::Ignored).map(|count| format!("{} ignored by your rules", counted(*count, "name")));
    let bare = count(Reason::BarePage).map(|count| format!("{} without an article", counted(*count, "page")));
    let words: Vec<String> = ignored.into_iter().chain(bare).collect();
    (!words.is_empty()).then(|| format!("{}; `onrecord log --skipped` lists them", words.join(", ")))
}

fn changes(summary: &Summary) -> String {
    let Summary { new, changed, moved, gone, unchanged, .. } = *summary;
    let rows =
        [("new", new), ("changed", changed), ("moved", moved), ("gone", gone), ("unchanged", unchanged)].into_iter();
    // Hardly ever is one moved.
    let told = rows.filter(|(name, count)| *count > 0 || *name != "moved");
    told.map(|(name, count)| format!("{} {name}", grouped(count))).collect::<Vec<_>>().join(", ")
}

/// Returns what changed, what there is, what was skipped, and how fast it went.
pub fn long_summary(summary: &Summary) -> Vec<String> {
    let seconds = summary.elapsed.as_secs_f64();
    let mut lines = vec![
        format!("{}: {}", counted(summary.articles, "article"), changes(summary)),
        format!("{} by {}", counted(summary.quotes, "quote"), counted(summary.speakers, "speaker")),
    ];
    lines.extend(skipped_words(summary));
    lines.extend(passed_over_words(summary));
    if summary.bytes > 0 {
        let rate = (summary.bytes as f64 / seconds.max(0.001)) as u64;
        lines.push(format!("{} read in {seconds:.1} s ({}/s)", sized(summary.bytes), sized(rate)));
    }
    if summary.interrupted {
        lines.push("interrupted; the same command goes on from here".to_owned());
    }
    lines
}

/// Returns one line: what changed, if anything.
pub fn short_summary(summary: &Summary) -> String {
    let mut words = format!("index: {}", counted(summary.articles, "article"));
    if summary.new + summary.changed + summary.moved + summary.gone > 0 {
        words.push_str(&format!(" ({})", changes(summary)));
    }
    if let Some(skipped) = skipped_words(summary) {
        words.push_str(&format!("; {skipped}"));
    }
    if summary.interrupted {
        words.push_str("; interrupted");
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn summary() -> Summary {
        Summary {
            new: 3,
            changed: 1,
            unchanged: 1200,
            articles: 1204,
            quotes: 5000,
            speakers: 1,
            skipped: BTreeMap::from([(Reason::Empty, 2), (Reason::Binary, 1)]),
            bytes: 4_000_000,
            elapsed: Duration::from_millis(500),
            ..Summary::default()
        }
    }

    #[test]
    fn sums_up() {
        assert_eq!(
            long_summary(&summary()),
            [
                "1,204 articles: 3 new, 1 changed, 0 gone, 1,200 unchanged",
                "5,000 quotes by 1 speaker",
                "3 files skipped: 1 binary, 2 empty",
                "4.0 MB read in 0.5 s (8.0 MB/s)",
            ]
        );
        assert_eq!(
            short_summary(&summary()),
            "index: 1,204 articles (3 new, 1 changed, 0 gone, 1,200 unchanged); 3 files skipped: 1 binary, 2 empty"
        );
        assert_eq!(short_summary(&Summary { articles: 2, ..Summary::default() }), "index: 2 articles");
    }

    #[test]
    fn ends_with_the_right_code() {
        assert_eq!(outcome(&summary()), Outcome::Skipped);
        assert_eq!(outcome(&Summary::default()), Outcome::Done);
        assert_eq!(outcome(&Summary { interrupted: true, ..summary() }), Outcome::Interrupted);
        assert_eq!(outcome(&Summary { missing_roots: vec!["gone".into()], ..Summary::default() }), Outcome::Skipped);
    }
}
