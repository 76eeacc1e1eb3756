//! A slow judge of queries: reads a query as the language prints it and scans every word of every article.
//!
//! It shares no code with the engine, the query room or the snippets: its own cutting of words, its own tree, its own
//! matching. It does trust the readers and annotators for what an article, a sentence, a quote and its speaker are, and
//! the stemming crate for what a stem is.

use frostem::{Algorithm, Stemmer};
use onrecord::article::{Article, Span};
use onrecord::layers::{Layers, Quote};

/// What a query says, as the oracle reads it.
#[derive(Clone, Debug)]
pub enum Ask {
    Words(Vec<Spelling>),
    Near(Box<Ask>, Box<Ask>, String),
    AtLeast(usize, Box<Ask>),
    In(String, Box<Ask>),
    Value(String, String),
    Said(Vec<Ask>, Vec<String>),
    All(Vec<Ask>),
    Any(Vec<Ask>),
    Not(Box<Ask>),
}

/// How a word is spelt.
#[derive(Clone, Debug)]
pub enum Spelling {
    Stem(String),
    Exact(String),
    Glob(String),
    Like(String),
    Regex(String),
}

/// An article as a row of words.
pub struct Text {
    pub id: String,
    words: Vec<Word>,
    article: Article,
    layers: Layers,
}

struct Word {
    text: String,
    part: &'static str,
    span: Span,
    sentence: usize,
    paragraph: usize,
}

/// Names of countries that the table uses, as groups.
const COUNTRIES: &[&[&str]] = &[
    &["egypt", "egyptian"],
    &["qatar", "qatari"],
    &["israel", "israeli"],
    &["britain", "british", "briton", "uk"],
    &["america", "american", "usa", "united states"],
];

const STOP: &[&str] = &["the", "a", "in", "of", "to", "and", "who", "for", "is", "on", "not"];

impl Text {
    pub fn new(article: Article, layers: Layers) -> Text {
        let mut words = Vec::new();
        let parts = [("headline", article.headline), ("dek", article.dek), ("body", Some(article.body))];
        for (part, span) in parts.into_iter().filter_map(|(part, span)| Some((part, span?))) {
            for (start, end) in cut(span.of(&article.text)) {
                let span = Span::new(span.start as usize + start, span.start as usize + end);
                let inside = |spans: &[Span]| spans.iter().position(|outer| outer.contains(span)).unwrap_or(usize::MAX);
                words.push(Word {
                    text: fold(span.of(&article.text)),
                    part,
                    span,
                    sentence: inside(&layers.sentences),
                    paragraph: inside(&layers.paragraphs),
                });
            }
        }
        Text { id: article.id.clone(), words, article, layers }
    }

    /// Returns whether the article fulfils what is asked.
    pub fn fulfils(&self, ask: &Ask) -> bool {
        self.holds(ask, "text")
    }

    fn holds(&self, ask: &Ask, field: &str) -> bool {
        match ask {
            Ask::Words(_) | Ask::Near(..) | Ask::AtLeast(..) => self.enough(ask, field),
            Ask::In(field, ask) if field == "quote" => self.layers.quotes.iter().any(|quote| self.in_quote(ask, quote)),
            Ask::In(field, ask) => self.holds(ask, field),
            Ask::Value(field, value) => self.has_value(field, value),
            Ask::Said(asks, speakers) => self.layers.quotes.iter().any(|quote| {
                asks.iter().all(|ask| self.in_quote(ask, quote)) && speakers.iter().all(|who| self.speaks(who, quote))
            }),
            Ask::All(asks) => asks.iter().all(|ask| self.holds(ask, field)),
            Ask::Any(asks) => asks.iter().any(|ask| self.holds(ask, field)),
            Ask::Not(ask) => !self.holds(ask, field),
        }
    }

    fn enough(&self, ask: &Ask, field: &str) -> bool {
        match ask {
            Ask::AtLeast(times, ask) => self.places(ask, field).len() >= *times,
            ask => !self.places(ask, field).is_empty(),
        }
    }

    /// Returns whether something stands inside a quote: its first and last word do.
    fn in_quote(&self, ask: &Ask, quote: &Quote) -> bool {
        let said = |word: usize| quote.spans.iter().any(|span| span.contains(self.words[word].span));
        match ask {
            Ask::All(asks) => asks.iter().all(|ask| self.in_quote(ask, quote)),
            Ask::Any(asks) => asks.iter().any(|ask| self.in_quote(ask, quote)),
            Ask::Not(ask) => !self.in_quote(ask, quote),
            ask => self.places(ask, "text").iter().any(|(first, last)| said(*first) && said(*last)),
        }
    }

    fn speaks(&self, who: &str, quote: &Quote) -> bool {
        let Some(speaker) = &quote.speaker else { return false };
        if speaker.roles.iter().any(|role| role.name() == who || who.strip_suffix('s') == Some(role.name())) {
            return true;
        }
        // An official is one by office, whatever a description says.
        if who == "official" {
            return false;
        }
        let said = speaker.printed.into_iter().flatten().chain([speaker.span]).map(|span| span.of(&self.article.text));
        let wanted: Vec<String> = who.split(' ').map(fold).collect();
        said.into_iter().any(|text| {
            let words: Vec<String> = cut(text).into_iter().map(|(start, end)| fold(&text[start..end])).collect();
            words
                .windows(wanted.len())
                .any(|place| place.iter().zip(&wanted).all(|(word, wanted)| word.trim_end_matches("'s") == wanted))
        })
    }

    fn has_value(&self, field: &str, value: &str) -> bool {
        let meta = &self.article.meta;
        let words = |text: &str| cut(text).into_iter().map(|(start, end)| fold(&text[start..end])).collect::<Vec<_>>();
        let holds = |text: &str| {
            let wanted = words(value);
            words(text).windows(wanted.len()).any(|place| place == wanted)
        };
        match field {
            "outlet" => meta.outlet.as_deref().is_some_and(holds),
            "byline" => meta.byline.as_deref().is_some_and(holds),
            "path" => holds(&self.article.path),
            "id" => self.id == value,
            "role" => self.layers.quotes.iter().any(|quote| {
                quote.speaker.as_ref().is_some_and(|speaker| speaker.roles.iter().any(|role| role.name() == value))
            }),
            "speaker" => self.layers.quotes.iter().any(|quote| self.speaks(value, quote)),
            "date" | "since" | "until" => self.is_dated(field, value),
            other => panic!("the oracle knows no field {other}"),
        }
    }

    fn is_dated(&self, field: &str, value: &str) -> bool {
        let Some(date) = self.article.meta.date.map(|date| date.to_string()) else { return value == "none" };
        match (field, value.split_once("..")) {
            ("since", _) => *date >= *value,
            ("until", _) => last(&date) <= last(value),
            (_, Some((from, to))) => *date >= *from && (to.is_empty() || last(&date) <= last(to)),
            _ => date.starts_with(value),
        }
    }

    /// Returns the first and last word of every place.
    fn places(&self, ask: &Ask, field: &str) -> Vec<(usize, usize)> {
        let count = self.words.len();
        let found: Vec<(usize, usize)> = match ask {
            Ask::Words(spellings) => {
                let length = spellings.len();
                (0..(count + 1).saturating_sub(length))
                    .filter(|first| {
                        let one_part = self.words[*first].part == self.words[first + length - 1].part;
                        one_part
                            && spellings.iter().zip(&self.words[*first..]).all(|(wanted, word)| wanted.is(&word.text))
                    })
                    .map(|first| (first, first + length - 1))
                    .collect()
            }
            Ask::Any(asks) => asks.iter().flat_map(|ask| self.places(ask, field)).collect(),
            Ask::Near(one, other, how) => {
                let (ones, others) = (self.places(one, field), self.places(other, field));
                let mut found = Vec::new();
                for one in &ones {
                    for other in &others {
                        if self.near(*one, *other, how) {
                            found.push((one.0.min(other.0), one.1.max(other.1)));
                        }
                    }
                }
                found
            }
            Ask::In(field, ask) => return self.places(ask, field),
            ask => panic!("{ask:?} has no place"),
        };
        let mut found: Vec<_> = found.into_iter().filter(|(first, last)| self.is_in(field, *first, *last)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    fn is_in(&self, field: &str, first: usize, last: usize) -> bool {
        let (one, other) = (self.words[first].part, self.words[last].part);
        let body = self.words.iter().position(|word| word.part == "body").unwrap_or(self.words.len());
        let lead = one == "body" && last < body + 50;
        one == other
            && match field {
                "text" => true,
                "lead" => lead,
                "hlead" => lead || one == "headline",
                field => field == one,
            }
    }

    fn near(&self, one: (usize, usize), other: (usize, usize), how: &str) -> bool {
        if one.0 <= other.1 && other.0 <= one.1 {
            return false;
        }
        let apart = if one.1 < other.0 { other.0 - one.1 } else { one.0 - other.1 };
        let same = |unit: fn(&Word) -> usize| {
            let first = unit(&self.words[one.0]);
            [one.1, other.0, other.1].into_iter().all(|word| unit(&self.words[word]) == first && first != usize::MAX)
        };
        match how.split_once('/') {
            Some(("w", "s")) => same(|word| word.sentence),
            Some(("w", "p")) => same(|word| word.paragraph),
            Some(("pre", words)) => one.1 < other.0 && apart <= words.parse().expect("a number"),
            Some((_, words)) => apart <= words.parse().expect("a number"),
            None => panic!("{how} is no nearness"),
        }
    }
}

impl Spelling {
    fn is(&self, word: &str) -> bool {
        match self {
            Spelling::Exact(wanted) => word == wanted,
            Spelling::Stem(wanted) => stem(word) == stem(wanted),
            Spelling::Glob(pattern) => glob(&pattern.chars().collect::<Vec<_>>(), &word.chars().collect::<Vec<_>>()),
            Spelling::Like(wanted) => {
                let allowed = match wanted.len() {
                    0..=2 => 0,
                    3..=5 => 1,
                    _ => 2,
                };
                edits(wanted.as_bytes(), word.as_bytes(), allowed)
            }
            Spelling::Regex(pattern) => pattern.split('|').any(|branch| regex(branch.as_bytes(), word.as_bytes())),
        }
    }
}

/// Returns the last day of a year, a month or a day.
fn last(date: &str) -> String {
    let end = ["", "-12-31", "-31"];
    format!(
        "{date}{}",
        end.get(if date.len() == 4 { 1 } else { usize::from(date.len() == 7) * 2 }).expect("three ends")
    )
}

fn stem(word: &str) -> String {
    let bare = word.strip_suffix("'s").unwrap_or(word);
    if bare.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'\'') {
        return Stemmer::new(Algorithm::English).stem(bare).into_owned();
    }
    bare.to_owned()
}

fn glob(pattern: &[char], word: &[char]) -> bool {
    match (pattern.first(), word.first()) {
        (None, None) => true,
        (Some('*'), _) => glob(&pattern[1..], word) || !word.is_empty() && glob(pattern, &word[1..]),
        (Some('?'), Some(_)) => glob(&pattern[1..], &word[1..]),
        (Some(one), Some(other)) => one == other && glob(&pattern[1..], &word[1..]),
        _ => false,
    }
}

/// Returns whether so few changes make one word the other.
fn edits(one: &[u8], other: &[u8], allowed: usize) -> bool {
    match (one.split_first(), other.split_first()) {
        (None, _) => other.len() <= allowed,
        (_, None) => one.len() <= allowed,
        (Some((first, rest)), Some((next, after))) => {
            first == next && edits(rest, after, allowed)
                || allowed > 0
                    && (edits(rest, after, allowed - 1)
                        || edits(rest, other, allowed - 1)
                        || edits(one, after, allowed - 1))
        }
    }
}

/// Letters, `.`, and `*`, `+` or `?` behind one of these.
fn regex(pattern: &[u8], word: &[u8]) -> bool {
    let Some(first) = pattern.first() else { return word.is_empty() };
    let fits = word.first().is_some_and(|letter| *first == b'.' || letter == first);
    match pattern.get(1) {
        Some(b'*') => regex(&pattern[2..], word) || fits && regex(pattern, &word[1..]),
        Some(b'+') => fits && (regex(&pattern[2..], &word[1..]) || regex(pattern, &word[1..])),
        Some(b'?') => regex(&pattern[2..], word) || fits && regex(&pattern[2..], &word[1..]),
        _ => fits && regex(&pattern[1..], &word[1..]),
    }
}

/// Cuts a text into words: runs of letters and digits, with apostrophes inside, and dots inside acronyms and numbers.
fn cut(text: &str) -> Vec<(usize, usize)> {
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    let at = |place: usize| letters.get(place).map(|(_, letter)| *letter);
    let mut words = Vec::new();
    let mut place = 0;
    while place < letters.len() {
        let start = place;
        while at(place).is_some_and(char::is_alphanumeric) {
            place += 1;
            let (before, sign, next) = (at(place - 1), at(place), at(place + 1));
            let digits = before.is_some_and(|c| c.is_ascii_digit()) && next.is_some_and(|c| c.is_ascii_digit());
            let apostrophe = matches!(sign, Some('\'' | '’')) && next.is_some_and(char::is_alphabetic);
            let acronym = sign == Some('.')
                && (place - start) % 2 == 1
                && next.is_some_and(|c| c.is_ascii_alphabetic())
                && at(place + 2).is_none_or(|c| c == '.' || !c.is_alphanumeric());
            if apostrophe || matches!(sign, Some('.' | ',')) && digits || acronym {
                place += 1;
            }
        }
        if place > start {
            let byte = |place: usize| letters.get(place).map_or(text.len(), |(byte, _)| *byte);
            words.push((byte(start), byte(place)));
        } else {
            place += 1;
        }
    }
    words
}

fn fold(word: &str) -> String {
    let plain = |letter: char| match letter {
        '’' => '\'',
        'é' | 'è' => 'e',
        'ö' | 'ø' => 'o',
        'å' | 'ä' | 'á' => 'a',
        'ü' => 'u',
        letter => letter,
    };
    let digits = word.starts_with(|letter: char| letter.is_ascii_digit());
    let kept = word.chars().filter(|letter| *letter != ',' && (*letter != '.' || digits));
    kept.flat_map(char::to_lowercase).map(plain).collect()
}

/// Reads a query as the language prints it.
pub struct Reader<'q> {
    rest: &'q str,
}

impl<'q> Reader<'q> {
    pub fn read(printed: &'q str) -> Ask {
        let mut reader = Reader { rest: printed };
        let ask = reader.side_by_side("text");
        assert!(reader.rest.is_empty(), "the oracle cannot read {:?} in {printed:?}", reader.rest);
        ask
    }

    fn eat(&mut self, sign: &str) -> bool {
        self.rest = self.rest.trim_start();
        let found = self.rest.strip_prefix(sign);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    fn side_by_side(&mut self, field: &str) -> Ask {
        let (mut asks, mut bare): (Vec<Ask>, Vec<(String, Ask)>) = (Vec::new(), Vec::new());
        let mut quoted: Option<(Vec<Ask>, Vec<String>)> = None;
        while !self.rest.trim_start().is_empty() && !self.rest.trim_start().starts_with(')') {
            let before = self.rest.trim_start();
            let ask = self.near(field);
            let typed = before[..before.len() - self.rest.len()].trim();
            if let Ask::Said(asks, who) = ask {
                let (said, by) = quoted.get_or_insert_default();
                said.extend(asks);
                by.extend(who);
                continue;
            }
            asks.extend(quoted.take().map(|(said, by)| Ask::Said(said, by)));
            match typed.chars().all(|letter| letter.is_alphanumeric()) {
                true => bare.push((typed.to_lowercase(), ask)),
                false => asks.push(ask),
            }
        }
        asks.extend(quoted.take().map(|(said, by)| Ask::Said(said, by)));
        let says_more = !asks.is_empty() || bare.iter().any(|(typed, _)| !STOP.contains(&typed.as_str()));
        let top = field == "text";
        asks.extend(
            bare.into_iter()
                .filter(|(typed, _)| !top || !says_more || !STOP.contains(&typed.as_str()))
                .map(|(_, ask)| ask),
        );
        Ask::All(asks)
    }

    fn near(&mut self, field: &str) -> Ask {
        let mut left = self.either(field);
        loop {
            let word = self.rest.trim_start().split([' ', ')']).next().unwrap_or_default();
            let is_near = word.strip_prefix("w/").or(word.strip_prefix("pre/")).is_some();
            if !is_near {
                return left;
            }
            let how = word.to_owned();
            self.eat(&how);
            left = Ask::Near(Box::new(left), Box::new(self.either(field)), how);
        }
    }

    fn either(&mut self, field: &str) -> Ask {
        let mut asks = vec![self.part(field)];
        while self.eat("OR ") {
            asks.push(self.part(field));
        }
        if asks.len() > 1 { Ask::Any(asks) } else { asks.remove(0) }
    }

    fn group(&mut self, field: &str) -> Ask {
        let ask = self.side_by_side(field);
        assert!(self.eat(")"), "no `)` before {:?}", self.rest);
        match ask {
            Ask::All(mut asks) if asks.len() == 1 => asks.remove(0),
            ask => ask,
        }
    }

    fn part(&mut self, field: &str) -> Ask {
        if self.eat("NOT ") {
            return Ask::Not(Box::new(self.part(field)));
        }
        if self.eat("(") {
            return self.group(field);
        }
        if self.eat("said(") {
            return Ask::Said(vec![self.group("quote")], Vec::new());
        }
        if self.eat("by(") {
            let (who, rest) = self.rest.split_once(')').expect("a `)`");
            self.rest = rest;
            return Ask::Said(Vec::new(), vec![who.to_lowercase()]);
        }
        if let Some(rest) = self.rest.strip_prefix("atleast") {
            let (times, rest) = rest.split_once('(').expect("a `(`");
            self.rest = rest;
            return Ask::AtLeast(times.parse().expect("a number"), Box::new(self.group(field)));
        }
        let name = self.rest.split_once(':').map(|(name, _)| name);
        if let Some(name) = name.filter(|name| name.bytes().all(|byte| byte.is_ascii_lowercase())) {
            self.eat(&format!("{name}:"));
            return match name {
                "headline" | "dek" | "body" | "lead" | "hlead" | "quote" | "text" => {
                    Ask::In(name.to_owned(), Box::new(self.part(if name == "text" { "text" } else { "part" })))
                }
                name => Ask::Value(name.to_owned(), self.value()),
            };
        }
        self.words()
    }

    fn value(&mut self) -> String {
        if self.eat("\"") {
            let (value, rest) = self.rest.split_once('"').expect("a mark");
            self.rest = rest;
            return value.to_owned();
        }
        let end = self.rest.find([' ', ')']).unwrap_or(self.rest.len());
        let (value, rest) = self.rest.split_at(end);
        self.rest = rest;
        value.to_owned()
    }

    fn words(&mut self) -> Ask {
        if let Some(rest) = self.rest.strip_prefix('"') {
            let (typed, rest) = rest.split_once('"').expect("a mark");
            self.rest = rest;
            let spellings: Vec<Spelling> = typed.split(' ').flat_map(|word| spellings(word, true)).collect();
            if self.eat("~") {
                let words = self.value();
                let one = |spelling| Ask::Words(vec![spelling]);
                let mut asks = spellings.into_iter().map(one);
                let first = asks.next().expect("a word");
                return asks.fold(first, |left, next| Ask::Near(Box::new(left), Box::new(next), format!("w/{words}")));
            }
            return Ask::Words(spellings);
        }
        if let Some(rest) = self.rest.strip_prefix('/') {
            let (pattern, rest) = rest.split_once('/').expect("a slash");
            self.rest = rest;
            return Ask::Words(vec![Spelling::Regex(pattern.to_lowercase())]);
        }
        let typed = self.value();
        let known = COUNTRIES.iter().find(|names| names.contains(&fold(&typed).as_str()));
        if let Some(names) = known {
            let stems = |name: &&str| Ask::Words(name.split(' ').map(|word| Spelling::Stem(word.to_owned())).collect());
            return Ask::Any(names.iter().map(stems).collect());
        }
        Ask::Words(spellings(&typed, false))
    }
}

fn spellings(typed: &str, exact: bool) -> Vec<Spelling> {
    if let Some(word) = typed.strip_prefix('=') {
        return vec![Spelling::Exact(fold(word))];
    }
    if let Some(word) = typed.strip_suffix('~') {
        return vec![Spelling::Like(fold(word))];
    }
    if typed.contains('*') || typed.trim_end_matches('?').contains('?') {
        return vec![Spelling::Glob(fold(typed))];
    }
    let words = cut(typed).into_iter().map(|(start, end)| fold(&typed[start..end]));
    words.map(|word| if exact { Spelling::Exact(word) } else { Spelling::Stem(word) }).collect()
}
