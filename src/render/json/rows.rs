//! The objects of the contract, one struct each, in the order in which their fields are written.

use serde::Serialize;

use super::evidence::Evidence;
use super::factors::Factors;
use super::story::Copy;
use crate::article::{Article as Source, Meta, Span};
use crate::hits::{Hit, QuoteHit};
use crate::identity::{Office, Row};
use crate::layers::{Entity as Named, Evidence as Because, Layers, Quote as Said, Speaker as Speaks};
use crate::render::place::{Characters, line_of, quoted_words};
use crate::schema::Record;

/// The version of the contract.
pub const V: u32 = 1;

/// A stretch of an article's text.
#[derive(Serialize)]
pub struct Stretch<'a> {
    text: &'a str,
    start: u32,
    end: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<(u32, u32)>,
}

/// Words that introduce a quote.
#[derive(Serialize)]
struct Cue<'a> {
    start: u32,
    end: u32,
    text: &'a str,
}

/// A speaker.
#[derive(Serialize)]
struct Speaker<'a> {
    start: u32,
    end: u32,
    text: &'a str,
    name: &'a str,
    description: Option<&'a str>,
    roles: Vec<&'static str>,
    resolved: bool,
}

/// A quote, as it stands in an article.
#[derive(Serialize)]
struct Quote<'a> {
    kind: &'static str,
    start: u32,
    end: u32,
    spans: Vec<(u32, u32)>,
    text: String,
    paragraph: u32,
    speaker: Option<Speaker<'a>>,
    cue: Option<Cue<'a>>,
    rule: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<Evidence<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<(u32, u32)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
}

/// A name.
#[derive(Serialize)]
struct Entity<'a> {
    start: u32,
    end: u32,
    text: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    name: &'a str,
}

/// `extract`: an article and what was found in it.
#[derive(Serialize)]
pub struct Article<'a> {
    v: u32,
    #[serde(rename = "type")]
    kind: &'static str,
    id: &'a str,
    path: &'a str,
    headline: Option<Stretch<'a>>,
    date: Option<String>,
    lang: Option<&'a str>,
    quotes: Vec<Quote<'a>>,
    entities: Vec<Entity<'a>>,
}

/// What the source said about an article.
#[derive(Serialize)]
pub struct About<'a> {
    date: Option<String>,
    date_raw: Option<&'a str>,
    lang: Option<&'a str>,
    outlet: Option<&'a str>,
    byline: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agency: Option<&'a str>,
    dateline: Option<&'a str>,
    section: Option<&'a str>,
    url: Option<&'a str>,
}

/// `show`: an article of an index.
#[derive(Serialize)]
pub struct Shown<'a> {
    v: u32,
    #[serde(rename = "type")]
    kind: &'static str,
    id: &'a str,
    path: &'a str,
    record: Option<u32>,
    line: u32,
    headline: Option<Stretch<'a>>,
    dek: Option<Stretch<'a>>,
    #[serde(flatten)]
    about: About<'a>,
    text: &'a str,
    quotes: Vec<Quote<'a>>,
}

/// Sentences that show why an article matched.
#[derive(Serialize)]
struct Excerpt<'a> {
    text: &'a str,
    start: u32,
    end: u32,
    bytes: (u32, u32),
    line: u32,
    cut_before: bool,
    cut_after: bool,
    marks: Vec<Stretch<'a>>,
}

/// `search`: one article of an answer.
#[derive(Serialize)]
pub struct HitRow<'a> {
    v: u32,
    #[serde(rename = "type")]
    kind: &'static str,
    rank: usize,
    score: f32,
    complete: bool,
    id: &'a str,
    path: &'a str,
    record: Option<u32>,
    line: u32,
    headline: Option<Stretch<'a>>,
    dek: Option<Stretch<'a>>,
    #[serde(flatten)]
    about: About<'a>,
    marks: Vec<Stretch<'a>>,
    excerpts: Vec<Excerpt<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    copies_total: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    copies: Vec<Copy<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    factors: Option<Factors<'a>>,
}

/// `quotes`: one quote of an answer.
#[derive(Serialize)]
pub struct QuoteRow<'a> {
    v: u32,
    #[serde(rename = "type")]
    row: &'static str,
    score: f32,
    id: &'a str,
    path: &'a str,
    record: Option<u32>,
    headline: Option<&'a str>,
    date: Option<String>,
    outlet: Option<&'a str>,
    url: Option<&'a str>,
    #[serde(flatten)]
    quote: Quote<'a>,
    marks: Vec<Stretch<'a>>,
}

impl<'a> Stretch<'a> {
    /// Returns a stretch with its words.
    pub fn new(span: Span, text: &'a str, characters: &Characters<'_>) -> Stretch<'a> {
        let (start, end) = characters.span(span);
        Stretch { text: span.of(text), start, end, bytes: None }
    }

    fn with_bytes(span: Span, text: &'a str, characters: &Characters<'_>) -> Stretch<'a> {
        Stretch { bytes: Some((span.start, span.end)), ..Stretch::new(span, text, characters) }
    }

    fn all(spans: &[Span], text: &'a str, characters: &Characters<'_>) -> Vec<Stretch<'a>> {
        spans.iter().map(|span| Stretch::with_bytes(*span, text, characters)).collect()
    }
}

impl<'a> Speaker<'a> {
    fn new(speaker: &'a Speaks, text: &'a str, characters: &Characters<'_>) -> Speaker<'a> {
        let (start, end) = characters.span(speaker.span);
        Speaker {
            start,
            end,
            text: speaker.span.of(text),
            name: &speaker.name,
            description: speaker.description.as_deref(),
            roles: speaker.roles.iter().map(|role| role.name()).collect(),
            resolved: speaker.resolved,
        }
    }
}

impl<'a> Quote<'a> {
    /// Returns the quote as `extract` writes it.
    fn new(quote: &'a Said, text: &'a str, characters: &Characters<'_>) -> Quote<'a> {
        let (start, end) = characters.span(quote.span());
        let cue = quote.cue.map(|cue| {
            let (start, end) = characters.span(cue);
            Cue { start, end, text: cue.of(text) }
        });
        Quote {
            kind: quote.kind.name(),
            start,
            end,
            spans: quote.spans.iter().map(|span| characters.span(*span)).collect(),
            text: quoted_words(quote, text),
            paragraph: quote.paragraph,
            speaker: quote.speaker.as_ref().map(|speaker| Speaker::new(speaker, text, characters)),
            cue,
            rule: &quote.rule,
            evidence: None,
            bytes: None,
            line: None,
        }
    }

    /// Returns the quote with its place in the file, as an index answers it.
    fn placed(quote: &'a Said, record: &'a Record, characters: &Characters<'_>) -> Quote<'a> {
        let span = quote.span();
        let mut row = Quote::new(quote, &record.text, characters);
        row.bytes = Some((span.start, span.end));
        row.line = Some(line_of(record, span.start));
        row
    }
}

impl<'a> Entity<'a> {
    fn new(entity: &'a Named, text: &'a str, characters: &Characters<'_>) -> Entity<'a> {
        let (start, end) = characters.span(entity.span);
        Entity { start, end, text: entity.span.of(text), kind: entity.kind.name(), name: &entity.name }
    }
}

impl<'a> Article<'a> {
    /// Returns the line of `extract`, with the evidence of each quote if there is any.
    pub fn new(
        article: &'a Source,
        layers: &'a Layers,
        evidence: &'a [Because],
        characters: &Characters<'_>,
    ) -> Article<'a> {
        let text = &article.text;
        let because = |number: usize| evidence.get(number).map(|evidence| Evidence::new(evidence, text, characters));
        let quotes = layers.quotes.iter().enumerate();
        let quotes =
            quotes.map(|(number, quote)| Quote { evidence: because(number), ..Quote::new(quote, text, characters) });
        Article {
            v: V,
            kind: "article",
            id: &article.id,
            path: &article.path,
            headline: article.headline.map(|span| Stretch::new(span, text, characters)),
            date: article.meta.date.map(|date| date.to_string()),
            lang: article.meta.lang.as_deref(),
            quotes: quotes.collect(),
            entities: layers.entities.iter().map(|entity| Entity::new(entity, text, characters)).collect(),
        }
    }
}

impl<'a> About<'a> {
    /// Returns what is said of an article.
    pub fn new(meta: &'a Meta) -> About<'a> {
        About {
            date: meta.date.map(|date| date.to_string()),
            date_raw: meta.date_raw.as_deref(),
            lang: meta.lang.as_deref(),
            outlet: meta.outlet.as_deref(),
            byline: meta.byline.as_deref(),
            agency: meta.agency.as_deref(),
            dateline: meta.dateline.as_deref(),
            section: meta.section.as_deref(),
            url: meta.url.as_deref(),
        }
    }
}

impl<'a> Shown<'a> {
    /// Returns the line of `show`.
    pub fn new(record: &'a Record, characters: &Characters<'_>) -> Shown<'a> {
        let text = &record.text;
        Shown {
            v: V,
            kind: "article",
            id: &record.id,
            path: &record.path,
            record: record.record,
            line: record.line,
            headline: record.headline.map(|span| Stretch::with_bytes(span, text, characters)),
            dek: record.dek.map(|span| Stretch::with_bytes(span, text, characters)),
            about: About::new(&record.meta),
            text,
            quotes: record.quotes.iter().map(|quote| Quote::placed(quote, record, characters)).collect(),
        }
    }
}

impl<'a> HitRow<'a> {
    /// Returns the line of an article that `search` found.
    pub fn new(hit: &'a Hit, characters: &Characters<'_>) -> HitRow<'a> {
        let record = &hit.record;
        let text = &record.text;
        let excerpts = hit.excerpts.iter().map(|excerpt| {
            let (start, end) = characters.span(excerpt.span);
            Excerpt {
                text: excerpt.span.of(text),
                start,
                end,
                bytes: (excerpt.span.start, excerpt.span.end),
                line: line_of(record, excerpt.span.start),
                cut_before: excerpt.cut_before,
                cut_after: excerpt.cut_after,
                marks: Stretch::all(&excerpt.marks, text, characters),
            }
        });
        HitRow {
            v: V,
            kind: "hit",
            rank: hit.rank,
            score: hit.score,
            complete: hit.complete,
            id: &record.id,
            path: &record.path,
            record: record.record,
            line: record.line,
            headline: record.headline.map(|span| Stretch::with_bytes(span, text, characters)),
            dek: record.dek.map(|span| Stretch::with_bytes(span, text, characters)),
            about: About::new(&record.meta),
            marks: Stretch::all(&hit.marks, text, characters),
            excerpts: excerpts.collect(),
            copies_total: Some(hit.copies.count).filter(|count| *count > 0),
            copies: hit.copies.first.iter().map(Copy::new).collect(),
            factors: hit.reckoning.as_ref().map(Factors::new),
        }
    }
}

impl<'a> QuoteRow<'a> {
    /// Returns the line of a quote that `quotes` found.
    pub fn new(hit: &'a QuoteHit, characters: &Characters<'_>) -> QuoteRow<'a> {
        let record = &*hit.record;
        QuoteRow {
            v: V,
            row: "quote",
            score: hit.score,
            id: &record.id,
            path: &record.path,
            record: record.record,
            headline: record.headline.map(|span| span.of(&record.text)),
            date: record.meta.date.map(|date| date.to_string()),
            outlet: record.meta.outlet.as_deref(),
            url: record.meta.url.as_deref(),
            quote: Quote::placed(hit.quote(), record, characters),
            marks: Stretch::all(&hit.marks, &record.text, characters),
        }
    }
}

impl<'a> IdentityRow<'a> {
    /// Returns the line of an identity.
    pub fn new(identity: &'a Row, row: &'static str) -> IdentityRow<'a> {
        let count = &identity.count;
        let day = |day: u32| crate::article::Date::from_number(day).to_string();
        let office = |office: &'a Office| OfficeRow {
            role: office.role.name(),
            title: office.title.as_deref(),
            from: office.from.map(day),
            to: office.to.map(day),
        };
        let spoken = identity.roles.iter().filter(|role| count.classes().contains(**role));
        let variant = |(name, count, reason): &'a (String, u32, crate::identity::Reason)| Variant {
            name,
            count: *count,
            reason: reason.to_string(),
        };
        let together = |together: crate::identity::Together| Together {
            both: together.both,
            this: together.this,
            other: together.other,
            all: together.all,
            score: (together.score() * 100.0).round() / 100.0,
        };
        let [direct, mixed, indirect] = count.quotes;
        IdentityRow {
            v: V,
            row,
            name: &identity.name,
            kind: identity.kind.map(|kind| kind.name()),
            quotes: count.said(),
            direct,
            mixed,
            indirect,
            articles: count.articles,
            first_date: count.dates.map(|(first, _)| first.to_string()),
            last_date: count.dates.map(|(_, last)| last.to_string()),
            roles: spoken.map(|role| RoleCount { role: role.name(), quotes: count.roles[*role as usize] }).collect(),
            variants: identity.variants.iter().map(variant).collect(),
            wikidata: identity.wikidata.as_deref(),
            offices: identity.offices.iter().map(office).collect(),
            together: identity.together.map(together),
        }
    }
}

/// Another name of somebody's.
#[derive(Serialize)]
struct Variant<'a> {
    name: &'a str,
    count: u32,
    reason: String,
}

/// A class of source somebody speaks as.
#[derive(Serialize)]
struct RoleCount {
    role: &'static str,
    quotes: u32,
}

/// An office, by the user's word.
#[derive(Serialize)]
struct OfficeRow<'a> {
    role: &'static str,
    title: Option<&'a str>,
    from: Option<String>,
    to: Option<String>,
}

/// How often somebody is named together with somebody else.
#[derive(Serialize)]
struct Together {
    both: u32,
    this: u32,
    other: u32,
    all: u32,
    score: f64,
}

/// `speakers` and `entities`: somebody or something over the whole index.
#[derive(Serialize)]
pub struct IdentityRow<'a> {
    v: u32,
    #[serde(rename = "type")]
    row: &'static str,
    name: &'a str,
    kind: Option<&'static str>,
    quotes: u32,
    direct: u32,
    mixed: u32,
    indirect: u32,
    articles: u32,
    first_date: Option<String>,
    last_date: Option<String>,
    roles: Vec<RoleCount>,
    variants: Vec<Variant<'a>>,
    wikidata: Option<&'a str>,
    offices: Vec<OfficeRow<'a>>,
    together: Option<Together>,
}
