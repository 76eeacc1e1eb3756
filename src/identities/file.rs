//! The user's own file of identities: TOML text to data.
//!
//! What stands there goes before anything found: who goes by which names, who does not, what somebody held and when. A
//! file that is not sound is refused with the line and what to do; nothing of it is then used.

use std::ops::Range;

use serde::Deserialize;
use toml::{Spanned, Value};

use crate::identity::{Office, words};
use crate::layers::{EntityKind, Role};

/// What the user says about identities.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserFile {
    /// The entries, in the order of the file.
    pub entries: Vec<Entry>,
}

/// What the user says about somebody or something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The name to call it by.
    pub name: String,
    /// Other names it goes by.
    pub aliases: Vec<String>,
    /// Names it does not go by, whatever is found.
    pub apart: Vec<String>,
    /// Person, organisation, place or other.
    pub kind: Option<EntityKind>,
    /// The item in Wikidata.
    pub wikidata: Option<String>,
    /// What somebody held or was, and when.
    pub offices: Vec<Office>,
}

impl Entry {
    /// Takes in what another entry of the same name says.
    fn take_in(&mut self, other: Entry) {
        self.aliases.extend(other.aliases);
        self.apart.extend(other.apart);
        self.offices.extend(other.offices);
        self.kind = other.kind.or(self.kind);
        self.wikidata = other.wikidata.or_else(|| self.wikidata.take());
    }

    /// Returns the name and the aliases.
    pub fn forms(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.name).chain(&self.aliases).map(String::as_str)
    }
}

/// Why a file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what to do about it.
    pub message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    #[serde(default)]
    identity: Vec<TypedEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedEntry {
    name: Spanned<String>,
    #[serde(default)]
    aliases: Vec<Spanned<String>>,
    #[serde(default)]
    apart: Vec<Spanned<String>>,
    #[serde(rename = "type")]
    kind: Option<Spanned<String>>,
    wikidata: Option<Spanned<String>>,
    #[serde(default)]
    roles: Vec<TypedOffice>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedOffice {
    role: Spanned<String>,
    title: Option<String>,
    from: Option<Spanned<Value>>,
    to: Option<Spanned<Value>>,
}

/// Reads a file.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn parse(text: &str) -> Result<UserFile, Wrong> {
    let reader = Reader { text };
    let typed: Typed = toml::from_str(text).map_err(|error| reader.broken(&error))?;
    let mut file = UserFile::default();
    let mut known: Vec<(String, String)> = Vec::new();
    for typed in &typed.identity {
        let entry = reader.entry(typed)?;
        for form in std::iter::once(&typed.name).chain(&typed.aliases) {
            let words = words(form.get_ref()).join(" ");
            if words.is_empty() {
                return Err(reader.wrong(form.span(), "a name needs a letter or a digit; take this one out"));
            }
            let before = known.iter().find(|(other, name)| *other == words && *name != entry.name);
            if let Some((_, name)) = before {
                let message = format!("`{}` is already a name of `{name}`; take it out of one of them", form.get_ref());
                return Err(reader.wrong(form.span(), &message));
            }
            known.push((words, entry.name.clone()));
        }
        match file.entries.iter_mut().find(|known| known.name == entry.name) {
            Some(known) => known.take_in(entry),
            None => file.entries.push(entry),
        }
    }
    Ok(file)
}

struct Reader<'t> {
    text: &'t str,
}

impl Reader<'_> {
    fn wrong(&self, span: Range<usize>, message: &str) -> Wrong {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        Wrong { line: before.matches('\n').count() + 1, message: message.to_owned() }
    }

    fn broken(&self, error: &toml::de::Error) -> Wrong {
        let message = error.message().lines().next().unwrap_or_default().trim_end_matches('.');
        let hint = if message.contains("unknown field") { "" } else { "; `onrecord speakers --help` shows the form" };
        self.wrong(error.span().unwrap_or_default(), &format!("{message}{hint}"))
    }

    fn entry(&self, typed: &TypedEntry) -> Result<Entry, Wrong> {
        let texts = |list: &[Spanned<String>]| list.iter().map(|text| text.get_ref().clone()).collect();
        let kind = match &typed.kind {
            None => None,
            Some(kind) => Some(EntityKind::from_name(kind.get_ref()).ok_or_else(|| {
                let message = format!("there is no type `{}`; the types are PER, ORG, LOC and MISC", kind.get_ref());
                self.wrong(kind.span(), &message)
            })?),
        };
        let wikidata = match &typed.wikidata {
            None => None,
            Some(item) => Some(self.item(item)?),
        };
        let offices = typed.roles.iter().map(|office| self.office(office)).collect::<Result<_, _>>()?;
        let (name, aliases, apart) = (typed.name.get_ref().clone(), texts(&typed.aliases), texts(&typed.apart));
        Ok(Entry { name, aliases, apart, kind, wikidata, offices })
    }

    fn item(&self, item: &Spanned<String>) -> Result<String, Wrong> {
        let number = item.get_ref().strip_prefix('Q').unwrap_or_default();
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            let message = format!("`{}` is no item of Wikidata; they look like `Q42`", item.get_ref());
            return Err(self.wrong(item.span(), &message));
        }
        Ok(item.get_ref().clone())
    }

    fn office(&self, typed: &TypedOffice) -> Result<Office, Wrong> {
        let role = Role::from_name(typed.role.get_ref()).ok_or_else(|| {
            let names: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
            let message =
                format!("there is no class of source `{}`; the classes are {}", typed.role.get_ref(), names.join(", "));
            self.wrong(typed.role.span(), &message)
        })?;
        let day = |day: &Option<Spanned<Value>>| day.as_ref().map(|day| self.day(day)).transpose();
        let (from, to) = (day(&typed.from)?, day(&typed.to)?);
        if let (Some(from), Some(to), Some(span)) = (from, to, typed.to.as_ref().map(Spanned::span))
            && to < from
        {
            return Err(self.wrong(span, "`to` comes before `from`; swap the days"));
        }
        Ok(Office { role, title: typed.title.clone(), from, to })
    }

    /// Returns a day as `yyyymmdd`, from a date of TOML's or one in quotes.
    fn day(&self, typed: &Spanned<Value>) -> Result<u32, Wrong> {
        let words = match typed.get_ref() {
            Value::String(words) => words.clone(),
            other => other.to_string(),
        };
        let parts: Vec<&str> = words.split('-').collect();
        let number = |part: &str| part.parse::<u32>().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit()));
        let day = match parts[..] {
            [year, month, day] if year.len() == 4 && month.len() == 2 && day.len() == 2 => {
                number(year).zip(number(month)).zip(number(day))
            }
            _ => None,
        };
        let sound = day.filter(|((_, month), day)| (1..=12).contains(month) && (1..=31).contains(day));
        match sound {
            Some(((year, month), day)) => Ok(year * 10_000 + month * 100 + day),
            None => Err(self.wrong(typed.span(), &format!("`{words}` is no day; write it as 2024-09-19"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_user_says() {
        let text = "# ours\n[[identity]]\nname = \"Ines Calder\"\ntype = \"PER\"\naliases = [\"The Calder\"]\n\
                    apart = [\"Ines B. Calder\"]\nwikidata = \"Q42\"\n\
                    roles = [{ role = \"official\", title = \"Mayor\", from = 2020-05-01, to = \"2024-04-30\" }]\n";
        let expected = Entry {
            name: "Ines Calder".to_owned(),
            aliases: vec!["The Calder".to_owned()],
            apart: vec!["Ines B. Calder".to_owned()],
            kind: Some(EntityKind::Person),
            wikidata: Some("Q42".to_owned()),
            offices: vec![Office {
                role: Role::Official,
                title: Some("Mayor".to_owned()),
                from: Some(20_200_501),
                to: Some(20_240_430),
            }],
        };
        assert_eq!(parse(text), Ok(UserFile { entries: vec![expected] }));
        assert_eq!(parse(""), Ok(UserFile::default()));
    }

    #[test]
    fn says_where_a_file_is_wrong() {
        for (text, line, words) in [
            ("[[identity]]\nname = A\n", 2, "; `onrecord speakers --help` shows the form"),
            ("[[identity]]\nname = \"A\"\nalias = [\"B\"]\n", 3, "unknown field `alias`"),
            ("[[identities]]\nname = \"A\"\n", 1, "unknown field `identities`"),
            ("[[identity]]\naliases = [\"B\"]\n", 1, "missing field `name`"),
            ("[[identity]]\nname = \"…\"\n", 2, "a name needs a letter"),
            ("[[identity]]\nname = \"A\"\ntype = \"MAN\"\n", 3, "there is no type `MAN`"),
            ("[[identity]]\nname = \"A\"\nwikidata = \"42\"\n", 3, "`42` is no item of Wikidata"),
            ("[[identity]]\nname = \"A\"\nroles = [{ role = \"king\" }]\n", 3, "there is no class of source `king`"),
            ("[[identity]]\nname = \"A\"\nroles = [{ role = \"official\", from = 2024 }]\n", 3, "`2024` is no day"),
            (
                "[[identity]]\nname = \"A\"\nroles = [{ role = \"official\", from = 2024-02-01, to = 2023-02-01 }]\n",
                3,
                "`to` comes before `from`",
            ),
            (
                "[[identity]]\nname = \"A\"\n[[identity]]\nname = \"B\"\naliases = [\"a\"]\n",
                5,
                "`a` is already a name of `A`",
            ),
        ] {
            let wrong = parse(text).expect_err(text);
            assert!(wrong.message.contains(words), "{text}: {}", wrong.message);
            assert_eq!(wrong.line, line, "{text}: {}", wrong.message);
            assert!(!wrong.message.contains('\n'));
        }
    }
}
