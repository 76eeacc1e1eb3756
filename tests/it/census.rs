//! Counts of speakers and names are exact: a slow count over every quote and every article is the judge.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;

use onrecord::article::Article;
use onrecord::extract;
use onrecord::layers::{Evidence, Layers};
use onrecord::read::FieldMap;
use serde_json::Value;

use crate::desk::Desk;
use crate::transcripts::copy_corpus;

fn rows(desk: &Desk, arguments: &[&str]) -> Vec<Value> {
    let out = desk.expect(0, arguments).out;
    let rows = out.lines().map(|line| serde_json::from_str(line).expect("an object a line"));
    rows.filter(|row: &Value| row["type"] != "summary").collect()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a string").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns every name of an identity, with the identity's.
fn whose(rows: &[Value]) -> BTreeMap<String, String> {
    let mut whose = BTreeMap::new();
    for row in rows {
        let own = text(&row["name"]);
        let others = row["variants"].as_array().expect("a list").iter().map(|variant| text(&variant["name"]));
        for name in others.chain([own.clone()]) {
            let before = whose.insert(name.clone(), own.clone());
            assert_eq!(before, None, "`{name}` is two");
        }
    }
    whose
}

#[test]
fn every_count_is_that_of_a_slow_one() {
    let desk = Desk::new();
    copy_corpus(&desk);
    desk.expect(0, &["index", "-q", "corpus"]);
    let speakers = rows(&desk, &["speakers", "--described", "--json"]);
    let known = whose(&speakers);
    let mut quotes: BTreeMap<String, (u64, BTreeSet<String>)> = BTreeMap::new();
    for quote in rows(&desk, &["quotes", "--kind", "all", "--json"]) {
        let speaker = &quote["speaker"];
        if !speaker.is_null() && speaker["resolved"] == true {
            let own = known.get(&text(&speaker["name"])).expect("a speaker of the list");
            let place = format!("{}#{}", quote["path"], quote["record"]);
            let count = quotes.entry(own.clone()).or_default();
            count.0 += 1;
            count.1.insert(place);
        }
    }
    assert_eq!(speakers.len(), quotes.len());
    for row in &speakers {
        let (said, articles) = &quotes[&text(&row["name"])];
        assert_eq!(
            (row["quotes"].as_u64(), row["articles"].as_u64()),
            (Some(*said), Some(articles.len() as u64)),
            "{row}"
        );
    }

    let entities = rows(&desk, &["entities", "--json"]);
    let known = whose(&entities);
    let articles = rows(&desk, &["extract", "corpus"]);
    let named: Vec<BTreeSet<&String>> = articles
        .iter()
        .map(|article| {
            let names = article["entities"].as_array().expect("a list").iter().map(|entity| text(&entity["name"]));
            names.map(|name| known.get(&name).expect("a name of the list")).collect()
        })
        .collect();
    let with = |name: &String| named.iter().filter(|names| names.contains(name)).count() as u64;
    for row in &entities {
        assert_eq!(row["articles"].as_u64(), Some(with(&text(&row["name"]))), "{row}");
    }

    let gaza = "Gaza".to_owned();
    for row in rows(&desk, &["entities", "--with", "Gaza", "--json"]) {
        let own = text(&row["name"]);
        let both = named.iter().filter(|names| names.contains(&gaza) && names.contains(&own)).count() as u64;
        let expected = [both, with(&own), with(&gaza), articles.len() as u64];
        let found = ["both", "this", "other", "all"].map(|part| row["together"][part].as_u64().expect("a number"));
        assert_eq!(found, expected, "{row}");
    }
}

#[test]
fn who_is_named_in_one_sentence_is_counted_as_slowly() {
    let desk = Desk::new();
    copy_corpus(&desk);
    desk.expect(0, &["index", "-q", "corpus"]);
    let known = whose(&rows(&desk, &["entities", "--json"]));
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut sentences: Vec<BTreeSet<&String>> = Vec::new();
    let mut look = |_: Article, layers: Layers, _: Vec<Evidence>| {
        let whose = |name: &str| known.get(&name.split_whitespace().collect::<Vec<_>>().join(" ")).expect("a name");
        sentences.extend(layers.sentences.iter().map(|sentence| {
            let inside = layers.entities.iter().filter(|entity| sentence.contains(entity.span));
            inside.map(|entity| whose(&entity.name)).collect()
        }));
        ControlFlow::Continue(())
    };
    extract::files(&[corpus], &FieldMap::default(), false, &mut look, &mut |_| {}).expect("the corpus");
    sentences.retain(|names| !names.is_empty());
    let with = |name: &String| sentences.iter().filter(|names| names.contains(name)).count() as u64;
    let mut pairs = 0;
    for somebody in ["Gaza", "Cairo", "Doha"].map(str::to_owned) {
        for row in rows(&desk, &["entities", "--with", &somebody, "--same", "sentence", "--json"]) {
            let own = text(&row["name"]);
            let both =
                sentences.iter().filter(|names| names.contains(&somebody) && names.contains(&own)).count() as u64;
            let expected = [both, with(&own), with(&somebody), sentences.len() as u64];
            let found = ["both", "this", "other", "all"].map(|part| row["together"][part].as_u64().expect("a number"));
            assert_eq!(found, expected, "{row}");
            assert!(both > 0, "{row}");
            pairs += 1;
        }
    }
    assert!(pairs > 5, "{pairs} pairs");
}

#[test]
fn the_users_file_outlives_the_index() {
    let desk = Desk::new();
    copy_corpus(&desk);
    desk.write("identities.toml", "[[identity]]\nname = \"Harbour Queen\"\naliases = [\"Ines Calder\"]\n");
    for rebuild in [false, true] {
        let arguments: &[&str] =
            if rebuild { &["index", "-q", "--rebuild", "corpus"] } else { &["index", "-q", "corpus"] };
        desk.expect(0, arguments);
        let found = rows(&desk, &["speakers", "--name", "harbour queen", "--json"]);
        assert_eq!(found.len(), 1, "{found:?}");
        let calder = desk.expect(0, &["quotes", "--by", "Ines Calder", "-c"]).out;
        assert_eq!(desk.expect(0, &["quotes", "--by", "Harbour Queen", "-c"]).out, calder);
    }
}
