//! What was typed becomes what is meant: flags, environment and terminal, settled once.
//!
//! Later code sees only [`Settings`]. A flag wins over the environment, the environment over the terminal.

use std::env;
use std::io::{self, BufWriter, IsTerminal};
use std::path::PathBuf;

use clap::{ArgAction, ValueEnum, ValueHint};
use terminal_size::{Height, Width, terminal_size_of};

use super::output::Output;
use super::pager::{self, Pager, Stdout};
use crate::render::Style;

/// Lines of text get no longer than this many columns: eyes lose the next line behind them.
const WIDEST: usize = 100;

/// Narrower than this a line is no line.
const NARROWEST: usize = 20;

/// The flags of every command.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Common options")]
pub struct Common {
    /// Folder of the index
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        env = "ONRECORD_INDEX",
        default_value = "index",
        hide_env_values = true
    )]
    index: PathBuf,
    /// Your file of identities [default: identities.toml beside the index]
    #[arg(long, global = true, value_name = "FILE", env = "ONRECORD_IDENTITIES", hide_env_values = true)]
    #[arg(hide_short_help = true)]
    identities: Option<PathBuf>,
    /// Colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", alias = "colour", hide_short_help = true)]
    color: When,
    /// Links on a terminal: from a place to its file, from a headline to its page
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_short_help = true)]
    hyperlink: When,
    /// Show long answers with this command [default: $PAGER, or less]
    #[arg(long, global = true, value_name = "COMMAND", env = "ONRECORD_PAGER", overrides_with = "no_pager")]
    #[arg(hide_short_help = true, hide_env_values = true)]
    pager: Option<String>,
    /// Write long answers straight to the terminal
    #[arg(long, global = true, overrides_with = "pager", hide_short_help = true)]
    no_pager: bool,
    /// Write the answer to a file, all of it or nothing
    #[arg(short, long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Say nothing but errors; a search answers with its exit code alone
    #[arg(short, long, global = true, overrides_with = "verbose")]
    quiet: bool,
    /// Say more on stderr
    #[arg(short, long, global = true, overrides_with = "quiet", action = ArgAction::SetTrue)]
    verbose: bool,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`.
    #[default]
    Auto,
    /// Even into a file or pipe.
    Always,
    /// Not at all.
    Never,
}

/// What the process finds around it.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    stdout_is_terminal: bool,
    stderr_is_terminal: bool,
    /// Columns of the terminal behind stdout, else behind stderr.
    terminal_columns: Option<usize>,
    /// Lines of it.
    terminal_lines: Option<usize>,
    /// `PAGER`, even where it is empty.
    pager: Option<String>,
    /// The current folder.
    folder: String,
    /// `COLUMNS`, where somebody exported it.
    columns: Option<usize>,
    no_color: bool,
    force_color: bool,
    dumb: bool,
}

impl Surroundings {
    /// Looks at the environment and the terminal.
    pub fn look() -> Surroundings {
        let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_zero = |name: &str| env::var_os(name).is_some_and(|value| value == "0");
        let size = terminal_size_of(io::stdout()).or_else(|| terminal_size_of(io::stderr()));
        Surroundings {
            stdout_is_terminal: io::stdout().is_terminal(),
            stderr_is_terminal: io::stderr().is_terminal(),
            terminal_columns: size.map(|(Width(columns), _)| usize::from(columns)),
            terminal_lines: size.map(|(_, Height(lines))| usize::from(lines)),
            pager: env::var("PAGER").ok(),
            folder: env::current_dir().map(|folder| folder.to_string_lossy().into_owned()).unwrap_or_default(),
            columns: env::var("COLUMNS").ok().and_then(|value| value.parse().ok()),
            no_color: is_set("NO_COLOR") || is_zero("CLICOLOR"),
            force_color: is_set("CLICOLOR_FORCE") && !is_zero("CLICOLOR_FORCE"),
            dumb: env::var_os("TERM").is_some_and(|value| value == "dumb"),
        }
    }

    /// Returns whether links are wanted on stdout: on their own only where colours are, too.
    fn links(&self, when: When, colour: bool) -> bool {
        match when {
            When::Always => true,
            When::Never => false,
            When::Auto => colour && self.stdout_is_terminal && !self.dumb,
        }
    }

    /// Returns the pager, where stdout is a terminal that can show one. An empty command is none.
    fn pager(&self, common: &Common) -> Option<Pager> {
        let asked = common.pager.as_deref().or(self.pager.as_deref());
        let command = asked.unwrap_or("less -FRX").trim();
        let wanted = self.stdout_is_terminal && !self.dumb && !common.no_pager;
        if !wanted || command.is_empty() || command == "cat" {
            return None;
        }
        let (lines, columns) = (self.terminal_lines?, self.terminal_columns?);
        Some(Pager { command: command.to_owned(), lines, columns })
    }

    /// Returns whether colours are wanted on a stream.
    fn colour(&self, when: When, is_terminal: bool) -> bool {
        match when {
            When::Always => true,
            When::Never => false,
            When::Auto if self.no_color => false,
            When::Auto => self.force_color || is_terminal && !self.dumb,
        }
    }
}

/// What is meant.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Where the index lies.
    pub index: PathBuf,
    /// The user's file of identities, where one was named.
    pub identities: Option<PathBuf>,
    /// How answers look on stdout.
    pub style: Style,
    /// What shows answers longer than the screen.
    pager: Option<Pager>,
    /// The file that answers go to instead.
    pub output: Option<Output>,
    /// What goes to stderr, and how.
    pub messages: Messages,
}

/// How to talk on stderr.
#[derive(Clone, Copy, Debug, Default)]
pub struct Messages {
    /// Nothing but errors.
    pub quiet: bool,
    /// Every problem as it happens, and how long things took.
    pub verbose: bool,
    /// Whether colours may be used.
    pub colour: bool,
    /// Whether a line may be rewritten to show progress.
    pub progress: bool,
    /// Columns of that line.
    pub width: usize,
}

impl Settings {
    /// Returns what the flags mean in these surroundings.
    pub fn new(common: Common, here: &Surroundings) -> Settings {
        // A file is no terminal, whatever stdout is.
        let into_file = Surroundings { stdout_is_terminal: false, ..here.clone() };
        let here = if common.output.is_some() { &into_file } else { here };
        let limit = |columns: usize| columns.clamp(NARROWEST, WIDEST);
        let terminal = if here.stdout_is_terminal { here.terminal_columns.or(Some(80)) } else { None };
        let colour = here.colour(common.color, here.stdout_is_terminal);
        // Once for the whole run: the style stays a plain value that everybody may copy.
        let links = here.links(common.hyperlink, colour).then(|| &*here.folder.clone().leak());
        let style = Style {
            colour,
            links,
            // A pipe gets whole lines, to cut and compare, unless somebody asks for a width.
            width: terminal.or(here.columns).map(limit),
            terminal: here.stdout_is_terminal,
            ..Style::default()
        };
        let messages = Messages {
            quiet: common.quiet,
            verbose: common.verbose,
            colour: here.colour(common.color, here.stderr_is_terminal),
            progress: here.stderr_is_terminal && !here.dumb && !common.quiet,
            width: here.terminal_columns.or(here.columns).unwrap_or(80).max(NARROWEST),
        };
        let pager = here.pager(&common);
        Settings { index: common.index, identities: common.identities, style, pager, output: None, messages }
    }

    /// Returns the way to stdout, through a pager where a person reads, or into a file that was named. It is flushed at the end of a command, so that
    /// an error there is told too.
    pub fn stdout(&self) -> BufWriter<Stdout> {
        pager::stdout(self.pager.as_ref(), self.output.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMINAL: Surroundings = Surroundings {
        stdout_is_terminal: true,
        stderr_is_terminal: true,
        terminal_columns: Some(160),
        terminal_lines: Some(50),
        pager: None,
        folder: String::new(),
        columns: None,
        no_color: false,
        force_color: false,
        dumb: false,
    };

    fn style(color: When, here: Surroundings) -> Style {
        Settings::new(Common { color, ..Common::default() }, &here).style
    }

    #[test]
    fn colours_follow_the_conventions() {
        let pipe = || Surroundings { stdout_is_terminal: false, ..TERMINAL };
        for (when, here, expected) in [
            (When::Auto, TERMINAL, true),
            (When::Auto, pipe(), false),
            (When::Auto, Surroundings { no_color: true, ..TERMINAL }, false),
            (When::Auto, Surroundings { dumb: true, ..TERMINAL }, false),
            (When::Auto, Surroundings { force_color: true, ..pipe() }, true),
            (When::Auto, Surroundings { force_color: true, no_color: true, ..pipe() }, false),
            (When::Always, Surroundings { no_color: true, ..pipe() }, true),
            (When::Never, Surroundings { force_color: true, ..TERMINAL }, false),
        ] {
            assert_eq!(style(when, here.clone()).colour, expected, "{when:?} {here:?}");
        }
    }

    #[test]
    fn links_go_with_colours() {
        let links = |hyperlink, here: Surroundings| {
            let common = Common { hyperlink, ..Common::default() };
            Settings::new(common, &Surroundings { folder: "/news".to_owned(), ..here }).style.links
        };
        let pipe = Surroundings { stdout_is_terminal: false, ..TERMINAL };
        assert_eq!(links(When::Auto, TERMINAL), Some("/news"));
        assert_eq!(links(When::Auto, Surroundings { no_color: true, ..TERMINAL }), None);
        assert_eq!(links(When::Auto, Surroundings { force_color: true, ..pipe.clone() }), None);
        assert_eq!(links(When::Always, pipe), Some("/news"));
        assert_eq!(links(When::Never, TERMINAL), None);
    }

    #[test]
    fn pages_on_a_terminal_only() {
        let command = |asked: Option<&str>, environment: Option<&str>, no_pager, here: Surroundings| {
            let common = Common { pager: asked.map(str::to_owned), no_pager, ..Common::default() };
            let here = Surroundings { pager: environment.map(str::to_owned), ..here };
            here.pager(&common).map(|pager| pager.command)
        };
        let shown = |asked, environment| command(asked, environment, false, TERMINAL);
        assert_eq!(shown(None, None).as_deref(), Some("less -FRX"));
        assert_eq!(shown(None, Some("most")).as_deref(), Some("most"));
        assert_eq!(shown(Some("less -S"), Some("most")).as_deref(), Some("less -S"));
        assert_eq!(shown(Some(""), Some("most")), None);
        assert_eq!(shown(None, Some("")), None);
        assert_eq!(shown(None, Some("cat")), None);
        assert_eq!(command(None, None, true, TERMINAL), None);
        assert_eq!(command(None, None, false, Surroundings { dumb: true, ..TERMINAL }), None);
        assert_eq!(command(None, None, false, Surroundings { stdout_is_terminal: false, ..TERMINAL }), None);
    }

    #[test]
    fn lines_fit_the_terminal_and_the_eye() {
        assert_eq!(style(When::Auto, TERMINAL).width, Some(100));
        assert_eq!(style(When::Auto, Surroundings { terminal_columns: Some(40), ..TERMINAL }).width, Some(40));
        assert_eq!(style(When::Auto, Surroundings { terminal_columns: None, ..TERMINAL }).width, Some(80));
        let pipe = Surroundings { stdout_is_terminal: false, ..TERMINAL };
        assert_eq!(style(When::Auto, pipe.clone()).width, None);
        assert_eq!(style(When::Auto, Surroundings { columns: Some(60), ..pipe }).width, Some(60));
    }
}
