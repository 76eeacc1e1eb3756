//! Names in sentences of our own: what the committed weights must not lose.

use crate::annotate::Annotator;
use crate::article::{Article, Span};

/// Checks the names in a text, each as `KIND words`.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let article = Article { text: text.to_owned(), body: Span::new(0, text.len()), ..Article::default() };
    let layers = Annotator::new().annotate(&article);
    let found: Vec<String> =
        layers.entities.iter().map(|entity| format!("{} {}", entity.kind.name(), entity.span.of(text))).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn people_bodies_and_places() {
    check(
        "Ines Calder flew from Oslo to Geneva, where she met officials of the World Health Organization.",
        &["PER Ines Calder", "LOC Oslo", "LOC Geneva", "ORG World Health Organization"],
    );
    check(
        "Prime Minister Tomas Vance told Reuters on Monday that Kenya had asked the United Nations for help.",
        &["PER Tomas Vance", "ORG Reuters", "LOC Kenya", "ORG United Nations"],
    );
}

#[test]
fn what_belongs_to_no_name_stays_outside() {
    check("Mr. Vance left Norway's capital on Tuesday.", &["PER Vance", "LOC Norway"]);
    check("A London-based company sued the Pentagon.", &["LOC London", "ORG Pentagon"]);
    check("The weather was fine. Nobody complained, and we went home.", &[]);
    check("Russian ships left the harbour.", &["MISC Russian"]);
}

#[test]
fn headlines_are_read_too() {
    check("INES CALDER VISITS BERLIN AS GERMANY VOTES", &["PER INES CALDER", "LOC BERLIN", "LOC GERMANY"]);
    check("Ines Calder Visits Berlin as Germany Votes", &["PER Ines Calder", "LOC Berlin", "LOC Germany"]);
}

#[test]
fn what_names_nobody_is_no_name() {
    check("Sen. Rhys Calder, R-Texas, spoke at 9 p.m. GMT on Monday.", &["PER Rhys Calder", "LOC Texas"]);
    check("The CEO of the PAC wants more TV time.", &[]);
    check("He told The Washington Post that he would fly to The Hague.", &["ORG Washington Post", "LOC The Hague"]);
}
