//! What a user has settled for every run: files of TOML, and the environment.
//!
//! A value comes from the first that has one: a flag, the environment, the project (`.onrecord/config.toml` in the
//! folder or one above it), the user (`onrecord/config.toml` where the system keeps such files, or the file in
//! `ONRECORD_CONFIG`). It stands in for the flag's own default, so that it is read, checked and shown like one.

use std::env;
use std::fs;
use std::io::ErrorKind;
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::Command;
use clap::builder::Resettable;
use toml::de::{DeTable, DeValue};

use crate::likeness::nearest;

/// Where an index lies in a folder that is a project.
const PROJECT: &str = ".onrecord";

/// A setting.
pub struct Key {
    /// The table it stands in, which is the command it is for; nothing for all of them.
    pub table: Option<&'static str>,
    /// Its name, and the flag's.
    pub name: &'static str,
    /// What holds where nobody says anything, as TOML.
    pub usual: &'static str,
    /// The variable of the environment that stands above the files, where there is one.
    pub variable: Option<&'static str>,
}

/// Every setting.
#[rustfmt::skip]
pub const KEYS: &[Key] = &[
    Key { table: None,           name: "index",     usual: "\"index\"",  variable: Some("ONRECORD_INDEX") },
    Key { table: None,           name: "identities", usual: "\"identities.toml\"", variable: Some("ONRECORD_IDENTITIES") },
    Key { table: None,           name: "color",     usual: "\"auto\"",   variable: None },
    Key { table: None,           name: "hyperlink", usual: "\"auto\"",   variable: None },
    Key { table: None,           name: "pager",     usual: "\"less -FRX\"", variable: Some("ONRECORD_PAGER") },
    Key { table: Some("search"), name: "rows",      usual: "10",         variable: None },
    Key { table: Some("search"), name: "sort",      usual: "\"best\"",   variable: None },
    Key { table: Some("search"), name: "snippets",  usual: "2",          variable: None },
    Key { table: Some("search"), name: "format",    usual: "\"text\"",   variable: None },
    Key { table: Some("quotes"), name: "rows",      usual: "\"all\"",    variable: None },
    Key { table: Some("quotes"), name: "sort",      usual: "\"oldest\"", variable: None },
    Key { table: Some("quotes"), name: "kind",      usual: "[\"direct\"]", variable: None },
    Key { table: Some("quotes"), name: "format",    usual: "\"text\"",   variable: None },
];

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A line of the user's file.
    User(PathBuf, usize),
    /// A line of the project's file.
    Project(PathBuf, usize),
    /// The folder `.onrecord`, whose index is meant.
    Folder(PathBuf),
}

/// What the files say.
#[derive(Clone, Debug, Default)]
pub struct Config {
    values: Vec<Value>,
}

#[derive(Clone, Debug)]
struct Value {
    /// The place in [`KEYS`].
    key: usize,
    words: String,
    origin: Origin,
}

impl Config {
    /// Reads the files there are.
    ///
    /// # Errors
    /// When one cannot be read, or says what nobody understands.
    pub fn read() -> Result<Config> {
        let mut config = Config::default();
        let profile = env::var("ONRECORD_PROFILE").ok().filter(|profile| !profile.is_empty());
        let mut known_profile = profile.is_none();
        let mut add = |file: &Path, is_project: bool, is_asked: bool| -> Result<()> {
            let text = match fs::read_to_string(file) {
                Ok(text) => text,
                Err(error) if !is_asked && matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                    return Ok(());
                }
                Err(error) => bail!("{}: {error}", file.display()),
            };
            let file = File { path: file, text: &text, is_project };
            known_profile |= file.read(profile.as_deref(), &mut config.values)?;
            Ok(())
        };
        match env::var_os("ONRECORD_CONFIG") {
            Some(file) if file.is_empty() => {}
            Some(file) => add(Path::new(&file), false, true)?,
            None => {
                if let Some(file) = user_file() {
                    add(&file, false, false)?;
                }
            }
        }
        let project = project();
        if let Some(folder) = &project {
            add(&folder.join("config.toml"), true, false)?;
        }
        if !known_profile {
            bail!("there is no profile `{}`: no file has `[profile.{0}]`", profile.unwrap_or_default());
        }
        if let Some(folder) = project
            && config.of(0).is_none()
        {
            let words = folder.join("index").to_string_lossy().into_owned();
            config.values.push(Value { key: 0, words, origin: Origin::Folder(folder) });
        }
        Ok(config)
    }

    /// Returns the value of a key and where it comes from.
    pub fn of(&self, key: usize) -> Option<(&str, &Origin)> {
        let value = self.values.iter().rev().find(|value| value.key == key)?;
        Some((&value.words, &value.origin))
    }

    /// Makes the values the defaults of their flags.
    ///
    /// # Errors
    /// When a flag does not take its value.
    pub fn apply(&self, mut program: Command) -> Result<Command> {
        for (number, key) in KEYS.iter().enumerate() {
            let Some((words, origin)) = self.of(number) else { continue };
            let words = words.to_owned();
            // What the environment says against colours stands above every file.
            if key.name == "color" && words == "always" && env::var_os("NO_COLOR").is_some_and(|no| !no.is_empty()) {
                continue;
            }
            let home = if key.table.is_some() {
                program.find_subcommand(key.table.unwrap_or_default())
            } else {
                Some(&program)
            };
            let argument = home.and_then(|home| home.get_arguments().find(|argument| argument.get_id() == key.name));
            let Some(argument) = argument else { continue };
            let alone = argument.clone().global(false).env(None::<&str>).overrides_with(Resettable::Reset);
            let trial = Command::new("trial").arg(alone);
            if let Err(error) = trial.try_get_matches_from(["trial", &format!("--{}={words}", key.name)]) {
                let told = error.to_string();
                let values = told.lines().find_map(|line| line.trim().strip_prefix("[possible values: "));
                let reason = told.lines().next().and_then(|line| line.split_once(">': ")).map(|(_, reason)| reason);
                let reason = match (values, reason) {
                    (Some(values), _) => format!("there are {}", values.trim_end_matches(']')),
                    (None, reason) => reason.unwrap_or("no such value").to_owned(),
                };
                bail!("{}: `{}` cannot be `{words}`: {reason}", origin.place(), key.shown());
            }
            // Clap keeps defaults as long as the program runs, and so does this.
            let words: &'static str = words.leak();
            let set = move |argument: clap::Arg| argument.default_value(words);
            program = match key.table {
                Some(table) => program.mut_subcommand(table, |command| command.mut_arg(key.name, set)),
                None => program.mut_arg(key.name, set),
            };
        }
        Ok(program)
    }
}

impl Key {
    /// Returns the name with its table before it.
    pub fn shown(&self) -> String {
        self.table.map_or_else(|| self.name.to_owned(), |table| format!("{table}.{}", self.name))
    }
}

impl Origin {
    /// Returns the place as `file:line`.
    pub fn place(&self) -> String {
        match self {
            Origin::User(file, line) | Origin::Project(file, line) => format!("{}:{line}", file.display()),
            Origin::Folder(folder) => folder.display().to_string(),
        }
    }
}

/// A file of settings.
struct File<'f> {
    path: &'f Path,
    text: &'f str,
    is_project: bool,
}

impl File<'_> {
    /// Adds what the file says; returns whether it has the profile.
    fn read(&self, profile: Option<&str>, values: &mut Vec<Value>) -> Result<bool> {
        let root = match DeTable::parse(self.text) {
            Ok(root) => root.into_inner(),
            Err(error) => {
                let place = self.place(error.span().unwrap_or(0..0));
                bail!("{place}: {}", error.message());
            }
        };
        self.table(&root, None, true, values)?;
        let Some(profile) = profile else { return Ok(false) };
        let profiles = root.iter().find(|(name, _)| name.get_ref() == "profile").map(|(_, value)| value.get_ref());
        let Some(DeValue::Table(profiles)) = profiles else { return Ok(false) };
        let found = profiles.iter().find(|(name, _)| name.get_ref() == profile).map(|(_, value)| value.get_ref());
        let Some(DeValue::Table(table)) = found else { return Ok(false) };
        self.table(table, None, false, values)?;
        Ok(true)
    }

    fn table(&self, table: &DeTable<'_>, within: Option<&str>, is_root: bool, values: &mut Vec<Value>) -> Result<()> {
        for (name, value) in table {
            let typed = name.get_ref().as_ref();
            let place = || self.place(name.span());
            match value.get_ref() {
                DeValue::Table(_) if is_root && typed == "profile" => continue,
                DeValue::Table(inner) if within.is_none() && tables().any(|table| table == typed) => {
                    self.table(inner, Some(typed), false, values)?;
                    continue;
                }
                _ => {}
            }
            let Some(key) = KEYS.iter().position(|key| key.table == within && key.name == typed) else {
                let names = KEYS.iter().filter(|key| key.table == within).map(|key| key.name);
                let names: Vec<&str> = if within.is_none() { names.chain(tables()).collect() } else { names.collect() };
                let meant = nearest(typed, names.iter().copied()).map(|near| format!("; did you mean `{near}`?"));
                let meant = meant.unwrap_or_else(|| format!("; there are {}", names.join(", ")));
                let inside = within.map(|table| format!(" in [{table}]")).unwrap_or_default();
                bail!("{}: there is no setting `{typed}`{inside}{meant}", place());
            };
            if self.is_project && KEYS[key].name == "pager" {
                bail!("{}: `pager` runs a command, so only your own file may set it", place());
            }
            let Some(words) = words(value.get_ref()) else {
                bail!("{}: `{typed}` wants words, a number, or a list of them", place());
            };
            let words = if matches!(KEYS[key].name, "index" | "identities") { self.resolved(&words) } else { words };
            let (file, line) = (self.path.to_owned(), self.line(name.span()));
            let origin = if self.is_project { Origin::Project(file, line) } else { Origin::User(file, line) };
            values.push(Value { key, words, origin });
        }
        Ok(())
    }

    /// Returns a path as seen from the file's folder, `~` being the user's home.
    fn resolved(&self, path: &str) -> String {
        let path = match (path.strip_prefix("~/"), env::home_dir()) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => self.path.parent().unwrap_or(Path::new("")).join(path),
        };
        path.to_string_lossy().into_owned()
    }

    fn line(&self, span: Range<usize>) -> usize {
        let before = self.text.as_bytes().get(..span.start).unwrap_or_default();
        memchr::memchr_iter(b'\n', before).count() + 1
    }

    fn place(&self, span: Range<usize>) -> String {
        format!("{}:{}", self.path.display(), self.line(span))
    }
}

/// Returns the tables, each once.
fn tables() -> impl Iterator<Item = &'static str> {
    let mut last = None;
    KEYS.iter().filter_map(move |key| {
        let is_new = key.table != last;
        last = key.table;
        key.table.filter(|_| is_new)
    })
}

/// Returns a value as a flag would be given it; nothing for what no flag takes.
fn words(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(words) => Some(words.to_string()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Array(items) => {
            let items: Option<Vec<String>> = items.iter().map(|item| words(item.get_ref())).collect();
            items.map(|items| items.join(","))
        }
        _ => None,
    }
}

/// Returns the file of the user, whether or not it is there.
fn user_file() -> Option<PathBuf> {
    let given = env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute());
    let folder = given.or_else(|| {
        let windows = if cfg!(windows) { env::var_os("APPDATA").map(PathBuf::from) } else { None };
        windows.or_else(|| env::home_dir().map(|home| home.join(".config")))
    });
    folder.map(|folder| folder.join("onrecord").join("config.toml"))
}

/// Returns the folder `.onrecord` of the current folder or of the nearest one above it.
fn project() -> Option<PathBuf> {
    let here = env::current_dir().ok()?;
    let found = here.ancestors().map(|folder| folder.join(PROJECT)).find(|folder| folder.is_dir())?;
    // Seen from here it is short to show.
    Some(found.strip_prefix(&here).map(Path::to_owned).unwrap_or(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, profile: Option<&str>, is_project: bool) -> Result<Vec<(String, String, usize)>, String> {
        let mut values = Vec::new();
        let file = File { path: Path::new("/etc/c.toml"), text, is_project };
        file.read(profile, &mut values).map_err(|error| error.to_string())?;
        let shown = |value: Value| {
            let (Origin::User(_, line) | Origin::Project(_, line)) = value.origin else { panic!("no line") };
            (KEYS[value.key].shown(), value.words, line)
        };
        Ok(values.into_iter().map(shown).collect())
    }

    #[test]
    fn files_say_what_flags_would() {
        let text =
            "index = \"idx\"\ncolor = \"never\"\n\n[search]\nrows = 20\n[quotes]\nkind = [\"direct\", \"mixed\"]\n";
        let expected = [
            ("index", "/etc/idx", 1),
            ("color", "never", 2),
            ("search.rows", "20", 5),
            ("quotes.kind", "direct,mixed", 7),
        ];
        let mut found = read(text, None, false).unwrap();
        found.sort_by_key(|(.., line)| *line);
        assert_eq!(found, expected.map(|(key, words, line)| (key.to_owned(), words.to_owned(), line)));
    }

    #[test]
    fn a_profile_comes_after_what_all_share() {
        let text = "color = \"never\"\n[profile.work]\ncolor = \"always\"\n";
        let words = |profile| read(text, profile, false).unwrap().pop().unwrap().1;
        assert_eq!(words(None), "never");
        assert_eq!(words(Some("work")), "always");
        assert_eq!(words(Some("home")), "never");
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, is_project, expected) in [
            ("\ncolour = \"never\"", false, "/etc/c.toml:2: there is no setting `colour`; did you mean `color`?"),
            ("[search]\nrow = 3", false, "/etc/c.toml:2: there is no setting `row` in [search]; did you mean `rows`?"),
            ("[serch]\nrows = 3", false, "/etc/c.toml:1: there is no setting `serch`; did you mean `search`?"),
            (
                "sound = 1",
                false,
                "/etc/c.toml:1: there is no setting `sound`; there are index, identities, color, hyperlink, pager, search, quotes",
            ),
            ("color = 1.5", false, "/etc/c.toml:1: `color` wants words, a number, or a list of them"),
            ("pager = \"x\"", true, "/etc/c.toml:1: `pager` runs a command, so only your own file may set it"),
        ] {
            assert_eq!(read(text, None, is_project).unwrap_err(), expected, "{text}");
        }
        assert!(read("index = ", None, false).unwrap_err().starts_with("/etc/c.toml:1: "));
    }
}
