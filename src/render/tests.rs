//! Two articles to render, and what becomes of them as text and tables.

use std::rc::Rc;

use proptest::prelude::*;

use super::paths::Paths;
use super::trec::Run;
use super::{HitRows, OUTPUTS, Output, Style, json, text};
use crate::article::{Date, Meta, Span};
use crate::hits::{Copies, Excerpt, Hit, Hits, QuoteHit};
use crate::layers::{Quote, QuoteKind, Role, Roles, Speaker};
use crate::schema::Record;

const TALKS: &str = "Talks resume\n\nThe mediators met.\n\n\
    “We are close,” the envoy said, “very close.” Nothing was signed.\n\nA naïve é\u{1b}[31m hope for a ceasefire.\n";

/// Returns where the words stand.
pub fn span(text: &str, words: &str) -> Span {
    let start = text.find(words).unwrap_or_else(|| panic!("`{words}` is not in the text"));
    Span::new(start, start + words.len())
}

/// Returns an article with a quote in two segments and escapes in its text.
pub fn talks() -> Record {
    let text = TALKS.to_owned();
    let mut roles = Roles::default();
    roles.insert(Role::Official);
    let speaker = Speaker {
        span: span(&text, "the envoy"),
        name: "Maria Lund".to_owned(),
        description: Some("UN envoy".to_owned()),
        roles,
        resolved: true,
        printed: [None, None],
    };
    let quote = Quote {
        kind: QuoteKind::Direct,
        spans: vec![span(&text, "We are close,"), span(&text, "very close.")],
        paragraph: 2,
        speaker: Some(speaker),
        cue: Some(span(&text, "said")),
        rule: "after".into(),
    };
    Record {
        id: "talks".to_owned(),
        path: "news/talks.txt".to_owned(),
        record: None,
        line: 1,
        headline: Some(span(&text, "Talks resume")),
        dek: Some(span(&text, "The mediators met.")),
        body: Span::new(34, text.len()),
        meta: Meta {
            outlet: Some("Harbour Times".to_owned()),
            date: Some(Date { year: 2031, month: 5, day: 0 }),
            ..Meta::default()
        },
        quotes: vec![quote],
        text,
    }
}

/// Returns an article of which nothing is known, one of several in its file.
pub fn bare() -> Record {
    let text = "A ceasefire, somebody\nhoped.".to_owned();
    let quote = Quote {
        kind: QuoteKind::Indirect,
        spans: vec![span(&text, "A ceasefire,")],
        paragraph: 0,
        speaker: None,
        cue: None,
        rule: "alone".into(),
    };
    Record {
        id: "wire 7".to_owned(),
        path: "wire.jsonl".to_owned(),
        record: Some(7),
        line: 9,
        headline: None,
        dek: None,
        body: Span::new(0, text.len()),
        meta: Meta::default(),
        quotes: vec![quote],
        text,
    }
}

/// Returns an answer of one article with all the words and one with some.
pub fn hits() -> Hits {
    let excerpt = |record: &Record, words: &str| Excerpt {
        span: span(&record.text, words),
        marks: vec![span(&record.text, "ceasefire")],
        cut_before: true,
        cut_after: false,
    };
    let hit = |rank, score, record: Record, words: &str| Hit {
        rank,
        score,
        complete: rank == 1,
        reckoning: None,
        marks: if rank == 1 { vec![span(&record.text, "Talks")] } else { Vec::new() },
        excerpts: vec![excerpt(&record, words)],
        copies: Copies::default(),
        record,
    };
    let rows = vec![
        hit(1, 2.5, talks(), "A naïve é\u{1b}[31m hope for a ceasefire."),
        hit(2, 7.25, bare(), "A ceasefire, somebody\nhoped."),
    ];
    Hits { total: 1, partial: Some(3), hits: rows, ..Hits::default() }
}

/// Returns the quotes of both articles as an answer.
pub fn quote_hits() -> Vec<QuoteHit> {
    let hit = |record: Record, marks: Vec<Span>| QuoteHit { record: Rc::new(record), ordinal: 0, score: 0.0, marks };
    vec![hit(talks(), vec![span(TALKS, "close")]), hit(bare(), Vec::new())]
}

/// Returns what an output makes of the quotes.
pub fn quotes_as(output: &Output, style: Style) -> String {
    let mut out = Vec::new();
    let open = output.quotes.expect("an output for quotes");
    let mut rows = open(style.into(), &mut out).unwrap();
    for hit in quote_hits() {
        rows.row(&hit).unwrap();
    }
    rows.end(2).unwrap();
    drop(rows);
    String::from_utf8(out).unwrap()
}

/// Returns what an output makes of the hits.
pub fn hits_as(output: &Output, style: Style) -> String {
    let mut out = Vec::new();
    write_hits((output.hits)(style.into(), &mut out).unwrap(), &hits());
    String::from_utf8(out).unwrap()
}

fn write_hits(mut rows: Box<dyn HitRows + '_>, hits: &Hits) {
    rows.part(hits).unwrap();
    rows.end().unwrap();
    rows.close().unwrap();
}

fn output(name: &str) -> &'static Output {
    OUTPUTS.iter().find(|output| output.name == name).unwrap()
}

fn narrow() -> Style {
    Style { width: Some(40), ..Style::default() }
}

#[test]
fn articles_as_text() {
    let expected = "\
1 article with all the words

1  Talks resume
   Harbour Times · 2031-05
   news/talks.txt:7
     … A naïve é␛[31m hope for a
     ceasefire.

── 3 more with some of the words ───────

2  wire 7
   wire.jsonl:9
     … A ceasefire, somebody hoped.

2 more with --offset 2
";
    assert_eq!(hits_as(output("text"), narrow()), expected);
}

#[test]
fn says_how_many_articles_there_are() {
    let heading = |total, partial| {
        let mut out = Vec::new();
        let hits = Hits { total, partial, ..Hits::default() };
        write_hits(text::hits::open(Style::default().into(), &mut out).unwrap(), &hits);
        String::from_utf8(out).unwrap()
    };
    assert_eq!(heading(1, None), "1 article\n");
    assert_eq!(heading(1234, Some(0)), "1,234 articles\n");
    assert_eq!(heading(2, Some(1)), "2 articles with all the words\n");
    assert_eq!(heading(0, Some(1)), "no article has all the words\n");
}

#[test]
fn marks_are_coloured() {
    let style = Style { colour: true, scores: true, ..Style::default() };
    let text = hits_as(output("text"), style);
    assert!(text.contains("\u{1b}[1m\u{1b}[31mTalks\u{1b}[0m \u{1b}[1mresume\u{1b}[0m \u{1b}[2m2.50"), "{text:?}");
    assert!(text.contains("hope for a \u{1b}[1m\u{1b}[31mceasefire\u{1b}[0m."), "{text:?}");
}

#[test]
fn places_lead_to_files() {
    let style = Style { links: Some("/home/lib rary"), ..Style::default() };
    let text = hits_as(output("text"), style);
    let expected = "\u{1b}]8;;file:///home/lib%20rary/news/talks.txt\u{1b}\\news/talks.txt:7\u{1b}]8;;\u{1b}\\\n";
    assert!(text.contains(expected), "{text:?}");
    assert_eq!(text.matches("\u{1b}]8;;file").count(), text.matches("\u{1b}]8;;\u{1b}").count());
}

#[test]
fn what_came_in_on_stdin_leads_nowhere() {
    let mut hits = hits();
    hits.hits.iter_mut().for_each(|hit| hit.record.path = "-/w17".to_owned());
    let mut out = Vec::new();
    let style = Style { links: Some("/home"), ..Style::default() };
    write_hits((output("text").hits)(style.into(), &mut out).unwrap(), &hits);
    let text = String::from_utf8(out).unwrap();
    assert!(text.contains("-/w17:7") && !text.contains("file://"), "{text:?}");
}

#[test]
fn quotes_as_text() {
    let expected = "\
“We are close,” … “very close.”
  — Maria Lund, UN envoy (“the envoy”) ·
    official
    Talks resume
    Harbour Times · 2031-05
    news/talks.txt:5

A ceasefire,
  — unattributed · indirect
    wire 7
    wire.jsonl:9

2 quotes
";
    assert_eq!(quotes_as(output("text"), narrow()), expected);
}

#[test]
fn segments_that_share_a_mark_are_shown() {
    let mut record = talks();
    record.text = "\"One\"two\" he said.".to_owned();
    record.quotes[0].spans = vec![span(&record.text, "One"), span(&record.text, "two")];
    record.quotes[0].speaker = None;
    (record.headline, record.dek, record.body) = (None, None, Span::new(0, record.text.len()));
    let mut out = Vec::new();
    text::show::write(&record, narrow(), &mut out).unwrap();
    let shown = String::from_utf8(out).unwrap();
    assert!(shown.ends_with("  \"One\" \"two\"\n"), "{shown}");
}

#[test]
fn an_article_as_text() {
    let mut out = Vec::new();
    text::show::write(&talks(), narrow(), &mut out).unwrap();
    let expected = "\
Talks resume
Harbour Times · 2031-05
news/talks.txt:1

The mediators met.

“We are close,” the envoy said, “very
close.” Nothing was signed.

A naïve é␛[31m hope for a ceasefire.

── 1 quote ─────────────────────────────

line 5 · Maria Lund, UN envoy (“the
  envoy”) · official
  “We are close,” … “very close.”
";
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}

#[test]
fn articles_as_a_table() {
    let expected = "\
rank,score,date,outlet,headline,path,line,id,url,excerpt
1,2.5,2031-05,Harbour Times,Talks resume,news/talks.txt,7,talks,,A naïve é\u{1b}[31m hope for a ceasefire.
";
    assert_eq!(hits_as(output("csv"), Style::default()), expected);
    let on_terminal = hits_as(output("csv"), Style { terminal: true, ..Style::default() });
    assert_eq!(on_terminal, expected.replace('\u{1b}', "␛"));
}

#[test]
fn quotes_as_a_table() {
    let expected = "\
date,outlet,speaker,printed,description,roles,kind,quote,headline,path,line,id,url,rule
2031-05,Harbour Times,Maria Lund,the envoy,UN envoy,official,direct,\"We are close, very close.\",Talks resume,news/talks.txt,5,talks,,after
,,,,,,indirect,\"A ceasefire,\",,wire.jsonl,9,wire 7,,alone
";
    assert_eq!(quotes_as(output("csv"), Style::default()), expected);
}

#[test]
fn articles_as_a_run() {
    assert_eq!(
        hits_as(output("trec"), Style::default()),
        "1 Q0 talks 1 2.50000 onrecord\n1 Q0 wire_7 2 2.49999 onrecord\n"
    );
}

/// A long answer comes in parts, and what is written is the same.
#[test]
fn parts_make_a_whole() {
    for output in OUTPUTS {
        let mut out = Vec::new();
        let mut rows = (output.hits)(Style::default().into(), &mut out).unwrap();
        for hit in hits().hits {
            rows.part(&Hits { hits: vec![hit], ..hits() }).unwrap();
        }
        rows.end().unwrap();
        rows.close().unwrap();
        drop(rows);
        assert_eq!(String::from_utf8(out).unwrap(), hits_as(output, Style::default()), "{}", output.name);
    }
}

#[test]
fn a_run_names_a_document_once() {
    let mut hits = hits();
    let again = hits.hits[0].clone();
    hits.hits.push(again);
    let mut out = Vec::new();
    write_hits(Box::new(Run::new("q 1", &mut out)), &hits);
    let run = String::from_utf8(out).unwrap();
    assert_eq!(run.lines().count(), 2);
    assert!(run.starts_with("q_1 Q0 talks 1 "));
}

#[test]
fn paths_come_once_and_only_with_all_the_words() {
    let mut hits = hits();
    hits.hits.insert(1, hits.hits[0].clone());
    let mut out = Vec::new();
    write_hits(Box::new(Paths::new(0, Style::default(), &mut out)), &hits);
    assert_eq!(out, b"news/talks.txt\0");
}

#[test]
fn nothing_of_an_article_commands_a_terminal() {
    let style = Style { terminal: true, ..Style::default() };
    for output in OUTPUTS {
        let mut written = hits_as(output, style);
        if output.quotes.is_some() {
            written.push_str(&quotes_as(output, style));
        }
        assert!(
            !written.contains(|letter: char| letter.is_control() && !matches!(letter, '\n' | '\t')),
            "{}: {written:?}",
            output.name
        );
    }
    let mut out = Vec::new();
    json::shown(&talks(), &mut out).unwrap();
    assert!(!String::from_utf8(out).unwrap().contains('\u{1b}'));
}

/// Returns the span between two characters of a text, whichever comes first.
fn between(text: &str, one: usize, other: usize) -> Span {
    let edges: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let (one, other) = (edges[one % edges.len()], edges[other % edges.len()]);
    Span::new(one.min(other), one.max(other))
}

proptest! {
    /// Whatever the text and wherever the spans: nothing panics, and no line is lost to a control character.
    #[test]
    fn any_spans_can_be_shown(
        text in "[a-z\"“”'\u{1b}\u{9b}\u{7f}\n\r é停👩\u{200d}\u{301}\u{202e}]{0,60}",
        edges in prop::collection::vec((0usize..64, 0usize..64), 7),
        kind in 0usize..3,
        width in 1usize..30,
    ) {
        let at = |index: usize| between(&text, edges[index].0, edges[index].1);
        let mut record = talks();
        let mut spans = vec![at(0), at(1)];
        spans.sort();
        spans[1].start = spans[1].start.max(spans[0].end);
        spans[1].end = spans[1].end.max(spans[1].start);
        record.quotes[0].kind = QuoteKind::ALL[kind];
        record.quotes[0].spans = spans;
        record.quotes[0].cue = Some(at(2));
        if let Some(speaker) = &mut record.quotes[0].speaker {
            speaker.span = at(3);
        }
        (record.headline, record.dek, record.body) = (Some(at(4)), Some(at(5)), at(6));
        record.text = text.clone();
        let marks = vec![at(0), at(3), at(5)];
        let excerpt = Excerpt { span: at(6), marks: marks.clone(), cut_before: true, cut_after: true };
        let mut hits = hits();
        hits.hits[0] = Hit { record: record.clone(), marks: marks.clone(), excerpts: vec![excerpt], ..hits.hits[0].clone() };
        let style = Style { width: Some(width), terminal: true, ..Style::default() };
        let mut out = Vec::new();
        text::show::write(&record, style, &mut out).unwrap();
        json::shown(&record, &mut out).unwrap();
        let hit = QuoteHit { record: Rc::new(record), ordinal: 0, score: 1.0, marks };
        for output in OUTPUTS {
            write_hits((output.hits)(style.into(), &mut out).unwrap(), &hits);
            if let Some(open) = output.quotes {
                open(style.into(), &mut out).unwrap().row(&hit).unwrap();
            }
        }
        let written = String::from_utf8(out).unwrap();
        prop_assert!(!written.contains(|letter: char| letter.is_control() && !matches!(letter, '\n' | '\t')), "{written:?}");
    }
}
