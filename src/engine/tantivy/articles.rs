//! Articles in order: those with all the words first, then those with some.

use rustc_hash::FxHashSet;
use tantivy::{DocAddress, DocId, DocSet};

use super::feedback;
use super::matching::{Look, Segment, Target};
use super::rows::{self, Ranked, Tier, Top, order};
use super::scoring::{Scorer, SegmentScorer, Unit};
use super::sets::{AllOf, Docs};
use super::threads::{Task, each_range};
use crate::article::Date;
use crate::hits::Reckoning;
use crate::plan::{Clause, Manner, Phrasing, Plan, Rows, Sort, Term};
use crate::schema::Field;
use crate::spelling::Form;

/// With more words than this, articles with all of them do not come before the others: a long question is a
/// description, and an article that answers it rarely has every word.
const TIER_WORDS: usize = 5;

/// Where the third story scores at least so much of what the first does, none of them stands out, and the first two say
/// nothing that others do not.
const FLAT: f32 = 0.8;

/// Seeking a document in the postings of words costs as much as decoding so many postings.
const SEEK: u32 = 16;

/// An article in its place, before its record is read.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Where Tantivy keeps it.
    pub address: DocAddress,
    /// Its score, 0 where the order is by date.
    pub score: f32,
    /// Whether it has all the bare words.
    pub complete: bool,
    /// What the score is made of, where that was asked.
    pub reckoning: Option<Reckoning>,
    /// Its story, where there are copies of it in the index.
    pub story: Option<u32>,
    /// How many copies were folded into it.
    pub copies: u64,
    /// The day of the last of them, `yyyymmdd`.
    pub until: Option<u32>,
    /// Where Tantivy keeps the first few.
    pub first_copies: Vec<DocAddress>,
}

/// The articles of an answer, and how many there are.
#[derive(Debug, Default)]
pub struct Places {
    /// Articles with all the words.
    pub total: u64,
    /// How many of these are copies of others.
    pub copies: u64,
    /// Articles with only some, where they were needed.
    pub partial: Option<u64>,
    /// How many of these are copies of others, or of those with all.
    pub partial_copies: u64,
    /// Whether the two stand among each other.
    pub mixed: bool,
    /// The asked rows.
    pub places: Vec<Place>,
}

/// Answers a plan with the asked rows.
///
/// # Errors
/// When the index cannot be read.
pub fn answer(look: Look<'_>, plan: &Plan, wished: Rows) -> tantivy::Result<Places> {
    let Rows { sort, offset, limit, partial: allowed, .. } = wished;
    let wanted = offset.saturating_add(limit);
    let question = Question::new(look, plan)?;
    let some = allowed && sort == Sort::Best && question.words > 1;
    let mixed = some && (question.words > TIER_WORDS || plan.phrasing != Phrasing::Words);
    let newest = if wished.fresh && sort == Sort::Best { newest(look)? } else { None };
    // A question is not like the articles that answer it, and few words are said in many ways.
    let learns = mixed && wanted > 0 && question.words > TIER_WORDS && plan.phrasing != Phrasing::Question;
    let learns = learns && newest.is_none();
    let folds = wished.fold.is_some();
    let mut all;
    let (mut answer, mut learned) = (Places { mixed, ..Places::default() }, None);
    let mut best = if mixed {
        // What is learned must not depend on folding: every copy stands for itself until then.
        let room = if learns { wanted.max(feedback::CANDIDATES) } else { wanted };
        let parts = each_range(look.searcher, |task| {
            let mut top = Top::new(look, task, sort, newest, room)?.folded(folds && !learns, None);
            question.some(task, &mut |doc, score, complete| top.offer(doc, score, complete))?;
            top.finish()
        })?;
        all = Tier::new(folds, parts);
        let mut ranked = all.ranked();
        if learns && stands_out(&ranked) {
            learned = Some(question.learn(&mut ranked)?);
        }
        (answer.total, answer.copies) = (all.whole, all.whole_copies);
        answer.partial = Some(all.seen() - answer.total);
        answer.partial_copies = all.copies() - answer.copies;
        ranked
    } else {
        let parts = each_range(look.searcher, |task| {
            let mut top = Top::new(look, task, sort, newest, wanted)?.folded(folds, None);
            question.complete(task, &mut |doc, score| top.offer(doc, score, true))?;
            top.finish()
        })?;
        all = Tier::new(folds, parts);
        (answer.total, answer.copies) = (all.seen(), all.copies());
        all.ranked()
    };
    all.fold(&mut best);
    let mut told = std::mem::take(&mut all.told);
    if some && !mixed && wanted > all.rows() {
        let room = wanted - all.rows();
        let parts = each_range(look.searcher, |task| {
            let above = Some(&all.all.stories).filter(|_| folds);
            let mut top = Top::new(look, task, sort, newest, room)?.folded(folds, above);
            question.some(task, &mut |doc, score, complete| {
                if !complete {
                    top.offer(doc, score, false);
                }
            })?;
            top.finish()
        })?;
        let mut rest = Tier::new(folds, parts);
        let mut ranked = rest.ranked();
        rest.fold(&mut ranked);
        best.extend(ranked);
        (answer.partial, answer.partial_copies) = (Some(rest.seen()), rest.copies());
        told.extend(rest.told);
    }
    answer.places = best.into_iter().skip(offset).take(limit).map(|ranked| ranked.place).collect();
    if wished.reckoning && sort == Sort::Best {
        for place in &mut answer.places {
            place.reckoning = Some(question.reckon(place, learned.as_ref(), newest)?);
        }
    }
    if let Some(named) = wished.fold {
        rows::fold(look, &told, &mut answer.places, named)?;
    }
    Ok(answer)
}

/// A plan made ready: what must hold, and what makes the score.
struct Question<'a> {
    look: Look<'a>,
    /// What must hold of every article.
    given: Option<Clause>,
    /// What more must hold of an article with all the words than that it has each: some are phrases.
    together: Option<Clause>,
    /// What must hold of an article with all the words.
    filter: Option<Clause>,
    scorer: Scorer,
    /// How many bare words rank.
    words: usize,
}

impl<'a> Question<'a> {
    fn new(look: Look<'a>, plan: &Plan) -> tantivy::Result<Question<'a>> {
        let mut units = Vec::new();
        let mut clauses: Vec<Clause> = Vec::new();
        for ranked in plan.words.iter().filter(|ranked| !ranked.stop) {
            let found = units_of(&ranked.clause);
            if found.len() > 1 {
                clauses.push(ranked.clause.clone());
            }
            add_units(found, &mut units);
        }
        let words = units.len();
        if words == 0
            && let Some(filter) = &plan.filter
        {
            scoring_units(filter, &mut units);
        }
        let scorer = Scorer::new(look, Field::Text, &units)?;
        let all = |clauses: Vec<Clause>| if clauses.is_empty() { None } else { Some(Clause::All(clauses)) };
        let filter = all(plan.filter.iter().chain(&clauses).cloned().collect());
        Ok(Question { look, given: plan.filter.clone(), together: all(clauses), filter, scorer, words })
    }

    /// Orders the first articles anew by words that the best of them say; returns what scores these words.
    fn learn(&self, ranked: &mut [Ranked]) -> tantivy::Result<Scorer> {
        let first = ranked.len().min(feedback::CANDIDATES);
        let first = &mut ranked[..first];
        let best: Vec<(DocAddress, f32)> = first.iter().map(|row| (row.place.address, row.place.score)).collect();
        let scorer = Scorer::new(self.look, Field::Text, &feedback::words(self.look, &best, self.words)?)?;
        let mut in_order: Vec<&mut Ranked> = first.iter_mut().collect();
        in_order.sort_by_key(|row| row.place.address);
        for (ord, reader) in self.look.searcher.segment_readers().iter().enumerate() {
            let mut words = scorer.segment(ord, reader)?;
            for row in in_order.iter_mut().filter(|row| row.place.address.segment_ord as usize == ord) {
                row.place.score += words.seek_score(row.place.address.doc_id);
                row.value = i64::from(row.place.score.to_bits());
            }
        }
        order(first);
        Ok(scorer)
    }

    /// Returns what the score of an article is made of.
    fn reckon(&self, place: &Place, learned: Option<&Scorer>, newest: Option<i64>) -> tantivy::Result<Reckoning> {
        let DocAddress { segment_ord, doc_id } = place.address;
        let reader = self.look.searcher.segment_reader(segment_ord);
        let factors = |scorer: &Scorer| scorer.factors(segment_ord as usize, reader, doc_id);
        let date = reader.fast_fields().u64("date")?.first(doc_id);
        Ok(Reckoning {
            typed: factors(&self.scorer)?,
            learned: learned.map(factors).transpose()?.unwrap_or_default(),
            words: self.scorer.length(reader, doc_id)?,
            recency: newest.map_or(1.0, |newest| recency(date, newest)),
        })
    }

    fn segment<'r>(&'r self, task: &Task<'r>) -> Segment<'r> {
        self.look.segment(task.reader, Target::Articles).within(task.docs.clone())
    }

    /// Gives every article of a range that fulfils the filter and has all the bare words.
    fn complete(&self, task: &Task<'_>, each: &mut impl FnMut(DocId, f32)) -> tantivy::Result<()> {
        let Task { ord, reader, ref docs } = *task;
        let (start, end) = (docs.start, docs.end);
        let segment = self.segment(task);
        let mut filter = self.filter.as_ref().map(|filter| segment.docs(filter)).transpose()?;
        let fewest = self.scorer.frequencies(ord).chain(filter.as_ref().map(|filter| filter.size_hint())).min();
        if self.words > 0
            && self.are_dense(ord, fewest.unwrap_or(0))
            && let Some((mut windows, mut rates)) = self.scorer.windows(ord, reader)?
        {
            windows.all(start..end, &mut |doc, here| {
                let allowed = filter.as_mut().is_none_or(|filter| reach(filter, doc) == doc);
                if allowed && !reader.is_deleted(doc) {
                    each(doc, rates.score(doc, |word| here.times(word)));
                }
            });
            return Ok(());
        }
        let mut scorer = self.scorer.segment(ord, reader)?;
        if self.words == 0 {
            let mut docs: Vec<Docs> = filter.into_iter().collect();
            docs.push(segment.everything()?);
            let mut docs = AllOf::new(docs);
            docs.seek(start);
            while docs.doc() < end {
                let doc = docs.doc();
                if !reader.is_deleted(doc) {
                    each(doc, scorer.seek_score(doc));
                }
                docs.advance();
            }
            return Ok(());
        }
        let SegmentScorer { words, mut rates, .. } = scorer;
        let mut all = AllOf::new(words);
        let mut doc = all.seek(start);
        while doc < end {
            if let Some(filter) = &mut filter {
                let allowed = reach(filter, doc);
                if allowed > doc {
                    doc = all.seek(allowed);
                    continue;
                }
            }
            if !reader.is_deleted(doc) {
                each(doc, rates.score(doc, |word| Some(all.parts[word].term_freq())));
            }
            doc = all.advance();
        }
        Ok(())
    }

    /// Returns whether decoding every posting of the words in a segment costs less than seeking so few documents.
    fn are_dense(&self, ord: usize, fewest: u32) -> bool {
        fewest.saturating_mul(SEEK) >= self.scorer.frequencies(ord).fold(0, u32::saturating_add)
    }

    /// Gives every article of a range that fulfils the plan's filter and has at least one of the bare words, and says
    /// whether it has all of them.
    fn some(&self, task: &Task<'_>, each: &mut impl FnMut(DocId, f32, bool)) -> tantivy::Result<()> {
        let Task { ord, reader, ref docs } = *task;
        let segment = self.segment(task);
        let find = |clause: &Option<Clause>| clause.as_ref().map(|clause| segment.docs(clause)).transpose();
        let (mut given, mut together) = (find(&self.given)?, find(&self.together)?);
        if self.are_dense(ord, given.as_ref().map_or(u32::MAX, |given| given.size_hint()))
            && let Some((mut windows, mut rates)) = self.scorer.windows(ord, reader)?
        {
            windows.any(docs.clone(), &mut |doc, here| {
                let allowed = given.as_mut().is_none_or(|given| reach(given, doc) == doc);
                if allowed && !reader.is_deleted(doc) {
                    let complete = here.complete() && together.as_mut().is_none_or(|set| reach(set, doc) == doc);
                    each(doc, rates.score(doc, |word| here.times(word)), complete);
                }
            });
            return Ok(());
        }
        let mut scorer = self.scorer.segment(ord, reader)?;
        scorer.seek(docs.start);
        while let Some(doc) = scorer.at.iter().copied().min().filter(|doc| *doc < docs.end) {
            let allowed = given.as_mut().map_or(doc, |given| reach(given, doc));
            if allowed >= docs.end {
                break;
            }
            if allowed > doc {
                scorer.seek(allowed);
                continue;
            }
            if !reader.is_deleted(doc) {
                let complete = scorer.at.iter().all(|at| *at == doc)
                    && together.as_mut().is_none_or(|together| reach(together, doc) == doc);
                each(doc, scorer.score(doc), complete);
            }
            scorer.pass(doc);
        }
        Ok(())
    }
}

/// Returns whether the first articles of a ranking, each story taken once, stand out from those behind.
fn stands_out(ranked: &[Ranked]) -> bool {
    let mut seen = FxHashSet::default();
    let first = |ranked: &&Ranked| ranked.place.story.is_none_or(|story| seen.insert(story));
    let mut scores = ranked.iter().filter(first).map(|ranked| ranked.place.score);
    let best = scores.next().unwrap_or_default();
    scores.nth(1).is_none_or(|third| third < FLAT * best)
}

/// Moves to a document or past it, and returns where that is.
fn reach(docs: &mut Docs, doc: DocId) -> DocId {
    if docs.doc() < doc { docs.seek(doc) } else { docs.doc() }
}

/// Returns what a bare word scores by: one unit for each term in it, or a single one where it has several names.
fn units_of(clause: &Clause) -> Vec<Unit> {
    match clause {
        Clause::Words { terms, .. } => terms.iter().flat_map(term_units).collect(),
        Clause::Any(clauses) => {
            let typed = |clause: &Clause| match clause {
                Clause::Words { terms, .. } => {
                    terms.iter().map(|term| term.typed.as_str()).collect::<Vec<_>>().join(" ")
                }
                _ => String::new(),
            };
            let name = clauses.iter().map(typed).collect::<Vec<_>>().join("/");
            let alternatives = clauses.iter().filter_map(|clause| match clause {
                Clause::Words { terms, .. } => Some(Form::all(Field::Text, terms)).filter(|forms| !forms.is_empty()),
                _ => None,
            });
            vec![Unit { name, alternatives: alternatives.collect(), first: None, worth: 1.0 }]
        }
        _ => Vec::new(),
    }
}

fn term_units(term: &Term) -> Vec<Unit> {
    let forms = Form::of(Field::Text, term);
    let first = Form::of(Field::Text, &Term::exact(&term.typed)).pop();
    let first = first.filter(|_| term.manner == Manner::Like && forms.len() == 1);
    let unit =
        |form| Unit { name: term.typed.clone(), alternatives: vec![vec![form]], first: first.clone(), worth: 1.0 };
    forms.into_iter().map(unit).collect()
}

fn add_units(found: Vec<Unit>, units: &mut Vec<Unit>) {
    for unit in found {
        if !units.iter().any(|known| known.alternatives == unit.alternatives && known.first == unit.first) {
            units.push(unit);
        }
    }
}

/// Collects the words of a filter that say what an article is about; nothing under a Not.
fn scoring_units(clause: &Clause, units: &mut Vec<Unit>) {
    let text = |field: &Field| {
        matches!(field, Field::Text | Field::Headline | Field::Dek | Field::Body | Field::Lead | Field::Hlead)
    };
    match clause {
        Clause::Words { field, .. } if text(field) => add_units(units_of(clause), units),
        Clause::AtLeast { what, .. } => scoring_units(what, units),
        Clause::All(clauses) | Clause::Any(clauses) | Clause::Near { parts: clauses, .. } => {
            for clause in clauses {
                scoring_units(clause, units);
            }
        }
        _ => {}
    }
}

/// Days after which recency adds half as much.
const HALF_LIFE_DAYS: f32 = 30.0;

/// Returns the day of the newest article.
fn newest(look: Look<'_>) -> tantivy::Result<Option<i64>> {
    let mut newest = None;
    for reader in look.searcher.segment_readers() {
        let dates = reader.fast_fields().u64("date")?;
        if dates.values.num_vals() > 0 {
            newest = newest.max(Some(Date::from_number(dates.max_value() as u32).day_count()));
        }
    }
    Ok(newest)
}

/// Returns what recency multiplies the score of an article with: 2 on the newest day, 1 for what has no date.
pub fn recency(date: Option<u64>, newest: i64) -> f32 {
    let age = |date: u64| (newest - Date::from_number(date as u32).day_count()).max(0) as f32;
    1.0 + date.map_or(0.0, |date| (-age(date) / HALF_LIFE_DAYS).exp2())
}
