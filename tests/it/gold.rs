//! How well quotes are found and attributed, as numbers in a file: articles of our own in `tests/gold`, labelled by hand.
//!
//! A file is an article, a line `=== quotes`, and two lines for each quote: its kind and its words, pieces parted by
//! `|`; then who said it as printed, the name, and the roles, with alternatives behind `/`. Everything is given as text
//! and looked up, so that a label cannot point elsewhere than it reads. `tests/gold/figures.txt` holds the counts and
//! every difference; `ONRECORD_BLESS=1` writes it. The labels say what is true, not what is found today.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use onrecord::annotate::Annotator;
use onrecord::article::{Article, Span};
use onrecord::layers::{Layers, Quote, QuoteKind, Role, Speaker};
use onrecord::read::{self, Source};

#[test]
fn quotes_score_what_the_file_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gold");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("the articles")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".txt") && name != "figures.txt")
        .collect();
    names.sort();
    assert!(names.len() >= 40, "only {} articles", names.len());
    let mut figures = Figures::default();
    for name in &names {
        let file = fs::read_to_string(folder.join(name)).expect("an article");
        let (text, labels) = file.split_once("=== quotes\n").unwrap_or_else(|| panic!("{name} has no `=== quotes`"));
        let article = article(text);
        let gold = Gold::all(name, text, labels);
        let layers = Annotator::new().annotate(&article);
        figures.add(name.trim_end_matches(".txt"), text, &gold, &layers);
    }
    let written = figures.written(names.len());
    let path = folder.join("figures.txt");
    if std::env::var_os("ONRECORD_BLESS").is_some() {
        fs::write(&path, written).expect("the figures to write");
    } else {
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert!(written == expected, "quotes have changed; ONRECORD_BLESS=1 writes this:\n{written}");
    }
}

fn article(text: &str) -> Article {
    let mut found = None;
    let source = Source::new("gold.txt", "gold", text.len());
    read::read(&mut text.as_bytes(), source, &mut |article| found = article.ok()).expect("no disk");
    let article = found.expect("an article");
    assert_eq!(article.text, text, "the reader changed the text");
    article
}

/// A quote as labelled.
struct Gold {
    kind: QuoteKind,
    spans: Vec<Span>,
    /// Who said it, one of these; nobody where there is none.
    speakers: Vec<Who>,
}

/// A speaker as labelled.
#[derive(Clone)]
struct Who {
    mention: Span,
    /// Nothing where the article does not tell who that is.
    name: Option<String>,
    roles: BTreeSet<String>,
}

impl Gold {
    fn all(file: &str, text: &str, labels: &str) -> Vec<Gold> {
        let lines: Vec<&str> = labels.lines().filter(|line| !line.trim().is_empty()).collect();
        let mut from = 0;
        let mut gold = Vec::new();
        for pair in lines.chunks(2) {
            let [what, who] = pair else { panic!("{file}: {pair:?} is no pair of lines") };
            let (kind, words) = what.split_once(": ").unwrap_or_else(|| panic!("{file}: {what:?} names no kind"));
            let kind = QuoteKind::ALL.into_iter().find(|known| known.name() == kind);
            let kind = kind.unwrap_or_else(|| panic!("{file}: {what:?} names no kind"));
            let mut at = from;
            let spans: Vec<Span> = words
                .split(" | ")
                .map(|piece| {
                    let found = text[at..].find(piece);
                    let start = at + found.unwrap_or_else(|| panic!("{file}: {piece:?} is not there or out of order"));
                    at = start + piece.len();
                    trimmed(text, Span::new(start, at))
                })
                .collect();
            from = spans[0].start as usize + 1;
            let speakers = speakers(file, text, who.trim(), spans[0]);
            gold.push(Gold { kind, spans, speakers });
        }
        gold
    }
}

/// Reads `mention = name (roles) / name (roles) / mention = name (roles)`.
fn speakers(file: &str, text: &str, line: &str, quote: Span) -> Vec<Who> {
    let mut mention = None;
    if line == "nobody" {
        return Vec::new();
    }
    let parts = line.split(" / ").map(|part| {
        let rest = match part.split_once(" = ") {
            Some((words, rest)) => {
                mention = Some(mention_of(file, text, words, quote));
                rest
            }
            None => part,
        };
        let (name, roles) = rest.split_once(" (").unwrap_or_else(|| panic!("{file}: {part:?} has no roles"));
        let roles = roles.trim_end_matches(')').split(", ").filter(|role| !role.is_empty());
        let roles: BTreeSet<String> = roles.map(str::to_owned).collect();
        let unknown = roles.iter().find(|role| Role::from_name(role).is_none());
        assert!(unknown.is_none(), "{file}: {unknown:?} is no role");
        let mention = mention.unwrap_or_else(|| panic!("{file}: {line:?} has no mention"));
        Who { mention, name: Some(name.to_owned()).filter(|name| name != "?"), roles }
    });
    parts.collect()
}

/// Returns where a mention stands: its `#n`th place, or else the one nearest to the quote.
fn mention_of(file: &str, text: &str, words: &str, quote: Span) -> Span {
    let (words, number) = match words.split_once('#') {
        Some((words, number)) => (words, Some(number.parse::<usize>().expect("a number"))),
        None => (words, None),
    };
    let letter = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    let places: Vec<Span> = text
        .match_indices(words)
        .map(|(at, words)| Span::new(at, at + words.len()))
        .filter(|span| {
            let (before, behind) = (&text[..span.start as usize], &text[span.end as usize..]);
            !letter(before.chars().next_back()) && !letter(behind.chars().next()) && !span.overlaps(quote)
        })
        .collect();
    let distance =
        |span: &Span| if span.end <= quote.start { quote.start - span.end } else { span.start.abs_diff(quote.end) };
    let place = match number {
        Some(number) => places.get(number - 1).copied(),
        None => places.into_iter().min_by_key(distance),
    };
    place.unwrap_or_else(|| panic!("{file}: {words:?} is not there"))
}

/// Returns a span without marks, signs and white space at its edges.
fn trimmed(text: &str, span: Span) -> Span {
    let words = span.of(text);
    let start = words.find(char::is_alphanumeric).unwrap_or(0);
    let end = words
        .rfind(char::is_alphanumeric)
        .map_or(words.len(), |at| at + words[at..].chars().next().map_or(0, char::len_utf8));
    Span::new(span.start as usize + start, span.start as usize + end.max(start))
}

/// What is compared: a piece of a direct quote, or a whole report.
struct Unit<T> {
    kind: QuoteKind,
    spans: Vec<Span>,
    of: T,
}

fn units<T: Copy>(kind: QuoteKind, spans: &[Span], of: T) -> Vec<Unit<T>> {
    match kind {
        QuoteKind::Direct => spans.iter().map(|span| Unit { kind, spans: vec![*span], of }).collect(),
        _ => vec![Unit { kind, spans: spans.to_vec(), of }],
    }
}

#[derive(Clone, Copy, Default)]
struct Count {
    gold: usize,
    found: usize,
    right: usize,
}

#[derive(Default)]
struct Figures {
    kinds: [Count; 3],
    /// Of the quotes found: how many have the right mention, name and roles.
    matched: [usize; 3],
    mentions: [usize; 3],
    names: [usize; 3],
    unattributed: usize,
    roles: BTreeMap<String, Count>,
    wrong: String,
}

impl Figures {
    fn add(&mut self, file: &str, text: &str, gold: &[Gold], layers: &Layers) {
        let gold: Vec<Unit<&Gold>> = gold.iter().flat_map(|gold| units(gold.kind, &gold.spans, gold)).collect();
        let found = layers.quotes.iter().flat_map(|quote| {
            let spans: Vec<Span> = quote.spans.iter().map(|span| trimmed(text, *span)).collect();
            units(quote.kind, &spans, quote)
        });
        let found: Vec<Unit<&Quote>> = found.collect();
        for unit in &gold {
            self.kinds[unit.kind as usize].gold += 1;
            let same = found.iter().find(|found| found.kind == unit.kind && found.spans == unit.spans);
            match same {
                Some(same) => self.compare(file, text, unit, same.of),
                None => self.note(file, text, &format!("missed {}", unit.kind.name()), &unit.spans, ""),
            }
        }
        for unit in &found {
            self.kinds[unit.kind as usize].found += 1;
            if !gold.iter().any(|gold| gold.kind == unit.kind && gold.spans == unit.spans) {
                self.note(file, text, &format!("found {}", unit.kind.name()), &unit.spans, &unit.of.rule);
            }
        }
    }

    /// Compares who said a quote that was found.
    fn compare(&mut self, file: &str, text: &str, gold: &Unit<&Gold>, found: &Quote) {
        let kind = gold.kind as usize;
        self.kinds[kind].right += 1;
        self.matched[kind] += 1;
        let whos = &gold.of.speakers;
        let Some(speaker) = &found.speaker else {
            let unknown = whos.is_empty() || whos.iter().any(|who| who.name.is_none());
            self.unattributed += 1;
            self.mentions[kind] += usize::from(unknown);
            self.names[kind] += usize::from(unknown);
            if !unknown {
                self.note(file, text, "no speaker", &gold.spans, &found.rule);
            }
            return;
        };
        let mention = whos.iter().any(|who| who.mention.overlaps(speaker.span));
        let name = whos.iter().any(|who| names(who, speaker));
        self.mentions[kind] += usize::from(mention);
        self.names[kind] += usize::from(name);
        if !mention {
            let printed = speaker.span.of(text);
            let rest = format!("“{printed}” ({})", found.rule);
            self.note(file, text, "wrong mention", &gold.spans, &rest);
        }
        if !name {
            let says = if speaker.resolved { "" } else { ", not identified" };
            self.note(file, text, "wrong name", &gold.spans, &format!("{}{says} ({})", speaker.name, found.rule));
        }
        self.compare_roles(file, text, gold, speaker);
    }

    fn compare_roles(&mut self, file: &str, text: &str, gold: &Unit<&Gold>, speaker: &Speaker) {
        let found: BTreeSet<String> = speaker.roles.iter().map(|role| role.name().to_owned()).collect();
        let nearest = gold.of.speakers.iter().min_by_key(|who| who.roles.symmetric_difference(&found).count());
        let Some(who) = nearest else { return };
        for role in who.roles.union(&found) {
            let count = self.roles.entry(role.clone()).or_default();
            count.gold += usize::from(who.roles.contains(role));
            count.found += usize::from(found.contains(role));
            count.right += usize::from(who.roles.contains(role) && found.contains(role));
        }
        if who.roles != found {
            let list = |roles: &BTreeSet<String>| roles.iter().cloned().collect::<Vec<_>>().join(" ");
            let rest = format!("[{}] not [{}]", list(&found), list(&who.roles));
            self.note(file, text, "wrong roles", &gold.spans, &rest);
        }
    }

    fn note(&mut self, file: &str, text: &str, what: &str, spans: &[Span], rest: &str) {
        let words: Vec<&str> = spans.iter().map(|span| span.of(text)).collect();
        let words: String = words.join(" | ").chars().take(60).collect();
        writeln!(self.wrong, "{file}: {what}: {words} -> {rest}").expect("memory");
    }

    fn written(&self, articles: usize) -> String {
        let mut out = format!("# Written by tests/it/gold.rs: {articles} articles.\n\n");
        let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
        let mut line = |words: String| writeln!(out, "{}", words.trim_end()).expect("memory");
        line("quotes, exact        gold  found  right  precision  recall".to_owned());
        for kind in QuoteKind::ALL {
            let Count { gold, found, right } = self.kinds[kind as usize];
            let (precision, recall) = (share(right, found), share(right, gold));
            line(format!("{:18} {gold:6} {found:6} {right:6} {precision:10.1} {recall:7.1}", kind.name()));
        }
        line("\nof these             right mention    right name".to_owned());
        for kind in QuoteKind::ALL {
            let at = kind as usize;
            let (all, mentions, names) = (self.matched[at], self.mentions[at], self.names[at]);
            let (mention, name) = (share(mentions, all), share(names, all));
            line(format!("{:18} {mentions:6} ({mention:5.1}) {names:6} ({name:5.1})", kind.name()));
        }
        line(format!("without a speaker  {:6}", self.unattributed));
        line("\nroles                gold  found  right  precision  recall".to_owned());
        for (role, Count { gold, found, right }) in &self.roles {
            let (precision, recall) = (share(*right, *found), share(*right, *gold));
            line(format!("{role:18} {gold:6} {found:6} {right:6} {precision:10.1} {recall:7.1}"));
        }
        line(format!("\ndifferences: {}", self.wrong.lines().count()));
        self.wrong.lines().for_each(|wrong| line(wrong.to_owned()));
        out
    }
}

/// Returns whether a speaker has the name that a label gives, or none where it gives none.
fn names(who: &Who, speaker: &Speaker) -> bool {
    match &who.name {
        Some(name) => *name == speaker.name,
        None => !speaker.resolved,
    }
}
