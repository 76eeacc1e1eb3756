//! `onrecord speakers`: who speaks, over the whole index.

use std::io::Write;

use anyhow::Result;
use clap::{Subcommand, ValueEnum};
use clap_complete::engine::ArgValueCompleter;

use super::listing::{Table, limit};
use super::quotes::{Kind, kinds};
use super::settings::Settings;
use super::{Outcome, complete};
use crate::census::{self, Answer, Order, Question};
use crate::layers::Role;
use crate::render::{NameList, Output, Style, WriteNames, text};
use crate::search;

/// Rows of text shown unless told otherwise.
const LIMIT: usize = 50;

const EXAMPLES: &str = "\
Examples:
  onrecord speakers                              who speaks most, under all their names
  onrecord speakers ceasefire since:2024-09      who speaks about it, since then
  onrecord speakers --role expert --sort last    experts, the one heard last first
  onrecord speakers --name calder --explain      one surname, and why names count as one person's
  onrecord speakers suggest                      names that may be one person's, to paste into your file

One person is one row, however the name is printed: spellings, titles, initials and nicknames join where nothing speaks
against it; a surname alone goes to the person whom nine of ten articles mean by it. Two people of one name stay one row: your file can join and
keep apart names, not articles.

Your file of identities, identities.toml beside the index or --identities FILE, goes first:
  [[identity]]
  name = \"Ines Calder\"
  aliases = [\"Calder of Port Marrow\"]            # she goes by these names too
  apart = [\"Ines B. Calder\"]                     # and never by these
  type = \"PER\"                                   # or ORG, LOC, MISC
  wikidata = \"Q42\"
  roles = [{ role = \"official\", title = \"Mayor\", from = 2020-05-01, to = 2024-04-30 }]";

/// List who speaks, under how many names, in how many quotes and articles
#[derive(clap::Args)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Words inside their quotes, and field:words
    #[arg(add = ArgValueCompleter::new(complete::query))]
    query: Vec<String>,
    #[command(flatten)]
    shown: Shown,
    /// Of a class of source (official, expert, witness …); given several times, of any of them
    #[arg(long, value_name = "CLASS", value_parser = role, add = ArgValueCompleter::new(complete::roles))]
    role: Vec<Role>,
    /// Count only quotes of this kind
    #[arg(long, value_name = "KIND", value_delimiter = ',', default_value = "all")]
    kind: Vec<Kind>,
    /// Also who is described and not named ("senior administration official")
    #[arg(long, hide_short_help = true)]
    described: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Propose names that may be one person's, in the form of your file; nothing is joined
    Suggest(Suggest),
}

#[derive(clap::Args)]
struct Suggest {
    /// Show at most N
    #[arg(short = 'n', long, value_name = "N", default_value = "20", value_parser = limit)]
    limit: usize,
}

/// Which identities are shown, and how.
#[derive(clap::Args)]
pub struct Shown {
    /// Whose name has these words, or words that begin so
    #[arg(long, value_name = "WORDS", add = ArgValueCompleter::new(complete::entities))]
    name: Option<String>,
    /// Published on this day or later
    #[arg(long, value_name = "DAY")]
    since: Option<String>,
    /// Published on this day or earlier
    #[arg(long, value_name = "DAY")]
    until: Option<String>,
    /// Order [default: count; with --with: score]
    #[arg(long, value_name = "ORDER")]
    sort: Option<Sort>,
    /// Say why each name counts as theirs
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    table: Table,
}

/// In which order identities come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Sort {
    /// Most quotes or articles first
    Count,
    /// By name
    Name,
    /// Who came up first
    First,
    /// Who came up last
    Last,
    /// Named together most, against chance
    Score,
}

fn role(typed: &str) -> Result<Role, String> {
    Role::from_name(typed).ok_or_else(|| {
        let names: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
        format!("the classes are {}", names.join(", "))
    })
}

impl Shown {
    /// Returns the question with what these flags say.
    pub fn question(&self, query: &[String]) -> Question {
        let order = match self.sort {
            None | Some(Sort::Count) => Order::Count,
            Some(Sort::Name) => Order::Name,
            Some(Sort::First) => Order::First,
            Some(Sort::Last) => Order::Last,
            Some(Sort::Score) => Order::Score,
        };
        Question {
            query: Some(query.join(" ")).filter(|query| !query.is_empty()),
            name: self.name.clone(),
            since: self.since.clone(),
            until: self.until.clone(),
            order,
            ..Question::default()
        }
    }

    /// Returns whether an order was asked for.
    pub fn is_sorted(&self) -> bool {
        self.sort.is_some()
    }

    /// Writes the rows that are wanted.
    pub fn write(&self, answer: &Answer, list: NameList, settings: &Settings) -> Result<Outcome> {
        let total = answer.rows.len();
        let style = Style { scores: self.explain, ..settings.style };
        let (rows, list) = (self.table.wanted(&answer.rows, LIMIT), NameList { total, style, ..list });
        let mut out = settings.stdout();
        if settings.messages.quiet {
            return Ok(Outcome::found(total as u64));
        }
        if self.table.is_count() {
            writeln!(out, "{total}")?;
        } else {
            let names = |output: &'static Output| output.names;
            let write = |write: WriteNames, out: &mut dyn Write| write(rows, &list, out);
            self.table.writing().write(rows, style, "names", names, write, &mut out)?;
        }
        out.flush()?;
        if total == 0 {
            settings.messages.note(&format!("no {}s found", list.noun));
        }
        Ok(Outcome::found(total as u64))
    }
}

/// The list of those who speak.
const LIST: NameList = NameList { row: "speaker", noun: "speaker", said: true, ..NameList::EMPTY };

/// Runs the command.
pub fn run(args: Args, settings: &Settings) -> Result<Outcome> {
    let index = search::open(&settings.index, settings.identities.as_deref())?;
    if let Some(Command::Suggest(suggest)) = args.command {
        let proposals = census::proposals(&index)?;
        let shown = &proposals[..proposals.len().min(suggest.limit)];
        let mut out = settings.stdout();
        text::identities::proposals(shown, &mut out)?;
        out.flush()?;
        let left = proposals.len() - shown.len();
        if left > 0 {
            settings.messages.note(&format!("{left} more with -n all"));
        }
        if shown.is_empty() {
            settings.messages.note("nothing to suggest");
        }
        return Ok(Outcome::found(shown.len() as u64));
    }
    let question = Question {
        roles: args.role,
        quotes: kinds(&args.kind),
        described: args.described,
        ..args.shown.question(&args.query)
    };
    let answer = census::speakers(&index, &question)?;
    args.shown.write(&answer, LIST, settings)
}
