//! Whole articles through the annotator: sentences of our own, invented people.

use proptest::prelude::*;

use super::*;
use crate::layers::{QuoteKind, Role};

fn annotate(text: &str) -> Layers {
    let body = Span::new(0, text.len());
    Annotator::new().annotate(&Article { text: text.to_owned(), body, ..Article::default() })
}

/// Checks the direct quotes of a text: what was said and by whom, as resolved.
#[track_caller]
fn check(text: &str, expected: &[(&str, &str)]) {
    let layers = annotate(text);
    let found: Vec<(String, String)> = layers
        .quotes
        .iter()
        .filter(|quote| quote.kind == QuoteKind::Direct)
        .map(|quote| {
            let words: Vec<&str> = quote.spans.iter().map(|span| span.of(text)).collect();
            (words.join(" … "), quote.speaker.as_ref().map_or("nobody".to_owned(), |speaker| speaker.name.clone()))
        })
        .collect();
    let expected: Vec<(String, String)> =
        expected.iter().map(|(words, name)| ((*words).to_owned(), (*name).to_owned())).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn cues_before_behind_and_between() {
    check("\"We will not move,\" said Ines Calder.", &[("We will not move,", "Ines Calder")]);
    check("\"We will not move,\" Ines Calder said.", &[("We will not move,", "Ines Calder")]);
    check("Ines Calder said: \"We will not move.\"", &[("We will not move.", "Ines Calder")]);
    check("\"We will not,\" Ines Calder said. \"Not today.\"", &[("We will not, … Not today.", "Ines Calder")]);
    check("“It is late,” said Hugh Hillman, a doctor, on Monday.", &[("It is late,", "Hugh Hillman")]);
    check("Hugh Hillman, a doctor, said, \"It is late.\"", &[("It is late.", "Hugh Hillman")]);
    check("''It is late,'' Mr. Hillman told reporters.", &[("It is late,", "Hillman")]);
}

#[test]
fn cues_of_every_position() {
    check("\"It is a gamble,\" scoffed Ines Calder, 22, of the club.", &[("It is a gamble,", "Ines Calder")]);
    check("\"It is a gamble,\" Ines Calder fumed on Monday.", &[("It is a gamble,", "Ines Calder")]);
    check("\"They said, 'We can win,'\" said Omar Vance.", &[("They said, 'We can win,'", "Omar Vance")]);
    check("\"It is late,\" Sen. Omar Vance (D-N.Y.) said Tuesday.", &[("It is late,", "Omar Vance")]);
    check(
        "\"We found a way from the farm to the town\" said lead author Omar Vance.",
        &[("We found a way from the farm to the town", "Omar Vance")],
    );
    check("According to Omar Vance, \"the port will close.\"", &[("the port will close.", "Omar Vance")]);
    check("Omar Vance rejected the plan, saying: \"It is too late.\"", &[("It is too late.", "Omar Vance")]);
    check("Omar Vance smiled, turned away and said, \"It is late.\"", &[("It is late.", "Omar Vance")]);
    check("In other words, explained Ines Calder: \"It is too late.\"", &[("It is too late.", "Ines Calder")]);
    check("As Omar Vance spoke, Ines Calder shot back: \"It is too late.\"", &[("It is too late.", "Ines Calder")]);
    check("Vance was asked, \"Why did you leave the city?\"", &[("Why did you leave the city?", "nobody")]);
    check(
        "\"Why did it close?\" He answered, \"It is late.\"",
        &[("Why did it close?", "nobody"), ("It is late.", "He")],
    );
}

#[test]
fn a_line_may_end_inside_according_to() {
    // Hard line ends: the annotator reads two paragraphs. It overflowed once.
    check("Very little of the field has been planted, according\nto sources in the harbour.", &[]);
    check("The plan – : \"It is too late now.\"", &[("It is too late now.", "nobody")]);
}

#[test]
fn speakers_around_a_quote() {
    check("Omar Vance released a statement:\n\"The port is closed.\"", &[("The port is closed.", "Omar Vance")]);
    check(
        "\"It is late,\" said Omar Vance. Ines Calder disagreed. \"It is early enough for us,\" said Ines Calder.",
        &[("It is late,", "Omar Vance"), ("It is early enough for us,", "Ines Calder")],
    );
    check(
        "\"It is late.\n\"It is too late,\" said Omar Vance.",
        &[("It is late.", "Omar Vance"), ("It is too late,", "Omar Vance")],
    );
}

#[test]
fn pronouns_and_short_forms() {
    let text = "Mayor Ines Calder spoke on Monday. \"We will not move,\" she said.\n\"Not today,\" Calder added.";
    check(text, &[("We will not move,", "Ines Calder"), ("Not today,", "Ines Calder")]);
}

#[test]
fn an_unnamed_source_keeps_its_identity() {
    let text = "A senior harbour official said the port would close. \"It closes on Monday,\" the official said.\n\
                \"Nobody is to blame,\" the official added.";
    let name = "senior harbour official";
    check(text, &[("It closes on Monday,", name), ("Nobody is to blame,", name)]);
    let layers = annotate(text);
    for quote in &layers.quotes {
        let speaker = quote.speaker.as_ref().expect("a speaker");
        assert!(speaker.roles.contains(Role::Official) && speaker.roles.contains(Role::Unnamed), "{speaker:?}");
    }
}

#[test]
fn nobody_is_guessed() {
    let far = "The boat left the quay on Monday.\n".repeat(30);
    for (text, name, rule) in [
        ("\"It is late,\" he said.".to_owned(), "he", "unresolved"),
        (format!("Omar Vance came.\n{far}\"It is late,\" he said."), "he", "unresolved"),
        ("Omar Vance came. \"It is late,\" he said.".to_owned(), "Omar Vance", "pronoun"),
        ("A spokesman for the club said it was late. \"Too late,\" he said.".to_owned(), "spokesman", "pronoun-source"),
    ] {
        let body = Span::new(0, text.len());
        let article = Article { text: text.clone(), body, ..Article::default() };
        let (layers, evidence) = Annotator::new().explain(&article);
        let (quote, because) = (layers.quotes.last().expect("a quote"), evidence.last().expect("its evidence"));
        let speaker = quote.speaker.as_ref().expect("a speaker");
        let tracing = because.tracing.as_ref().expect("how it was traced");
        assert_eq!((speaker.name.as_str(), tracing.rule.0), (name, rule), "{text}");
        assert_eq!(speaker.resolved, tracing.confidence >= 0.5, "{tracing:?}");
        assert_eq!(speaker.resolved, rule != "unresolved", "{text}");
    }
}

#[test]
fn names_behind_their_titles_and_in_transcripts() {
    let who = "Omar Vance";
    check("The clerk, Omar Vance, said: \"It is late.\"", &[("It is late.", who)]);
    check("\"It is late,\" said the club's chief clerk, Omar Vance.", &[("It is late,", who)]);
    check(
        "Omar Vance is the clerk. He came.\nVANCE: It is late.\nCALDER: So it is.",
        &[("It is late.", who), ("So it is.", "CALDER")],
    );
    check("Omar Vance, a spokesman for the club, came. \"It is late,\" the spokesman said.", &[("It is late,", who)]);
    check("\"It is late,\" Vance said, according to the club report.", &[("It is late,", "club report")]);
}

#[test]
fn roles_come_from_everything_an_article_calls_somebody() {
    let quote = "\n\"It is a good plan for the town,\" Calder said.";
    for (about, expected) in [
        ("Mayor Ines Calder came.", "official politician"),
        ("Ines Calder, the mayor of Sund, came.", "official politician"),
        ("Ines Calder, who is the mayor of Sund, came.", "official politician"),
        ("The union and the mayor of Sund, Ines Calder, came.", "official politician"),
        (
            "Ines Calder came. \"Ask Mayor Calder about the bridge,\" Omar Vance wrote to the club.",
            "official politician",
        ),
        ("Agriculture Secretary Ines Calder, a former mayor, came.", "official politician former"),
        ("Ines Calder, a former mayor, came.", "politician former"),
        ("Ines Calder, president of the Police Officers' Association, came.", "politician law-enforcement"),
    ] {
        let text = format!("{about}{quote}");
        let layers = annotate(&text);
        let speaker = layers.quotes.last().and_then(|quote| quote.speaker.clone()).expect("a speaker");
        assert_eq!(speaker.name, "Ines Calder", "{about}");
        let roles: Vec<&str> = speaker.roles.iter().map(Role::name).collect();
        assert_eq!(roles.join(" "), expected, "{about}");
    }
}

#[test]
fn what_is_no_quotation() {
    check("The so-called \"deal\" pleased nobody.", &[]);
    check("They watched \"The Long Winter\" in the hall.", &[]);
    check("He stood 6'2\" tall and wore a 10\" hat.", &[]);
}

#[test]
fn sentences_end_where_they_end() {
    let text = "Sen. J. Calder met U.S. officials. \"Why?\" he asked. It cost 3.5 million. The U.N. The end";
    let found: Vec<&str> = sentences(text, Span::new(0, text.len())).into_iter().map(|span| span.of(text)).collect();
    assert_eq!(
        found,
        ["Sen. J. Calder met U.S. officials.", "\"Why?\" he asked.", "It cost 3.5 million.", "The U.N.", "The end"]
    );
}

proptest! {
    #[test]
    fn any_text_is_annotated(text in "(\\PC|[\"'“”‘’«».,:?! \n]| – |said|Ines Calder|the official|according to|\\(D\\)|it ){0,60}") {
        let layers = annotate(&text);
        for span in layers.sentences.iter().chain(&layers.paragraphs) {
            prop_assert!(text.get(span.range()).is_some());
        }
        for quote in &layers.quotes {
            for span in quote.spans.iter().chain(&quote.cue).chain(quote.speaker.as_ref().map(|speaker| &speaker.span)) {
                prop_assert!(text.get(span.range()).is_some());
            }
        }
        for entity in &layers.entities {
            prop_assert!(text.get(entity.span.range()).is_some());
        }
    }
}
