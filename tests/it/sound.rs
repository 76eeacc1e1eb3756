//! What must hold of every text, however odd; the fuzz targets in `fuzz/` call the same functions.

use onrecord::annotate::Annotator;
use onrecord::article::{Article, Span};
use onrecord::layers::{Layers, Quote, QuoteKind};

/// Annotates a text as a body, then with its first line as a headline, and checks everything found.
pub fn annotation(text: &str) {
    let mut annotator = Annotator::new();
    let whole = Article { text: text.to_owned(), body: Span::new(0, text.len()), ..Article::default() };
    let layers = annotator.annotate(&whole);
    check(text, &layers);
    let line = text.find('\n').unwrap_or(text.len());
    let headline = Some(Span::new(0, line)).filter(|line| !line.is_empty());
    let body = Span::new(line, text.len());
    check(text, &annotator.annotate(&Article { headline, body, ..whole.clone() }));
    assert_eq!(layers, annotator.annotate(&whole), "an article before changed what is found in {text:?}");
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
