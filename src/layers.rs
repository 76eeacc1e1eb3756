//! What annotation finds in an article: layers of spans over its text.
//!
//! In: nothing. Out: plain data. Deliberately knows no rule and no word list; each finding carries the name of
//! the rule that made it. What could not be attributed is kept, with no speaker.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::article::Span;

/// Everything found in one article.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Layers {
    /// Paragraphs of headline, dek and body, in text order, without surrounding white space.
    pub paragraphs: Vec<Span>,
    /// Sentences in text order, never across a paragraph, without surrounding white space.
    pub sentences: Vec<Span>,
    /// Quotes, in the order of their first span.
    pub quotes: Vec<Quote>,
    /// Named people, organisations, places and the rest, in text order, not overlapping.
    pub entities: Vec<Entity>,
}

/// How much of a quote stands inside quotation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum QuoteKind {
    /// All of it.
    Direct,
    /// A part.
    Mixed,
    /// Nothing: reported speech.
    Indirect,
}

impl QuoteKind {
    /// Every kind, in the order of the contract.
    pub const ALL: [QuoteKind; 3] = [QuoteKind::Direct, QuoteKind::Mixed, QuoteKind::Indirect];

    /// Returns the name used in JSON, in the index and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            QuoteKind::Direct => "direct",
            QuoteKind::Mixed => "mixed",
            QuoteKind::Indirect => "indirect",
        }
    }
}

/// What somebody said, where it stands, and who said it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quote {
    /// Direct, mixed or indirect.
    pub kind: QuoteKind,
    /// The quoted segments without their outer marks, in text order, at least one.
    pub spans: Vec<Span>,
    /// The number of the paragraph in which the quote starts, from 0 in [`Layers::paragraphs`].
    pub paragraph: u32,
    /// Who said it; nothing where nobody can be named or described.
    pub speaker: Option<Speaker>,
    /// The words that introduce it ("said", "according to").
    pub cue: Option<Span>,
    /// The rule that found the speaker, or that found the quote where there is no speaker.
    pub rule: Cow<'static, str>,
}

impl Quote {
    /// Returns the stretch from the first segment's start to the last one's end.
    pub fn span(&self) -> Span {
        let first = self.spans.first().copied().unwrap_or_default();
        let last = self.spans.last().copied().unwrap_or_default();
        Span { start: first.start, end: last.end }
    }
}

/// Who said a quote, as printed and as resolved within the article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Speaker {
    /// The mention beside the quote ("she", "the official", "Blinken").
    pub span: Span,
    /// The fullest form in the article ("Antony Blinken"); for the unnamed the fullest description
    /// ("senior administration official"); the mention itself where `resolved` is false.
    pub name: String,
    /// What the article says the speaker is ("a senior administration official", "Secretary of State").
    pub description: Option<String>,
    /// The classes of source the speaker belongs to.
    pub roles: Roles,
    /// Whether the mention could be traced to a person, a body or a described source.
    pub resolved: bool,
    /// Where the name is printed, and the description where there is one: both are found under these words.
    pub printed: [Option<Span>; 2],
}

/// Why a quote has the speaker that it has: made on demand, kept nowhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// What the rule of the quote looks at, in words.
    pub rule: &'static str,
    /// How the mention was traced; nothing where there is no speaker.
    pub tracing: Option<Tracing>,
}

/// How a mention was traced to somebody.
#[derive(Clone, Debug, PartialEq)]
pub struct Tracing {
    /// The name of the rule, and what it looks at, in words.
    pub rule: (&'static str, &'static str),
    /// How sure that is, 0 to 1; under a half the mention stays what it is.
    pub confidence: f32,
    /// Who else it could have been and how they scored, the likeliest first; the chosen one is among them.
    pub candidates: Vec<(String, f32)>,
    /// Which words give each class of source; no words where the class says how the speaker is mentioned.
    pub roles: Vec<(Role, Option<Span>)>,
}

/// A class of source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Role {
    /// Speaks for or holds an office of state now: what a reporter means by "officials".
    Official,
    /// Speaks for somebody else.
    Spokesperson,
    /// Elected, or in party politics.
    Politician,
    /// Runs for an office.
    Candidate,
    /// Held an office before.
    Former,
    /// Leads or speaks for a company.
    Executive,
    /// Speaks from knowledge: analysts, professors, doctors.
    Expert,
    /// Police, prosecutors, investigators.
    LawEnforcement,
    /// Soldiers and commanders.
    Military,
    /// Saw or lived it.
    Witness,
    /// Speaks for a case: activists, campaigners, unions.
    Activist,
    /// Reports: journalists and their outlets.
    Journalist,
    /// Actors, singers, athletes, authors.
    Celebrity,
    /// A report, a letter, a law, a poll.
    Document,
    /// A body speaks as such: a ministry, a company, a paper.
    Organisation,
    /// Described and not named.
    Unnamed,
}

impl Role {
    /// Every class, in the order of their bits in [`Roles`].
    pub const ALL: [Role; 16] = [
        Role::Official,
        Role::Spokesperson,
        Role::Politician,
        Role::Candidate,
        Role::Former,
        Role::Executive,
        Role::Expert,
        Role::LawEnforcement,
        Role::Military,
        Role::Witness,
        Role::Activist,
        Role::Journalist,
        Role::Celebrity,
        Role::Document,
        Role::Organisation,
        Role::Unnamed,
    ];

    /// Returns the name used in JSON, in the index and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Role::Official => "official",
            Role::Spokesperson => "spokesperson",
            Role::Politician => "politician",
            Role::Candidate => "candidate",
            Role::Former => "former",
            Role::Executive => "executive",
            Role::Expert => "expert",
            Role::LawEnforcement => "law-enforcement",
            Role::Military => "military",
            Role::Witness => "witness",
            Role::Activist => "activist",
            Role::Journalist => "journalist",
            Role::Celebrity => "celebrity",
            Role::Document => "document",
            Role::Organisation => "organisation",
            Role::Unnamed => "unnamed",
        }
    }

    /// Returns the class of that name.
    pub fn from_name(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// A set of classes of source, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Roles(pub u32);

impl Roles {
    /// Adds a class.
    pub fn insert(&mut self, role: Role) {
        self.0 |= 1 << role as u32;
    }

    /// Takes a class out.
    pub fn remove(&mut self, role: Role) {
        self.0 &= !(1 << role as u32);
    }

    /// Returns whether the class is in the set.
    pub fn contains(self, role: Role) -> bool {
        self.0 & (1 << role as u32) != 0
    }

    /// Returns the classes in the set, in the order of [`Role::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.contains(*role))
    }
}

/// What kind of thing a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum EntityKind {
    /// A person.
    #[serde(rename = "PER")]
    Person,
    /// An organisation.
    #[serde(rename = "ORG")]
    Organisation,
    /// A place.
    #[serde(rename = "LOC")]
    Location,
    /// Nationalities, events, works, products.
    #[serde(rename = "MISC")]
    Misc,
}

impl EntityKind {
    /// Every kind, in the order of the contract.
    pub const ALL: [EntityKind; 4] =
        [EntityKind::Person, EntityKind::Organisation, EntityKind::Location, EntityKind::Misc];

    /// Returns the kind of that name, whatever its case.
    pub fn from_name(name: &str) -> Option<EntityKind> {
        EntityKind::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }

    /// Returns the name used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            EntityKind::Person => "PER",
            EntityKind::Organisation => "ORG",
            EntityKind::Location => "LOC",
            EntityKind::Misc => "MISC",
        }
    }
}

/// A name in the text and what it stands for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entity {
    /// Where it stands; titles, a leading "the" and a possessive 's are outside.
    pub span: Span,
    /// Person, organisation, place or other.
    pub kind: EntityKind,
    /// The fullest form in the article.
    pub name: String,
}
