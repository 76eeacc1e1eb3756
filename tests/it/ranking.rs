//! Articles rank the same whether or not the index holds quotes, and however many segments it has.

use std::ops::ControlFlow;
use std::path::Path;

use jiff::civil::Date;
use onrecord::article::{Article, Span};
use onrecord::engine::tantivy::{FileEntry, Index, Writer, WriterOptions};
use onrecord::hits::{Hits, QuoteHit};
use onrecord::layers::{Layers, Quote, QuoteKind};
use onrecord::plan::{QuotePlan, Rows, Sort};
use onrecord::query;

use crate::desk;

/// Builds an index of 300 articles with so many threads; `parts` commits give at least so many segments.
fn build(folder: &Path, with_quotes: bool, threads: usize, parts: usize) -> Index {
    let options = WriterOptions { threads, memory: 60_000_000, rebuild: false };
    let writer = Writer::open(folder, options).expect("a writer");
    for n in 0..300 {
        let text = desk::article(n) + &"Nothing more was said. ".repeat(n % 17);
        let first = text.find('\n').expect("a line");
        let path = format!("{n:03}.txt");
        let article = Article {
            id: format!("{n:03}"),
            path: path.clone(),
            line: 1,
            headline: Some(Span::new(0, first)),
            body: Span::new(first + 2, text.len()),
            text,
            ..Article::default()
        };
        let mut layers = Layers::default();
        let quotes = if with_quotes { n % 13 } else { 0 };
        for number in 0..quotes {
            layers.quotes.push(Quote {
                kind: QuoteKind::Direct,
                spans: vec![Span::new(first + 2 + number, first + 40 + number)],
                paragraph: 0,
                speaker: None,
                cue: None,
                rule: "test".into(),
            });
        }
        let batch = writer.batch(&path, article, layers).expect("a batch");
        let entry = FileEntry { path, whole: true, ..FileEntry::default() };
        writer.add_last(0, &entry, None, vec![batch]).expect("an entry");
        if n % (300 / parts) == 0 {
            writer.commit().expect("a commit");
        }
    }
    writer.commit().expect("a commit");
    writer.finish(None).expect("the merges");
    Index::open(folder).expect("an index")
}

/// Total, partial total, and the ids with the bits of their scores.
type Ranking = (u64, Option<u64>, Vec<(String, u32)>);

fn rank(index: &Index, query: &str) -> Ranking {
    let parsed = query::parse(query).query.expect("a query");
    let plan = query::resolve(&parsed, Date::constant(2024, 9, 19)).expect("a plan");
    let mut hits = Hits::default();
    let mut take = |part| {
        hits = part;
        ControlFlow::Break(())
    };
    let rows = Rows { limit: 100, partial: true, ..Rows::default() };
    index.articles(&plan, rows, usize::MAX, &mut take).expect("an answer");
    let rows = hits.hits.into_iter().map(|hit| (hit.record.id, hit.score.to_bits())).collect();
    (hits.total, hits.partial, rows)
}

const QUERIES: &[&str] = &[
    "council",
    "harvest plan",
    "ferry tuesday crowd",
    "said",
    "bridge nothing",
    "reservoir zebra",
    "\"nothing more\" council",
    "britain council",
    "coun* harvst~",
    "ferry tuesday crowd harvest plan bridge council reservoir",
    "what did the council say of the harvest and the bridge?",
];

#[test]
fn quotes_do_not_change_the_ranking_of_articles() {
    let desk = desk::Desk::new();
    let bare = build(&desk.path("bare"), false, 2, 1);
    let full = build(&desk.path("full"), true, 2, 1);
    assert!(full.count_quotes(&Default::default()).expect("a count") > 1000);
    for query in QUERIES {
        assert_eq!(rank(&bare, query), rank(&full, query), "{query}");
    }
}

#[test]
fn segments_and_threads_do_not_change_an_answer() {
    let desk = desk::Desk::new();
    let one = build(&desk.path("one"), true, 1, 1);
    let many = build(&desk.path("many"), true, 4, 6);
    assert!(one.stats().expect("figures").segments < many.stats().expect("figures").segments);
    for query in QUERIES {
        assert_eq!(rank(&one, query), rank(&many, query), "{query}");
    }
    // More quotes than the first run of a segment holds.
    let quotes = |index: &Index| {
        let mut found = Vec::new();
        let mut take = |hit: QuoteHit| {
            found.push((hit.record.id.clone(), hit.ordinal));
            ControlFlow::Continue(())
        };
        index.quotes(&QuotePlan::default(), Sort::Oldest, &mut take).expect("an answer");
        found
    };
    let found = quotes(&one);
    assert!(found.len() > 1700 && found.is_sorted(), "{} quotes", found.len());
    assert_eq!(found, quotes(&many));
}
