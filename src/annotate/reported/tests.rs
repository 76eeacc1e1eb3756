//! Reports: sentences of our own, invented people.

use proptest::prelude::*;

use crate::annotate::Annotator;
use crate::annotate::lexicon::rows;
use crate::article::{Article, Span};
use crate::layers::QuoteKind;

/// Checks the mixed and indirect quotes of a text: what was said and by whom, as printed.
#[track_caller]
fn check(text: &str, expected: &[(&str, &str)]) {
    let article = Article { text: text.to_owned(), body: Span::new(0, text.len()), ..Article::default() };
    let layers = Annotator::new().annotate(&article);
    let found: Vec<(String, &str)> = layers
        .quotes
        .iter()
        .filter(|quote| quote.kind != QuoteKind::Direct)
        .map(|quote| {
            let words: Vec<&str> = quote.spans.iter().map(|span| span.of(text)).collect();
            (words.join(" … "), quote.speaker.as_ref().map_or("nobody", |speaker| speaker.span.of(text)))
        })
        .collect();
    let expected: Vec<(String, &str)> = expected.iter().map(|(words, who)| ((*words).to_owned(), *who)).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn a_clause_behind_the_cue() {
    check("Calder said that the port would close.", &[("that the port would close", "Calder")]);
    check("Calder said the port would close.", &[("the port would close", "Calder")]);
    check("Calder has repeatedly warned the port is unsafe.", &[("the port is unsafe", "Calder")]);
    check("The ministry said on Monday in a statement that it was late.", &[("that it was late", "The ministry")]);
    check("Calder told reporters in Arden that it was over.", &[("that it was over", "Calder")]);
    check("Calder told Hillman and his aides she would leave.", &[("she would leave", "Calder")]);
    check("Calder asked whether the port was safe.", &[("whether the port was safe", "Calder")]);
    check("Calder, who runs the port, said it was safe.", &[("it was safe", "Calder")]);
}

#[test]
fn an_infinitive_an_object_or_a_preposition_behind_the_cue() {
    check("Calder vowed to close the port.", &[("to close the port", "Calder")]);
    check("Calder promised not to close the port.", &[("not to close the port", "Calder")]);
    check("Calder urged the crews to stay at home.", &[("the crews to stay at home", "Calder")]);
    check("Calder denied the claim on Monday.", &[("the claim", "Calder")]);
    check("The mayor accused Calder of hiding the report.", &[("Calder of hiding the report", "The mayor")]);
    check("Calder called for an inquiry.", &[("an inquiry", "Calder")]);
    check("Calder went on to call for an inquiry.", &[("an inquiry", "Calder")]);
    check("Calder wants to call for an inquiry.", &[]);
    check("Calder warned against a second closure.", &[("a second closure", "Calder")]);
}

#[test]
fn what_stands_before_the_cue_or_around_it() {
    check("The port would close on Monday, Calder said.", &[("The port would close on Monday", "Calder")]);
    check("The port would close, said Ines Calder, a pilot.", &[("The port would close", "Ines Calder")]);
    check("The port would close, say some pilots, who hate it.", &[("The port would close", "some pilots")]);
    check("The port, Calder said, would close.", &[("The port … would close", "Calder")]);
    check("As Calder noted, the port was never safe.", &[("the port was never safe", "Calder")]);
}

#[test]
fn according_to() {
    let report = "the port is closed";
    check("According to the ministry, the port is closed.", &[(report, "the ministry")]);
    check(
        "It rained, and the port is closed, according to Ines Calder.",
        &[("It rained, and the port is closed", "Ines Calder")],
    );
}

#[test]
fn several_reports_in_one_sentence() {
    check(
        "Calder said the port was safe, adding that the crews were well.",
        &[("the port was safe", "Calder"), ("that the crews were well", "Calder")],
    );
    check(
        "Calder said the port was safe, but Hillman said it was not.",
        &[("the port was safe", "Calder"), ("it was not", "Hillman")],
    );
    check("Calder said it was safe and denied the claim.", &[("it was safe", "Calder"), ("the claim", "Calder")]);
    check("While Calder said it was safe, the crews stayed away.", &[("it was safe", "Calder")]);
}

#[test]
fn quoted_words_inside_a_report() {
    check("Calder called it \"a small object\" and left.", &[("it \"a small object\"", "Calder")]);
    check(
        "Calder said the port was \"a wreck\" that nobody wanted.",
        &[("the port was \"a wreck\" that nobody wanted", "Calder")],
    );
    check("The plan is \"a wreck,\" Calder said.", &[("The plan is \"a wreck,\"", "Calder")]);
    let plan = "The plan, with its costs, \"is still a wreck,\"";
    check(&format!("{plan} Calder said."), &[(plan, "Calder")]);
    check(&format!("{plan} said Ines Calder, a pilot in Arden."), &[(plan, "Ines Calder")]);
    check(&format!("{plan} according to Calder."), &[(plan, "Calder")]);
    check("Calder said, \"The port is a wreck and nobody wants it.\"", &[]);
    check("\"The port is a wreck,\" said Calder, adding that it would close.", &[("that it would close", "Calder")]);
}

#[test]
fn nouns_and_passives() {
    check("The crews heard Calder's claim that the port was safe.", &[("that the port was safe", "Calder")]);
    check("The crews know her promise to close the port.", &[("to close the port", "her")]);
    check("Calder was asked about the fire.", &[("the fire", "nobody")]);
    check("Asked whether the port was safe, Calder left the hall.", &[("whether the port was safe", "nobody")]);
    check("Calder was accused by Hillman of hiding the report.", &[("hiding the report", "Hillman")]);
}

#[test]
fn subjects_that_stand_away_from_the_cue() {
    check("Calder on Friday said it was late.", &[("it was late", "Calder")]);
    check("Ines Calder (Arden) said it was late.", &[("it was late", "Ines Calder")]);
    check("Calder - a pilot who saw it - said it was late.", &[("it was late", "Calder")]);
    check("While he's said it was late, the crews stayed.", &[("it was late", "he")]);
    check("The crews and Calder both said it was late.", &[("it was late", "The crews and Calder")]);
    check("Calder answered by saying it was late.", &[("it was late", "Calder")]);
}

#[test]
fn subjects_with_clauses_of_their_own() {
    check("Calder, who saw the fire, said it was late.", &[("it was late", "Calder")]);
    check("Calder, at a rally in Marrow, Arden, said it was late.", &[("it was late", "Calder")]);
    check("Those who saw Hillman said it was late.", &[("it was late", "Those")]);
    check("Crews who drilled into the bed of the lake said it was late.", &[("it was late", "Crews")]);
    check("Calder, who saw the fire, left the hall, saying it was late.", &[("it was late", "Calder")]);
    check("The port was shut, with Calder saying that it was late.", &[("that it was late", "Calder")]);
}

#[test]
fn a_whole_sentence_with_other_cues_in_it() {
    check("The crews would deny the claim, Calder said.", &[("The crews would deny the claim", "Calder")]);
    check("Calder said it was late, according to a clerk.", &[("Calder said it was late", "a clerk")]);
}

#[test]
fn headlines() {
    let text = "Calder: The Port Was Never Safe\n\nThe port is shut. It is what Ines Calder asked for in June.";
    let headline = Some(Span::new(0, 31));
    let body = Span::new(33, text.len());
    let layers = Annotator::new().annotate(&Article { text: text.to_owned(), headline, body, ..Article::default() });
    let quote = &layers.quotes[0];
    assert_eq!((quote.span().of(text), &*quote.rule), ("The Port Was Never Safe", "reported-label"));
}

/// A sentence that never ends is read in proportion to its length.
#[test]
fn a_sentence_without_end() {
    let text = "Calder told the crews, who said that a company called it late and ".repeat(4000);
    let start = std::time::Instant::now();
    let body = Span::new(0, text.len());
    Annotator::new().annotate(&Article { text, body, ..Article::default() });
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}

#[test]
fn what_reports_nothing() {
    check("A boat called Alder sank.", &[]);
    check("A clerk, who asked not to be named, left.", &[]);
    check("The port is empty, as far as they can tell, and has been for years.", &[]);
    check("Divers found it upright in the mud.", &[]);
    check("Hillman met Calder, who added to the debt.", &[]);
    check("They won in the mock debates.", &[]);
    check("The report states of the union were many.", &[]);
    check("Calder spoke in the hall.", &[]);
    check("The port's claims office is closed.", &[]);
    check("He won a hundred pledged votes.", &[]);
}

/// Every row of `cues.txt`: a kind, five forms of one verb, known marks, and no verb twice.
#[test]
fn the_list_of_cues() {
    const MARKS: [&str; 6] = ["noun", "to", "person", "preposition", "onto", "clause"];
    let mut seen = std::collections::BTreeSet::new();
    for row in rows(include_str!("../words/cues.txt")) {
        let fields: Vec<&str> = row.split_whitespace().collect();
        assert!(fields.len() >= 6, "{row}");
        assert!(matches!(fields[0], "say" | "speech" | "both" | "object" | "mental"), "{row}");
        assert!(fields[1..6].iter().all(|form| form.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')));
        assert!(fields[5].ends_with("ing") && fields[2].ends_with('s'), "{row}");
        assert!(fields[6..].iter().all(|mark| MARKS.contains(mark)), "{row}");
        assert!(seen.insert(fields[1]), "twice: {row}");
    }
    assert!(seen.len() > 380, "only {} verbs", seen.len());
}

#[test]
fn pieces_of_a_report_do_not_overlap() {
    // The property below found it.
    let text = ". . . . . . . . . 'the . . . the - noted , be , reports he's 'told . ";
    let body = Span::new(0, text.len());
    let layers = Annotator::new().annotate(&Article { text: text.to_owned(), body, ..Article::default() });
    assert!(!layers.quotes.is_empty());
    for quote in &layers.quotes {
        assert!(quote.spans.windows(2).all(|pair| pair[0].end <= pair[1].start), "{quote:?}");
    }
}

proptest! {
    #[test]
    fn any_words_are_read(text in "(\\. |, |: |; |- |\"|'|'s |that |to |be |named |according |by |was |asked |said |told |the |claim |calls |for |which |who |and |adding |as |Monday |this |week |with |Calder |not |out |about |whether |reports |saying |Asked |he's |noted |Calder|that|\\n){1,40}") {
        let half = text.len() / 2;
        let headline = Some(Span::new(0, half)).filter(|half| half.end > 0 && text.is_char_boundary(half.end as usize));
        for headline in [None, headline] {
            let body = Span::new(headline.map_or(0, |headline| headline.end as usize), text.len());
            let layers =
                Annotator::new().annotate(&Article { text: text.clone(), headline, body, ..Article::default() });
            for quote in &layers.quotes {
                prop_assert!(quote.spans.windows(2).all(|pair| pair[0].end <= pair[1].start));
                let sound = |span: &Span| span.start < span.end && text.get(span.range()).is_some();
                prop_assert!(quote.spans.iter().all(sound));
            }
        }
    }
}

/// Every row of `speech_nouns.txt`: a noun, then what opens what is said behind it; in order, and no noun twice.
#[test]
fn the_list_of_nouns() {
    let nouns: Vec<Vec<&str>> =
        rows(include_str!("../words/speech_nouns.txt")).map(|row| row.split(' ').collect()).collect();
    for row in &nouns {
        assert!(row[0].bytes().all(|byte| byte.is_ascii_lowercase()), "{row:?}");
        assert!(
            row[1..].iter().all(|word| matches!(*word, "of" | "to" | "for" | "on" | "about" | "against")),
            "{row:?}"
        );
    }
    assert!(nouns.windows(2).all(|pair| pair[0][0] < pair[1][0]), "order");
    assert!(nouns.len() > 50, "only {} nouns", nouns.len());
}
