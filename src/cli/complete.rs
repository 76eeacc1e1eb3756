//! What a shell offers when the tab key is pressed: fields, classes of source, and values of the index.
//!
//! A shell asks by running `onrecord` with `COMPLETE` set to its name and the line so far behind `--`. An answer must
//! come at once and must never fail: without an index there are simply fewer words to offer.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::sync::OnceLock;

use clap::Command;
use clap_complete::engine::CompletionCandidate;
use clap_complete::env::{CompleteEnv, EnvCompleter, Shells};

use crate::engine::tantivy::Index;
use crate::layers::Role;
use crate::render::OUTPUTS;
use crate::schema::{FIELDS, Field};

/// The variable in which a shell says its name.
const VARIABLE: &str = "COMPLETE";

/// The shell that asks.
static SHELL: OnceLock<OsString> = OnceLock::new();

/// Most words offered at a time.
const MOST: usize = 50;

/// Answers a shell that asks for words and ends the process; does nothing in any other run.
pub fn answer(program: fn() -> Command) {
    if let Some(shell) = env::var_os(VARIABLE) {
        // It is taken out of the environment before anybody is asked for words.
        SHELL.get_or_init(|| shell);
        CompleteEnv::with_factory(program).var(VARIABLE).complete();
    }
}

/// Returns the shells that can ask.
pub fn shells() -> impl Iterator<Item = &'static dyn EnvCompleter> {
    Shells::builtins().0.iter().copied()
}

/// Returns what a shell must read once to ask from then on.
pub fn script(shell: &dyn EnvCompleter) -> std::io::Result<Vec<u8>> {
    let mut script = Vec::new();
    shell.write_registration(VARIABLE, "onrecord", "onrecord", "onrecord", &mut script)?;
    Ok(script)
}

/// Offers formats.
pub fn formats(typed: &OsStr) -> Vec<CompletionCandidate> {
    let outputs = OUTPUTS.iter().filter(|output| starts(output.name, typed));
    outputs.map(|output| CompletionCandidate::new(output.name).help(Some(output.help.into()))).collect()
}

/// Offers classes of source.
pub fn roles(typed: &OsStr) -> Vec<CompletionCandidate> {
    let names = Role::ALL.iter().map(|role| role.name().to_owned());
    offered(names.filter(|name| starts(name, typed)))
}

/// Offers classes of source, and whoever speaks.
pub fn sources(typed: &OsStr) -> Vec<CompletionCandidate> {
    let mut offered = roles(typed);
    let classes: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
    let names = typed.to_str().map(|typed| names(Field::Speaker, typed)).unwrap_or_default();
    let names = names.iter().filter(|name| !classes.contains(&name.as_str()));
    offered.extend(names.map(|name| CompletionCandidate::new(as_typed(name))));
    offered
}

/// Offers who and what is named.
pub fn entities(typed: &OsStr) -> Vec<CompletionCandidate> {
    let Some(typed) = typed.to_str() else { return Vec::new() };
    offered(names(Field::Entity, typed).iter().map(|name| as_typed(name)))
}

/// Returns names of the index a word of which begins so.
fn names(field: Field, typed: &str) -> Vec<String> {
    let typed = typed.replace(['\\', '"', '\''], "");
    let index = Index::open(&index());
    index.and_then(|index| index.names_beginning(field, &typed, MOST)).unwrap_or_default()
}

/// Returns a value as it must stand on the line: bash takes words as they are, other shells add the marks themselves.
fn as_typed(value: &str) -> String {
    if SHELL.get().is_none_or(|shell| shell != "bash") {
        return value.to_owned();
    }
    let mut out = String::with_capacity(value.len() + 4);
    for letter in value.chars() {
        if " \t\\\"'`$&|;<>()*?[]#~!{}".contains(letter) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// Offers fields, and behind a field its values.
pub fn query(typed: &OsStr) -> Vec<CompletionCandidate> {
    let Some(typed) = typed.to_str() else { return Vec::new() };
    if let Some((field, value)) = typed.split_once(':') {
        return values(field, value)
            .into_iter()
            .map(|word| CompletionCandidate::new(format!("{field}:{word}")))
            .collect();
    }
    // Some shells cut the line at a colon and ask for what stands behind it alone.
    if let Some(field) = field_before(typed) {
        return offered(values(&field, typed).into_iter());
    }
    let fields = FIELDS.iter().filter(|row| row.name.starts_with(typed));
    fields.map(|row| CompletionCandidate::new(format!("{}:", row.name)).help(Some(row.help.into()))).collect()
}

fn offered(words: impl Iterator<Item = String>) -> Vec<CompletionCandidate> {
    words.map(CompletionCandidate::new).collect()
}

fn starts(name: &str, typed: &OsStr) -> bool {
    typed.to_str().is_some_and(|typed| name.starts_with(typed))
}

/// Returns values of a field that begin so.
fn values(field: &str, typed: &str) -> Vec<String> {
    match Field::from_name(field) {
        Some(Field::Role) => {
            let names = Role::ALL.iter().map(|role| role.name().to_owned());
            names.filter(|name| name.starts_with(typed)).collect()
        }
        Some(field @ (Field::Speaker | Field::Entity)) => {
            let phrase = |name: &String| if name.contains(' ') { format!("\"{name}\"") } else { name.clone() };
            names(field, typed).iter().map(|name| as_typed(&phrase(name))).collect()
        }
        Some(field) => {
            let index = Index::open(&index());
            index.and_then(|index| index.words(field, typed, MOST)).unwrap_or_default()
        }
        None => Vec::new(),
    }
}

/// Returns the words of the line so far.
fn line() -> Vec<String> {
    let words = env::args_os().skip_while(|word| word != "--").skip(1);
    words.map(|word| word.to_string_lossy().into_owned()).collect()
}

/// Returns the field before a colon that stands right before the word.
fn field_before(typed: &str) -> Option<String> {
    let line = line();
    let at = env::var("_CLAP_COMPLETE_INDEX").ok()?.parse::<usize>().ok()?;
    let colon = if typed.is_empty() && line.get(at).is_some_and(|word| word == ":") { at } else { at.checked_sub(1)? };
    (line.get(colon)? == ":").then(|| line.get(colon.checked_sub(1)?).cloned())?
}

/// Returns the index that the line means.
fn index() -> PathBuf {
    let line = line();
    let mut words = line.iter();
    while let Some(word) = words.next() {
        if let Some(path) = word.strip_prefix("--index=") {
            return path.into();
        }
        if word == "--index"
            && let Some(path) = words.next()
        {
            return path.into();
        }
    }
    if let Some(path) = env::var_os("ONRECORD_INDEX") {
        return path.into();
    }
    let config = super::config::Config::read().unwrap_or_default();
    config.of(0).map_or("index", |(path, _)| path).into()
}
