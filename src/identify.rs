//! Who is meant by a typed name: the user's file and the names of the index, joined when they are needed.
//!
//! In: a name as typed, or a condition of a plan. Out: the identity and its names, or the condition widened to all of
//! them. Reads the user's file at the first question that needs it, and of the index only the names that are kept under
//! the same words.

use std::cell::OnceCell;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::engine::Error;
use crate::engine::tantivy::Index;
use crate::identities::{self, Identities, UserFile};
use crate::identity::{self, Name, Reason};
use crate::layers::Role;
use crate::plan::{Clause, Manner, Term};
use crate::schema::Field;

/// An index and the user's file of identities beside it.
pub struct Archive {
    index: Index,
    file: PathBuf,
    /// Whether the user named the file: then it must be there.
    named: bool,
    read: OnceCell<UserFile>,
}

impl Deref for Archive {
    type Target = Index;

    fn deref(&self) -> &Index {
        &self.index
    }
}

/// Somebody who is meant by a typed name.
#[derive(Clone, Debug)]
pub struct Meant {
    /// The name to call it by.
    pub name: String,
    /// The names of the index it goes by, with the reason.
    pub variants: Vec<(String, Reason)>,
    /// Names it does not go by, by the user's word.
    pub apart: Vec<String>,
}

/// Returns the place of the user's file where none is named: beside the folder of the index, so that it outlives it.
pub fn usual_file(index: &Path) -> PathBuf {
    index.with_file_name("identities.toml")
}

impl Archive {
    /// Opens the index in a folder; `file` is the user's file of identities where one is named.
    ///
    /// # Errors
    /// When there is no index, or it has another format.
    pub fn open(path: &Path, file: Option<&Path>) -> Result<Archive, Error> {
        let index = Index::open(path)?;
        let (named, file) = (file.is_some(), file.map_or_else(|| usual_file(path), Path::to_owned));
        Ok(Archive { index, file, named, read: OnceCell::new() })
    }

    /// Returns what the user says about identities.
    ///
    /// # Errors
    /// When the file cannot be read or is not sound.
    pub fn users(&self) -> Result<&UserFile, Error> {
        if let Some(read) = self.read.get() {
            return Ok(read);
        }
        let text = match fs::read_to_string(&self.file) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound && !self.named => String::new(),
            Err(cause) => return Err(Error::Io { path: self.file.clone(), cause }),
            Ok(text) => text,
        };
        let read = identities::parse(&text)
            .map_err(|wrong| Error::Refused(format!("{}:{}: {}", self.file.display(), wrong.line, wrong.message)))?;
        Ok(self.read.get_or_init(|| read))
    }

    /// Returns who is meant by a typed name, where the index knows somebody.
    ///
    /// # Errors
    /// When the index or the user's file cannot be read.
    pub fn meant(&self, typed: &str) -> Result<Option<Meant>, Error> {
        let users = self.users()?;
        let words = identity::words(typed);
        if words.is_empty() {
            return Ok(None);
        }
        let mut keys = vec![identity::key(typed)];
        keys.extend(initials(typed));
        let entry = users.entries.iter().find(|entry| entry.forms().any(|form| identity::words(form) == words));
        keys.extend(entry.into_iter().flat_map(|entry| entry.forms()).map(identity::key));
        // A short form leads to the long one, a name to the user's entry: their names are kept under other words.
        loop {
            keys.sort_unstable();
            keys.dedup();
            let table = self.index.names(Some(&keys))?;
            let asked = Asked::new(typed, table.names, &table.shorts, users);
            let longs = table.shorts.iter().filter(|short| identity::words(&short.short) == words);
            let mut more: Vec<String> = longs.map(|short| identity::key(&short.long)).collect();
            let own = users.entries.iter().find(|entry| entry.name == asked.identity().name);
            more.extend(own.into_iter().flat_map(|entry| entry.forms()).map(identity::key));
            more.retain(|key| !keys.contains(key));
            if more.is_empty() {
                return Ok(asked.meant(users));
            }
            keys.append(&mut more);
        }
    }

    /// Returns a condition widened: names typed for a speaker or an entity stand for all the names of whoever is meant,
    /// and a class of source for those the user counts in it as well.
    ///
    /// # Errors
    /// When the index or the user's file cannot be read.
    pub fn widen(&self, clause: Clause) -> Result<Clause, Error> {
        let all = |clauses: Vec<Clause>| -> Result<Vec<Clause>, Error> {
            clauses.into_iter().map(|clause| self.widen(clause)).collect()
        };
        match clause {
            Clause::Words { field: field @ (Field::Speaker | Field::Entity), ref terms } => match typed(terms) {
                // A description is a phrase in small letters.
                Some(typed) if field == Field::Entity || is_name(terms) || self.is_users(&typed)? => {
                    self.called(field, &typed, clause)
                }
                _ => Ok(clause),
            },
            Clause::All(clauses) => match name_of(&clauses) {
                Some(typed) => self.called(Field::Speaker, &typed, Clause::All(clauses)),
                None => Ok(Clause::All(all(clauses)?)),
            },
            Clause::Any(clauses) => Ok(Clause::Any(all(clauses)?)),
            Clause::Not(clause) => Ok(Clause::Not(Box::new(self.widen(*clause)?))),
            Clause::OneQuote(clause) => Ok(Clause::OneQuote(Box::new(self.widen(*clause)?))),
            Clause::Role(role) => self.in_role(role),
            clause => Ok(clause),
        }
    }

    fn called(&self, field: Field, typed: &str, clause: Clause) -> Result<Clause, Error> {
        let Some(meant) = self.meant(typed)? else { return Ok(clause) };
        let words = identity::words(typed);
        let holds = |name: &str| {
            let own = identity::words(name);
            words.iter().all(|word| own.contains(word))
        };
        // The words of a speaker's name find whoever has them; other names have to be asked for.
        let found = field == Field::Speaker && meant.variants.iter().all(|(name, _)| holds(name));
        if found && meant.apart.is_empty() {
            return Ok(clause);
        }
        let clause = if meant.apart.is_empty() {
            clause
        } else {
            let apart = meant.apart(field, typed);
            Clause::All(vec![clause, Clause::Not(Box::new(apart))])
        };
        Ok(Clause::Any(vec![clause, meant.called(field, typed)]))
    }

    fn is_users(&self, typed: &str) -> Result<bool, Error> {
        let words = identity::words(typed);
        let is = |form: &str| identity::words(form) == words;
        Ok(self.users()?.entries.iter().any(|entry| entry.forms().any(is)))
    }

    /// Returns the condition that a speaker is of a class: as found, or by the user's word while it held.
    fn in_role(&self, role: Role) -> Result<Clause, Error> {
        let mut clauses = vec![Clause::Role(role)];
        for entry in &self.users()?.entries {
            for office in entry.offices.iter().filter(|office| office.role == role) {
                let Some(meant) = self.meant(&entry.name)? else { continue };
                let called = meant.called(Field::Speaker, &entry.name);
                clauses.push(match (office.from, office.to) {
                    (None, None) => called,
                    (from, to) => {
                        let days = Clause::Date { from: from.unwrap_or(10_101), to: to.unwrap_or(99_991_231) };
                        Clause::All(vec![called, days])
                    }
                });
            }
        }
        Ok(if clauses.len() > 1 { Clause::Any(clauses) } else { Clause::Role(role) })
    }
}

impl Meant {
    /// Returns the condition that it speaks, or is named, under any of its names.
    fn called(&self, field: Field, typed: &str) -> Clause {
        let others = self.variants.iter().filter(|(_, reason)| *reason != Reason::Itself);
        let why = others.map(|(name, reason)| format!("{name}: {reason}")).collect();
        let names = self.variants.iter().map(|(name, _)| name.clone()).collect();
        let (typed, who) = (typed.to_owned(), self.name.clone());
        Clause::Called { field, typed, who, names, why }
    }

    /// Returns the condition that somebody speaks, or is named, under a name that is not its own.
    fn apart(&self, field: Field, typed: &str) -> Clause {
        let (typed, who) = (typed.to_owned(), format!("who is not {}", self.name));
        Clause::Called { field, typed, who, names: self.apart.clone(), why: Vec::new() }
    }
}

/// Names with a typed one behind them, which joins whoever it can stand for.
struct Asked {
    names: Vec<Name>,
    identities: Identities,
}

impl Asked {
    fn new(typed: &str, mut names: Vec<Name>, shorts: &[identity::Short], users: &UserFile) -> Asked {
        names.push(Name { text: typed.to_owned(), quotes: [1, 0, 0], ..Name::default() });
        let identities = identities::join(&names, shorts, users);
        Asked { names, identities }
    }

    /// Returns the identity of the typed name, or of the only one it can mean.
    fn identity(&self) -> &identity::Identity {
        let typed = self.names.len() - 1;
        let own = &self.identities.all[self.identities.of[typed] as usize];
        if own.variants.len() > 1 {
            return own;
        }
        let nearest = identities::nearest(&self.names[..typed], &self.identities, &self.names[typed].text);
        nearest.map_or(own, |nearest| &self.identities.all[nearest as usize])
    }

    fn meant(&self, users: &UserFile) -> Option<Meant> {
        let identity = self.identity();
        let typed = self.names.len() as u32 - 1;
        let known = identity.variants.iter().filter(|variant| variant.name != typed);
        let variants: Vec<(String, Reason)> =
            known.map(|variant| (self.names[variant.name as usize].text.clone(), variant.reason.clone())).collect();
        let entry = users.entries.iter().find(|entry| entry.name == identity.name);
        let apart = entry.map(|entry| entry.apart.clone()).unwrap_or_default();
        let first = variants.first()?.0.clone();
        let name = if entry.is_some() { identity.name.clone() } else { first };
        Some(Meant { name, variants, apart })
    }
}

/// Returns the first letters of a name of several words, all of them and the capital ones.
fn initials(typed: &str) -> Vec<String> {
    let words: Vec<&str> = typed.split_whitespace().collect();
    if words.len() < 2 {
        return Vec::new();
    }
    let first = |word: &&str| word.chars().next();
    let all: String = words.iter().filter_map(first).flat_map(char::to_lowercase).collect();
    let capital = words.iter().filter_map(first).filter(|letter| letter.is_uppercase());
    vec![all, capital.flat_map(char::to_lowercase).collect()]
}

/// Returns a name as typed, where its words are meant as they stand.
fn typed(terms: &[Term]) -> Option<String> {
    let plain = terms.iter().all(|term| matches!(term.manner, Manner::Usual | Manner::Exact));
    let typed: Vec<&str> = terms.iter().map(|term| term.typed.as_str()).collect();
    plain.then(|| typed.join(" ")).filter(|typed| !typed.trim().is_empty())
}

/// Returns whether a speaker is named and not described.
fn is_name(terms: &[Term]) -> bool {
    let named = |term: &Term| term.manner == Manner::Usual || term.typed.chars().any(char::is_uppercase);
    terms.iter().all(named)
}

/// Returns a speaker's name that was typed as several words, each a condition.
fn name_of(clauses: &[Clause]) -> Option<String> {
    let word = |clause: &Clause| match clause {
        Clause::Words { field: Field::Speaker, terms } => typed(terms),
        _ => None,
    };
    let words: Option<Vec<String>> = clauses.iter().map(word).collect();
    words.filter(|words| words.len() > 1).map(|words| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_lies_beside_the_index() {
        assert_eq!(usual_file(Path::new("index")), Path::new("identities.toml"));
        assert_eq!(usual_file(Path::new("/news/index")), Path::new("/news/identities.toml"));
    }

    #[test]
    fn names_have_initials() {
        assert_eq!(initials("Bank of Norway"), ["bon", "bn"]);
        assert!(initials("Norway").is_empty());
    }
}
