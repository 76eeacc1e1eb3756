//! Articles rank the same whether or not the index holds quotes.

use std::ops::ControlFlow;
use std::path::Path;

use onrecord::article::{Article, Span};
use onrecord::engine::tantivy::{FileEntry, Index, Pending, Writer, WriterOptions};
use onrecord::hits::Hits;
use onrecord::layers::{Layers, Quote, QuoteKind};
use onrecord::plan::{Plan, RankedWord, Rows, Sort};
use onrecord::schema::Field;

use crate::desk;

fn build(folder: &Path, with_quotes: bool) -> Index {
    let options = WriterOptions { threads: 2, memory: 60_000_000, rebuild: false };
    let writer = Writer::open(folder, options).expect("a writer");
    let mut pending = Pending::default();
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
        let entry = FileEntry { path, modified: 1, size: 1, problems: Vec::new() };
        writer.add_last(&entry, false, vec![batch], &mut pending).expect("an entry");
    }
    writer.write(&mut pending).expect("an addition");
    writer.commit().expect("a commit");
    writer.finish().expect("the merges");
    Index::open(folder).expect("an index")
}

#[test]
fn quotes_do_not_change_the_ranking_of_articles() {
    let desk = desk::Desk::new();
    let bare = build(&desk.path("bare"), false);
    let full = build(&desk.path("full"), true);
    assert!(full.count_quotes(&Default::default()).expect("a count") > 1000);
    for query in ["council", "harvest plan", "ferry tuesday crowd", "said", "bridge nothing", "reservoir zebra"] {
        let words = query.split(' ').map(|word| RankedWord::new(Field::Text, word)).collect();
        let plan = Plan { words, filter: None };
        let rows = Rows { sort: Sort::Best, offset: 0, limit: 100, partial: true };
        let answer = |index: &Index| {
            let mut hits = Hits::default();
            let mut take = |part| {
                hits = part;
                ControlFlow::Break(())
            };
            index.articles(&plan, rows, usize::MAX, &mut take).expect("an answer");
            let rows: Vec<(String, u32)> =
                hits.hits.into_iter().map(|hit| (hit.record.id, hit.score.to_bits())).collect();
            (hits.total, hits.partial, rows)
        };
        assert_eq!(answer(&bare), answer(&full), "{query}");
    }
}
