//! Every line obeys the written contract, which allows no field it does not name.

use serde_json::{Map, Value, json};

use super::*;
use crate::article::{Date, Span};
use crate::copies::changes::{Change, Changes, Piece, Whose};
use crate::hits::{Attributed, Copies, Copy, Factor, Fault, Head, Reckoning, Told};
use crate::identity::{Count, Office, Reason, Row, Together};
use crate::layers::{Entity, EntityKind, Evidence, Role, Tracing};
use crate::render::tests::{bare, hits, hits_as, quotes_as, span, talks};
use crate::render::{OUTPUTS, Style};

/// Returns what is wrong with a value, as far as the schemas here can say: the parts of JSON Schema they use.
fn faults(schema: &Value, value: &Value, root: &Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    let rules = schema.as_object().unwrap();
    for (rule, wanted) in rules {
        let fault = |words: String| vec![format!("{at}: {words}")];
        found.extend(match rule.as_str() {
            "$ref" => faults(root.pointer(wanted.as_str().unwrap().trim_start_matches('#')).unwrap(), value, root, at),
            "allOf" => wanted.as_array().unwrap().iter().flat_map(|one| faults(one, value, root, at)).collect(),
            "anyOf" if wanted.as_array().unwrap().iter().any(|one| faults(one, value, root, at).is_empty()) => vec![],
            "anyOf" => fault(format!("{value} is none of {wanted}")),
            "const" if value != wanted => fault(format!("{value} is not {wanted}")),
            "enum" if !wanted.as_array().unwrap().contains(value) => fault(format!("{value} is not in {wanted}")),
            "type" if !has_type(value, wanted) => fault(format!("{value} is no {wanted}")),
            "required" => missing(wanted, value).into_iter().flat_map(fault).collect(),
            "properties" => members(wanted, rules, value, root, at),
            "items" => each_item(wanted, value, root, at),
            "minItems" | "maxItems" | "minimum" | "pattern" | "const" | "enum" | "type" => vec![],
            "additionalProperties" | "description" | "title" | "$schema" | "$defs" => vec![],
            other => fault(format!("the schema says `{other}`, which this test cannot check")),
        });
    }
    found
}

fn has_type(value: &Value, wanted: &Value) -> bool {
    let is = |name: &Value| match name.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("unknown type `{other}`"),
    };
    wanted.as_array().map_or_else(|| is(wanted), |names| names.iter().any(is))
}

#[test]
fn what_was_skipped_obeys_the_contract() {
    use crate::problem::{Problem, Reason};
    let root: Value = serde_json::from_str(SCHEMA).unwrap();
    for (line, place) in [(None, "null"), (Some(7), "7")] {
        let detail = "is \u{9b}no JSON".to_owned();
        let problem = Problem { path: "wire.jsonl".to_owned(), line, reason: Reason::Malformed, detail };
        let mut out = Vec::new();
        skipped(&[problem], Style::default(), &mut out).unwrap();
        let expected =
            "\"path\":\"wire.jsonl\",\"line\":PLACE,\"reason\":\"malformed\",\"detail\":\"is \\u009bno JSON\"";
        let written = String::from_utf8(out).unwrap();
        assert_eq!(written, format!("{{\"v\":1,\"type\":\"skipped\",{}}}\n", expected.replace("PLACE", place)));
        let row = serde_json::from_str(&written).unwrap();
        assert_eq!(faults(&root["$defs"]["skipped"], &row, &root, "skipped"), Vec::<String>::new());
    }
}

fn missing(wanted: &Value, value: &Value) -> Vec<String> {
    let names = wanted.as_array().unwrap().iter().map(|name| name.as_str().unwrap());
    names.filter(|name| value.get(name).is_none()).map(|name| format!("`{name}` is missing")).collect()
}

fn members(wanted: &Value, rules: &Map<String, Value>, value: &Value, root: &Value, at: &str) -> Vec<String> {
    assert_eq!(rules.get("additionalProperties"), Some(&json!(false)), "{at} would let unknown fields through");
    let Some(object) = value.as_object() else { return vec![] };
    let check = |(name, member): (&String, &Value)| match wanted.get(name) {
        Some(schema) => faults(schema, member, root, &format!("{at}.{name}")),
        None => vec![format!("{at}: unknown field `{name}`")],
    };
    object.iter().flat_map(check).collect()
}

fn each_item(schema: &Value, value: &Value, root: &Value, at: &str) -> Vec<String> {
    let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().flat_map(|item| faults(schema, item, root, &format!("{at}[]"))).collect()
}

/// Returns somebody over a whole index, every part given.
fn calder() -> Row {
    let office = Office { role: Role::Official, title: Some("Mayor".to_owned()), from: Some(20_200_501), to: None };
    let mut roles = [0; 16];
    roles[Role::Official as usize] = 2;
    Row {
        name: "Ines Calder".to_owned(),
        variants: vec![("I. Calder".to_owned(), 2, Reason::Initial)],
        wikidata: Some("Q42".to_owned()),
        kind: Some(EntityKind::Person),
        roles: vec![Role::Official],
        offices: vec![office],
        count: Count { articles: 3, quotes: [1, 0, 4], roles, ..Count::default() },
        together: Some(Together { both: 2, this: 3, other: 4, all: 9 }),
    }
}

/// Checks every line against one definition of the schema and returns the lines.
fn check(lines: &str, definitions: &[&str]) -> Vec<Value> {
    let root: Value = serde_json::from_str(SCHEMA).unwrap();
    let rows: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), definitions.len(), "{lines}");
    for (row, definition) in rows.iter().zip(definitions) {
        let found = faults(&root["$defs"][definition], row, &root, definition);
        assert!(found.is_empty(), "{found:#?}\n{row:#}");
        assert_eq!(faults(&root, row, &root, "line"), Vec::<String>::new());
    }
    rows
}

fn written(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn json_output() -> &'static crate::render::Output {
    OUTPUTS.iter().find(|output| output.name == "json").unwrap()
}

#[test]
fn the_schema_refuses_what_it_does_not_know() {
    let root: Value = serde_json::from_str(SCHEMA).unwrap();
    let summary = json!({"v": 1, "type": "summary", "total": 1, "rows": 1});
    assert!(faults(&root, &summary, &root, "").is_empty());
    for (name, value) in [("more", json!(1)), ("v", json!(2)), ("total", json!(-1)), ("rows", Value::Null)] {
        let mut wrong = summary.clone();
        wrong[name] = value;
        assert!(!faults(&root, &wrong, &root, "").is_empty(), "{wrong}");
    }
}

#[test]
fn hits_obey_the_contract() {
    let rows = check(&hits_as(json_output(), Style::default()), &["hit", "hit", "summary"]);
    assert_eq!(rows[0]["excerpts"][0]["marks"][0]["text"], "ceasefire");
    assert_eq!(rows[0]["excerpts"][0]["line"], 7);
    assert_eq!(rows[1]["complete"], false);
    assert_eq!(
        rows[2],
        json!({"v": 1, "type": "summary", "total": 1, "stories": 1, "partial": 3, "partial_stories": 3, "rows": 2})
    );
}

#[test]
fn folded_hits_obey_the_contract() {
    let mut answer = hits();
    let first = vec![Copy::of(Head::of(bare()))];
    answer.hits[0].copies = Copies { count: 41, until: Some(Date { year: 2024, month: 9, day: 20 }), first };
    let mut out = Vec::new();
    let mut rows = (json_output().hits)(Sheet::default(), &mut out).unwrap();
    rows.part(&Hits { total: 42, copies: 41, folded: true, ..answer }).unwrap();
    rows.end().unwrap();
    drop(rows);
    let rows = check(&String::from_utf8(out).unwrap(), &["hit", "hit", "summary"]);
    assert_eq!((&rows[0]["copies_total"], &rows[0]["copies"][0]["id"]), (&json!(41), &json!(bare().id)));
    assert_eq!((&rows[2]["total"], &rows[2]["stories"]), (&json!(42), &json!(1)));
}

#[test]
fn factors_obey_the_contract() {
    let factor = |word: &str, score| Factor { word: word.to_owned(), times: 2, articles: 40, score };
    let reckoning = Reckoning {
        typed: vec![factor("ceasefire", 3.5)],
        learned: vec![factor("truce", 0.25)],
        words: (120, 300.5),
        recency: 1.5,
    };
    let mut answer = hits();
    answer.hits[0].reckoning = Some(reckoning);
    let rows = written(|out| {
        let mut rows = (json_output().hits)(Sheet::default(), out)?;
        rows.part(&answer)?;
        rows.end()
    });
    let rows = check(&rows, &["hit", "hit", "summary"]);
    assert_eq!(
        rows[0]["factors"],
        json!({
            "words": [{"word": "ceasefire", "times": 2, "articles": 40, "score": 3.5}],
            "learned": [{"word": "truce", "times": 2, "articles": 40, "score": 0.25}],
            "length": 120, "average_length": 300.5, "recency": 1.5
        })
    );
    assert_eq!(rows[1].get("factors"), None);
}

#[test]
fn copies_obey_the_contract() {
    let pieces = |of, words: &str| Piece { of, words: words.to_owned() };
    let reworded = vec![pieces(Whose::Both, "A hope"), pieces(Whose::First, "said."), pieces(Whose::Second, "told.")];
    let changes = vec![Change::Cut("One.".to_owned()), Change::Added("Two.".to_owned()), Change::Reworded(reworded)];
    let quote = talks().quotes[0].clone();
    let later = Told {
        attributed: vec![Attributed { quote, before: None }],
        changes: Changes { changes, shared: 0.8125 },
        record: talks(),
    };
    let first = Told { record: bare(), changes: Changes { changes: Vec::new(), shared: 1.0 }, attributed: Vec::new() };
    let told = Story { articles: vec![first, later], asked: 1 };
    let mut out = Vec::new();
    story(&told, true, &mut out).unwrap();
    let rows = check(&String::from_utf8(out).unwrap(), &["told", "told", "summary"]);
    assert_eq!(rows[1]["reworded"], json!([{"before": "A hope said.", "text": "A hope told."}]));
    assert_eq!((&rows[1]["shared"], &rows[1]["asked"]), (&json!(0.813), &json!(true)));
    assert_eq!(rows[1]["attributed"][0]["before"], Value::Null);
}

#[test]
fn quotes_obey_the_contract() {
    let rows = check(&quotes_as(json_output(), Style::default()), &["quote_row", "quote_row", "summary"]);
    assert_eq!(rows[0]["text"], "We are close, very close.");
    assert_eq!(rows[0]["line"], 5);
    assert_eq!(rows[0]["speaker"]["resolved"], true);
    assert_eq!(rows[1]["speaker"], Value::Null);
}

#[test]
fn articles_of_an_index_obey_the_contract() {
    for record in [talks(), bare()] {
        let rows = check(&written(|out| shown(&record, out)), &["shown"]);
        assert_eq!(rows[0]["text"], record.text.as_str());
    }
}

#[test]
fn stats_obey_the_contract() {
    check(
        &written(|out| names(&[calder()], &NameList { total: 1, row: "speaker", ..NameList::EMPTY }, out)),
        &["identity", "summary"],
    );
    let fault = Fault { place: "a.term".to_owned(), detail: "it is missing".to_owned() };
    let damaged = Soundness { faults: vec![fault], leftovers: vec!["b.pos".to_owned()], ..Soundness::default() };
    check(&written(|out| super::check(&damaged, out)), &["check"]);
    check(&written(|out| stats(&Stats { articles: 3, quotes: [1, 2, 3], ..Stats::default() }, out)), &["stats"]);
}

#[test]
fn extract_writes_the_contract_to_the_letter() {
    let (article, quotes) = talks().into_article();
    let entity = Entity { span: span(&article.text, "hope"), kind: EntityKind::Misc, name: "Hope".to_owned() };
    let layers = Layers { quotes, entities: vec![entity], ..Layers::default() };
    let evidence = Evidence {
        rule: "what the rule looks at",
        tracing: Some(Tracing {
            rule: ("described-source", "what this one looks at"),
            confidence: 0.9,
            candidates: vec![("envoy".to_owned(), 1.25)],
            roles: vec![(Role::Official, Some(span(&article.text, "envoy"))), (Role::Unnamed, None)],
        }),
    };
    let line = written(|out| super::article(&article, &layers, std::slice::from_ref(&evidence), out));
    let because = &check(&line, &["article"])[0]["quotes"][0]["evidence"];
    assert_eq!(because["tracing"]["confidence"], 0.9);
    assert_eq!(because["tracing"]["roles"][0]["by"]["text"], "envoy");
    let line = written(|out| super::article(&article, &layers, &[], out));
    let rows = check(&line, &["article"]);
    let names = ["v", "type", "id", "path", "headline", "date", "lang", "quotes", "entities"];
    let mut at = 0;
    for name in names {
        let found =
            line[at..].find(&format!("\"{name}\":")).unwrap_or_else(|| panic!("`{name}` is out of order in {line}"));
        at += found;
    }
    assert_eq!(rows[0].as_object().unwrap().len(), names.len());
    let letters: Vec<char> = article.text.chars().collect();
    let slice = |value: &Value| -> String {
        let (start, end) = (value["start"].as_u64().unwrap() as usize, value["end"].as_u64().unwrap() as usize);
        letters[start..end].iter().collect()
    };
    assert_eq!(slice(&rows[0]["entities"][0]), "hope");
    assert_eq!(slice(&rows[0]["quotes"][0]["speaker"]), "the envoy");
    assert_eq!(slice(&rows[0]["quotes"][0]), "We are close,” the envoy said, “very close.");
    assert_eq!(rows[0]["quotes"][0]["spans"][0], json!([35, 48]));
}

#[test]
fn controls_are_escaped_and_come_back() {
    let text = "a\u{7f}b\u{9b}c\u{a0}é\u{1b}";
    let mut record = bare();
    record.text = text.to_owned();
    record.body = Span::new(0, text.len());
    record.quotes.clear();
    let line = written(|out| shown(&record, out));
    assert!(line.contains("a\\u007fb\\u009bc\u{a0}é\\u001b"), "{line}");
    assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["text"], text);
}
