//! `onrecord entities`: who and what is named, over the whole index.

use anyhow::Result;
use clap::ValueEnum;
use clap_complete::engine::ArgValueCompleter;

use super::settings::Settings;
use super::speakers::Shown;
use super::{Outcome, complete};
use crate::census::{self, Order, Question};
use crate::layers::EntityKind;
use crate::render::NameList;
use crate::search;

const EXAMPLES: &str = "\
Examples:
  onrecord entities --type ORG                   organisations, the most frequent first
  onrecord entities ceasefire since:2024-09      who and what is named in these articles
  onrecord entities --with \"Ines Calder\"         who and what is named together with her, against chance
  onrecord entities --with Gaza --same sentence --type PER
  onrecord entities --csv > entities.csv         all of them, for a spreadsheet
A name is one row however it is printed: \"U.N.\" is the United Nations, \"Israelis\" are Israeli, a surname alone is whom
the article means. `onrecord speakers --help` shows the form of your file of identities.";

/// List who and what is named, under how many names, in how many articles
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Words of the articles, and field:words
    #[arg(add = ArgValueCompleter::new(complete::query))]
    query: Vec<String>,
    #[command(flatten)]
    shown: Shown,
    /// People, organisations, places, or the rest; given several times, any of them
    #[arg(long = "type", value_name = "TYPE", value_delimiter = ',', ignore_case = true)]
    kind: Vec<Kind>,
    /// Who and what is named together with somebody, most above chance first (log-likelihood ratio)
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(complete::entities))]
    with: Option<String>,
    /// How near
    #[arg(long, value_name = "WHERE", default_value = "article", requires = "with")]
    same: Same,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// People
    Per,
    /// Organisations
    Org,
    /// Places
    Loc,
    /// Nationalities, events, works, products
    Misc,
}

/// Where two are named together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Same {
    /// In one article
    Article,
    /// In one sentence
    Sentence,
}

impl From<Kind> for EntityKind {
    fn from(kind: Kind) -> EntityKind {
        match kind {
            Kind::Per => EntityKind::Person,
            Kind::Org => EntityKind::Organisation,
            Kind::Loc => EntityKind::Location,
            Kind::Misc => EntityKind::Misc,
        }
    }
}

/// The list of who and what is named.
const LIST: NameList = NameList { row: "entity", noun: "name", said: false, ..NameList::EMPTY };

/// Runs the command.
pub fn run(args: Args, settings: &Settings) -> Result<Outcome> {
    let index = search::open(&settings.index, settings.identities.as_deref())?;
    let mut question = Question {
        kinds: args.kind.into_iter().map(EntityKind::from).collect(),
        with: args.with,
        in_sentence: args.same == Same::Sentence,
        ..args.shown.question(&args.query)
    };
    if question.with.is_some() && !args.shown.is_sorted() {
        question.order = Order::Score;
    }
    let answer = census::entities(&index, &question)?;
    match (&question.with, &answer.with) {
        (Some(typed), None) => settings.messages.note(&format!("nobody and nothing is named `{typed}`")),
        (Some(typed), Some(with)) if *typed != with.name => settings.messages.note(&format!("with {}", with.name)),
        _ => {}
    }
    args.shown.write(&answer, LIST, settings)
}
