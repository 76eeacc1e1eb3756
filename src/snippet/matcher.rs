//! Finds again in a text what a plan asked for: the same forms, the same phrases and distances, counted over the words
//! of the text instead of positions in an index.
//!
//! One pass over the words notes those that can matter; the tree of conditions is then judged over the notes, so that
//! a branch of an OR that does not hold marks nothing, and nothing under a NOT is marked.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::analyzer;
use crate::analyzer::tongue::Tongue;
use crate::article::Span;
use crate::places::{self, Run};
use crate::plan::{Clause, Plan, QuotePlan, Reach};
use crate::schema::{Analyzer, Field};
use crate::spelling::Form;

/// After so many occurrences of a word the rest of them is not looked at: there is enough to choose from.
const OCCURRENCE_LIMIT: usize = 2_000;

/// Words between two parts of an article that stand near nothing in the other part.
const GAP: u32 = 1_000_000;

/// Finds what was asked for in a text.
#[derive(Clone, Debug, Default)]
pub struct Matcher {
    forms: Vec<Form>,
    /// Which forms a term can be of, by its spelling or its stem; those of other spellings are tried one by one.
    by_spelling: FxHashMap<String, Vec<usize>>,
    by_stem: FxHashMap<String, Vec<usize>>,
    /// The languages whose stems are looked for.
    tongues: Vec<Tongue>,
    spelled: Vec<usize>,
    /// First bytes that a term of any form can have.
    firsts: Vec<bool>,
    /// What is looked for: each holds or does not, independently of the others.
    wishes: Vec<Wish>,
    leaves: usize,
}

/// What is looked for, as a tree.
#[derive(Clone, Debug)]
enum Wish {
    /// Forms one after the other in a field, and the number of this wish.
    Words(Field, Vec<usize>, usize),
    /// All of these near each other.
    Near(Field, Vec<Wish>, Reach, usize),
    /// Every one of these.
    All(Vec<Wish>),
    /// At least one of these.
    Any(Vec<Wish>),
    /// A condition that words do not show.
    Other,
}

impl Wish {
    fn needs(&self, reach: Reach) -> bool {
        match self {
            Wish::Near(_, parts, own, _) => *own == reach || parts.iter().any(|part| part.needs(reach)),
            Wish::All(wishes) | Wish::Any(wishes) => wishes.iter().any(|wish| wish.needs(reach)),
            Wish::Words(..) | Wish::Other => false,
        }
    }
}

/// A text to look into.
#[derive(Clone, Debug, Default)]
pub struct Reading<'t> {
    /// The whole text.
    pub text: &'t str,
    /// What is looked at: stretches of the text and the part of the article they are.
    pub parts: Vec<(Field, Span)>,
    /// The segments of quotes.
    pub said: Vec<Span>,
    /// The sentences of all parts, in order; needed where a wish is about one sentence.
    pub sentences: Vec<Span>,
    /// The paragraphs of all parts, likewise.
    pub paragraphs: Vec<Span>,
}

/// Something that was found: which wish it fulfils, the stretch it takes, and the words to mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// From the first word to the last.
    pub span: Span,
    /// The words, in order.
    pub marks: Vec<Span>,
    /// The number of the wish.
    pub wish: usize,
}

impl Matcher {
    /// Returns what finds the words of a plan for articles.
    pub fn new(plan: &Plan) -> Matcher {
        let mut matcher = Matcher::default();
        let mut seen: FxHashSet<(Field, Vec<usize>)> = FxHashSet::default();
        for ranked in plan.words.iter().filter(|ranked| !ranked.stop) {
            let wish = matcher.wish(&ranked.clause);
            // A word typed twice is looked for once.
            let again = matches!(&wish, Wish::Words(field, forms, _) if !seen.insert((*field, forms.clone())));
            matcher.wishes.extend(Some(wish).filter(|_| !again));
        }
        matcher.add_filter(plan.filter.as_ref());
        matcher.note_firsts();
        matcher
    }

    /// Returns what finds the words of a plan for quotes.
    pub fn for_quotes(plan: &QuotePlan) -> Matcher {
        let mut matcher = Matcher::default();
        matcher.add_filter(plan.filter.as_ref());
        matcher.note_firsts();
        matcher
    }

    fn add_filter(&mut self, filter: Option<&Clause>) {
        match filter {
            // They hold, or there would be no hit: each is shown for itself.
            Some(Clause::All(clauses)) => clauses.iter().for_each(|clause| self.add_filter(Some(clause))),
            Some(clause) => {
                let wish = self.wish(clause);
                self.wishes.push(wish);
            }
            None => {}
        }
    }

    /// Notes which letters the terms of any form begin with.
    fn note_firsts(&mut self) {
        let mut firsts = vec![false; 256];
        for form in &self.forms {
            let first = match form {
                Form::Exact(word) | Form::Name(word) => word.bytes().next(),
                Form::Stem(tongue, stem) => tongue.prefix(stem).bytes().next(),
                Form::Spelled(_) => None,
            };
            match first {
                Some(first) => firsts[usize::from(first)] = true,
                None => firsts.fill(true),
            }
        }
        self.firsts = firsts;
    }

    fn wish(&mut self, clause: &Clause) -> Wish {
        match clause {
            Clause::Words { field, terms } if is_text(*field) => {
                let forms = Form::all(*field, terms).into_iter().map(|form| self.number(form)).collect();
                self.leaves += 1;
                Wish::Words(*field, forms, self.leaves - 1)
            }
            Clause::Near { field, parts, reach } => {
                let parts = parts.iter().map(|part| self.wish(part)).collect();
                self.leaves += 1;
                Wish::Near(*field, parts, *reach, self.leaves - 1)
            }
            Clause::AtLeast { what, .. } | Clause::OneQuote(what) => self.wish(what),
            Clause::All(clauses) => Wish::All(clauses.iter().map(|clause| self.wish(clause)).collect()),
            Clause::Any(clauses) => Wish::Any(clauses.iter().map(|clause| self.wish(clause)).collect()),
            _ => Wish::Other,
        }
    }

    fn number(&mut self, form: Form) -> usize {
        let alike: &[usize] = match &form {
            Form::Exact(word) | Form::Name(word) => self.by_spelling.get(word),
            Form::Stem(_, stem) => self.by_stem.get(stem),
            Form::Spelled(_) => Some(&self.spelled),
        }
        .map_or(&[], Vec::as_slice);
        if let Some(number) = alike.iter().find(|number| self.forms[**number] == form) {
            return *number;
        }
        let number = self.forms.len();
        match &form {
            Form::Exact(word) => self.by_spelling.entry(word.clone()).or_default().push(number),
            Form::Name(word) => {
                self.by_spelling.entry(word.clone()).or_default().push(number);
                self.by_spelling.entry(format!("{word}'s")).or_default().push(number);
            }
            Form::Stem(tongue, stem) => {
                self.by_stem.entry(stem.clone()).or_default().push(number);
                if !self.tongues.contains(tongue) {
                    self.tongues.push(*tongue);
                }
            }
            Form::Spelled(_) => self.spelled.push(number),
        }
        self.forms.push(form);
        number
    }

    /// Returns the forms that a term is one of, in order.
    fn forms_of(&self, term: &str) -> Vec<usize> {
        let known = |forms: Option<&Vec<usize>>| forms.cloned().unwrap_or_default();
        let mut forms = known(self.by_spelling.get(term));
        for tongue in &self.tongues {
            let alike = known(self.by_stem.get(tongue.stem(term).as_ref()));
            forms.extend(
                alike.into_iter().filter(|form| matches!(&self.forms[*form], Form::Stem(of, _) if of == tongue)),
            );
        }
        forms.extend(self.spelled.iter().filter(|form| self.forms[**form].is(term)));
        forms.sort_unstable();
        forms
    }

    /// Returns whether any wish is about one sentence, or about one paragraph.
    pub fn needs(&self, reach: Reach) -> bool {
        self.wishes.iter().any(|wish| wish.needs(reach))
    }

    /// Returns what is found in a text, in order.
    pub fn find(&self, reading: &Reading<'_>) -> Vec<Match> {
        let notes = Notes::take(self, reading);
        let mut found: Vec<Match> = self
            .wishes
            .iter()
            .filter_map(|wish| notes.judge(wish))
            .flatten()
            .flat_map(|made| notes.show(&made))
            .collect();
        found.sort_by_key(|made| (made.span, made.wish));
        found.dedup();
        found
    }

    /// Returns which words of the text stand where, joined where they overlap.
    pub fn marks(found: &[Match], within: Span) -> Vec<Span> {
        let all = found.iter().flat_map(|made| &made.marks);
        let mut marks: Vec<Span> = all.copied().filter(|mark| within.contains(*mark)).collect();
        merge(&mut marks);
        marks
    }

    /// Returns what a wish counts for: phrases and long words are rarer.
    pub fn weights(&self) -> Vec<f64> {
        let mut weights = vec![0.0; self.leaves];
        for wish in &self.wishes {
            self.weigh(wish, &mut weights);
        }
        weights
    }

    fn weigh(&self, wish: &Wish, weights: &mut [f64]) -> f64 {
        let letters = |form: usize| match &self.forms[form] {
            Form::Exact(word) | Form::Name(word) | Form::Stem(_, word) => word.len(),
            Form::Spelled(_) => 6,
        };
        match wish {
            Wish::Words(_, forms, number) => {
                let weight = forms.iter().map(|form| 1.0 + letters(*form).min(12) as f64 / 8.0).sum();
                weights[*number] = weight;
                weight
            }
            Wish::Near(_, parts, _, number) => {
                let weight = parts.iter().map(|part| self.weigh(part, weights)).sum();
                weights[*number] = weight;
                weight
            }
            Wish::All(wishes) | Wish::Any(wishes) => wishes.iter().map(|wish| self.weigh(wish, weights)).sum(),
            Wish::Other => 0.0,
        }
    }
}

/// Returns whether a field is a part of the text that is shown.
fn is_text(field: Field) -> bool {
    let shown = !matches!(field, Field::Outlet | Field::Byline | Field::Section | Field::Path);
    shown && !matches!(field.analyzer(), Analyzer::Whole | Analyzer::Day)
}

/// What a wish made of the notes: runs of words, and the runs that are marked of each.
struct Made {
    wish: usize,
    runs: Vec<Run>,
    /// The runs of single words and phrases among them, sorted.
    words: Vec<Run>,
}

/// The words of a text that can matter: where each form stands, as the number of the word.
struct Notes<'r> {
    reading: &'r Reading<'r>,
    places: Vec<Vec<Run>>,
    /// The words that were noted, by number.
    words: Vec<(u32, Span)>,
    /// For each part, its first number and the number behind its last word.
    parts: Vec<Run>,
    /// The segments of quotes in order, joined where they overlap.
    said: Vec<Span>,
}

impl<'r> Notes<'r> {
    fn take(matcher: &Matcher, reading: &'r Reading<'r>) -> Notes<'r> {
        let mut notes = Notes {
            reading,
            places: vec![Vec::new(); matcher.forms.len()],
            words: Vec::new(),
            parts: Vec::with_capacity(reading.parts.len()),
            said: reading.said.clone(),
        };
        merge(&mut notes.said);
        let mut known: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        let mut term = String::new();
        let mut number = 0_u32;
        for (_, part) in &reading.parts {
            let first = number;
            let text = part.of(reading.text);
            for word in analyzer::words(text) {
                let at = number;
                number += 1;
                let letter = text.as_bytes()[word.start];
                // A letter that is not ASCII may fold into one that is.
                if letter.is_ascii()
                    && !matcher.firsts.get(usize::from(letter.to_ascii_lowercase())).is_some_and(|first| *first)
                {
                    continue;
                }
                analyzer::fold_into(&text[word.clone()], &mut term);
                if !known.contains_key(term.as_str()) {
                    known.insert(term.clone(), matcher.forms_of(&term));
                }
                let Some(forms) = known.get(term.as_str()).filter(|forms| !forms.is_empty()) else { continue };
                let start = part.start as usize;
                let mut noted = false;
                for form in forms {
                    if notes.places[*form].len() < OCCURRENCE_LIMIT {
                        notes.places[*form].push((at, at + 1));
                        noted = true;
                    }
                }
                if noted {
                    notes.words.push((at, Span::new(start + word.start, start + word.end)));
                }
            }
            notes.parts.push((first, number));
            number += GAP;
        }
        notes
    }

    /// Returns what a wish made, or nothing where it does not hold.
    fn judge(&self, wish: &Wish) -> Option<Vec<Made>> {
        match wish {
            Wish::Words(field, forms, number) => {
                let runs = self.runs(*field, forms);
                let silent = matches!(field, Field::Speaker | Field::Entity);
                match runs.is_empty() {
                    // Who speaks may be printed elsewhere in other words: that is no reason to doubt it.
                    true => silent.then(Vec::new),
                    false => Some(vec![Made { wish: *number, words: runs.clone(), runs }]),
                }
            }
            Wish::Near(field, parts, reach, number) => {
                let mut words = Vec::new();
                let lists: Vec<Vec<Run>> = parts.iter().map(|part| self.lists(part, &mut words)).collect();
                let stretches = match reach {
                    Reach::Within(_) | Reach::Before(_) => Vec::new(),
                    Reach::Sentence => self.stretches(&self.reading.sentences),
                    Reach::Paragraph => self.stretches(&self.reading.paragraphs),
                };
                let runs = self.inside(*field, places::near(&lists, *reach, &stretches));
                let made = Made { wish: *number, words: places::any(vec![words]), runs };
                (!made.runs.is_empty()).then(|| vec![made])
            }
            Wish::All(wishes) => {
                let made: Option<Vec<Vec<Made>>> = wishes.iter().map(|wish| self.judge(wish)).collect();
                made.map(|made| made.into_iter().flatten().collect())
            }
            Wish::Any(wishes) => {
                let made: Vec<Vec<Made>> = wishes.iter().filter_map(|wish| self.judge(wish)).collect();
                (!made.is_empty()).then(|| made.into_iter().flatten().collect())
            }
            Wish::Other => Some(Vec::new()),
        }
    }

    /// Returns the runs of a part of a nearness, and adds the words of it that are marked.
    fn lists(&self, wish: &Wish, words: &mut Vec<Run>) -> Vec<Run> {
        let made = self.judge(wish).unwrap_or_default();
        words.extend(made.iter().flat_map(|made| made.words.iter().copied()));
        places::any(made.into_iter().map(|made| made.runs).collect())
    }

    fn runs(&self, field: Field, forms: &[usize]) -> Vec<Run> {
        let lists: Vec<Vec<Run>> = forms.iter().map(|form| self.places[*form].clone()).collect();
        self.inside(field, places::phrase(&lists))
    }

    /// Leaves the runs that lie in the part of the article that a field names.
    fn inside(&self, field: Field, mut runs: Vec<Run>) -> Vec<Run> {
        const LEAD_WORDS: u32 = 50;
        let part_of = |run: &Run| self.parts.iter().position(|part| part.0 <= run.0 && run.1 <= part.1);
        runs.retain(|run| {
            let Some(number) = part_of(run) else { return false };
            let (part, first) = (self.reading.parts[number].0, self.parts[number].0);
            let in_lead = part == Field::Body && run.1 <= first + LEAD_WORDS;
            match field {
                Field::Text | Field::Entity | Field::Speaker => true,
                Field::Lead => in_lead,
                Field::Hlead => in_lead || part == Field::Headline,
                Field::Quote if part == Field::Quote => true,
                Field::Quote => self.span(*run).is_some_and(|span| self.is_said(span)),
                field => field == part,
            }
        });
        runs
    }

    fn is_said(&self, span: Span) -> bool {
        let before = self.said.partition_point(|said| said.start <= span.start);
        before.checked_sub(1).is_some_and(|last| self.said[last].contains(span))
    }

    /// Returns the stretch of text from a run's first word to its last; both were noted.
    fn span(&self, run: Run) -> Option<Span> {
        let word =
            |number: u32| self.words.binary_search_by_key(&number, |(at, _)| *at).ok().map(|at| self.words[at].1);
        Some(Span { start: word(run.0)?.start, end: word(run.1.checked_sub(1)?)?.end })
    }

    /// Returns stretches of text as runs of words, as far as words in them were noted.
    fn stretches(&self, spans: &[Span]) -> Vec<Run> {
        let noted = |span: &Span| {
            let first = self.words.partition_point(|(_, word)| word.start < span.start);
            let behind = self.words.partition_point(|(_, word)| word.end <= span.end);
            let words = self.words.get(first..behind)?;
            Some((words.first()?.0, words.last()?.0 + 1))
        };
        spans.iter().filter_map(noted).collect()
    }

    fn show(&self, made: &Made) -> Vec<Match> {
        let one = |run: &Run| {
            let inside = made.words.iter().filter(|word| run.0 <= word.0 && word.1 <= run.1);
            let mut marks: Vec<Span> = inside.filter_map(|word| self.span(*word)).collect();
            merge(&mut marks);
            Some(Match { span: self.span(*run)?, marks, wish: made.wish })
        };
        if made.runs == made.words {
            let alone = |run: &Run| self.span(*run).map(|span| Match { span, marks: vec![span], wish: made.wish });
            return made.runs.iter().filter_map(alone).collect();
        }
        made.runs.iter().take(OCCURRENCE_LIMIT).filter_map(one).collect()
    }
}

/// Sorts marks and joins those that overlap.
pub fn merge(marks: &mut Vec<Span>) {
    marks.sort_unstable();
    marks.dedup_by(|next, kept| {
        let overlaps = next.start < kept.end;
        if overlaps {
            kept.end = kept.end.max(next.end);
        }
        overlaps
    });
}
