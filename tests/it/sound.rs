//! What must hold of every text, however odd; the fuzz targets in `fuzz/` call the same functions.

use jiff::civil::Date;
use onrecord::annotate::Annotator;
use onrecord::article::{Article, Span};
use onrecord::layers::{Layers, Quote, QuoteKind};
use onrecord::query;
use onrecord::schema::Field;
use onrecord::snippet::{self, Matcher, Reading};

/// Annotates a text as a body, then with its first line as a headline, and checks everything found.
pub fn annotation(text: &str) {
    let mut annotator = Annotator::new();
    let whole = Article { text: text.to_owned(), body: Span::new(0, text.len()), ..Article::default() };
    let (layers, evidence) = annotator.explain(&whole);
    check(text, &layers);
    assert_eq!(evidence.len(), layers.quotes.len());
    for (evidence, quote) in evidence.iter().zip(&layers.quotes) {
        assert!(!evidence.rule.is_empty(), "nothing says what {} looks at", quote.rule);
        assert_eq!(evidence.tracing.is_some(), quote.speaker.is_some(), "{quote:?} in {text:?}");
        let told = evidence.tracing.as_ref().is_none_or(|tracing| !tracing.rule.1.is_empty());
        assert!(told, "nothing says what {evidence:?} looks at");
    }
    let line = text.find('\n').unwrap_or(text.len());
    let headline = Some(Span::new(0, line)).filter(|line| !line.is_empty());
    let body = Span::new(line, text.len());
    check(text, &annotator.annotate(&Article { headline, body, ..whole.clone() }));
    assert_eq!(layers, annotator.annotate(&whole), "an article before changed what is found in {text:?}");
}

/// Reads a text as a query and checks the complaints, or what the query means and marks in that same text.
pub fn query(typed: &str) {
    let parsed = query::parse(typed);
    assert!(parsed.query.is_some() || !parsed.complaints.is_empty(), "{typed:?} is neither a query nor wrong");
    for complaint in &parsed.complaints {
        assert!(typed.get(complaint.span.clone()).is_some(), "{complaint:?} is nowhere in {typed:?}");
        assert!(!complaint.to_string().chars().any(|letter| letter.is_control() && letter != '\n'), "{complaint:?}");
    }
    let Some(query) = parsed.query.filter(|_| parsed.complaints.is_empty()) else { return };
    let Ok(plan) = query::resolve(&query, Date::constant(2024, 9, 19)) else { return };
    assert!(query::describe(&plan).iter().all(|(words, _)| !words.is_empty()), "{typed:?} has a part without words");
    let matcher = Matcher::new(&plan);
    let body = Span::new(0, typed.len());
    let reading =
        Reading { text: typed, parts: vec![(Field::Body, body)], sentences: vec![body], ..Reading::default() };
    let found = matcher.find(&reading);
    let excerpts = snippet::excerpts(&matcher, typed, &[body], &found, 3, 40);
    for excerpt in excerpts.iter().chain(&snippet::context(typed, &[body], &found)) {
        assert!(typed.get(excerpt.span.range()).is_some(), "{excerpt:?} is no stretch of {typed:?}");
        excerpt.marks.iter().for_each(|mark| inside(typed, *mark, "mark"));
    }
}

/// Checks that a query prints as one that means the same.
pub fn query_prints(typed: &str) {
    let parsed = query::parse(typed);
    let Some(query) = parsed.query.filter(|_| parsed.complaints.is_empty()) else { return };
    let printed = query.to_string();
    let again = query::parse(&printed);
    assert_eq!(again.query.map(|query| query.to_string()), Some(printed.clone()), "{typed:?} prints as {printed:?}");
}

fn check(text: &str, layers: &Layers) {
    in_order(text, &layers.paragraphs, "paragraphs");
    in_order(text, &layers.sentences, "sentences");
    let entities: Vec<Span> = layers.entities.iter().map(|entity| entity.span).collect();
    in_order(text, &entities, "entities");
    let starts: Vec<(u32, u32)> = layers.quotes.iter().map(|quote| (quote.span().start, quote.span().end)).collect();
    assert!(starts.is_sorted(), "quotes out of order {starts:?} in {text:?}");
    let direct = layers.quotes.iter().filter(|quote| quote.kind == QuoteKind::Direct);
    in_order(text, &direct.flat_map(|quote| quote.spans.clone()).collect::<Vec<_>>(), "direct quotes");
    layers.quotes.iter().for_each(|quote| check_quote(text, layers, quote));
}

fn check_quote(text: &str, layers: &Layers, quote: &Quote) {
    in_order(text, &quote.spans, "pieces of a quote");
    assert!(!quote.spans.is_empty(), "a quote of nothing in {text:?}");
    assert!(!quote.rule.is_empty(), "a quote without a rule in {text:?}");
    let paragraph = layers.paragraphs.get(quote.paragraph as usize);
    assert!(paragraph.is_some_and(|paragraph| paragraph.contains(quote.spans[0])), "{quote:?} not there in {text:?}");
    quote.cue.iter().for_each(|cue| inside(text, *cue, "cue"));
    if let Some(speaker) = &quote.speaker {
        inside(text, speaker.span, "speaker");
        speaker.printed.iter().flatten().for_each(|span| inside(text, *span, "printed name"));
        assert!(!speaker.name.is_empty(), "{speaker:?} without a name in {text:?}");
    }
}

/// Checks that spans lie inside the text, one after the other.
fn in_order(text: &str, spans: &[Span], what: &str) {
    spans.iter().for_each(|span| inside(text, *span, what));
    let overlap = spans.windows(2).find(|pair| pair[0].end > pair[1].start);
    assert!(overlap.is_none(), "{what} {overlap:?} overlap in {text:?}");
}

/// Checks that a span covers something of the text, whole characters only.
fn inside(text: &str, span: Span, what: &str) {
    let words = text.get(span.range());
    assert!(words.is_some_and(|words| !words.is_empty()), "{what} {span:?} is no stretch of {text:?}");
}
