//! How often somebody speaks or is named: one walk over the columns of names, every count exact.
//!
//! Memory grows with the number of different names and not with that of articles or quotes: an article is counted once
//! for each identity by remembering which article counted last.

use tantivy::index::SegmentReader;
use tantivy::postings::SegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED};

use super::family::{Bond, Family};
use super::fields::Tag;
use super::matching::{Look, Segment, Target};
use super::names::{self, Entry, Table};
use super::sets::AllOf;
use crate::article::Date;
use crate::identity::{Count, Together};
use crate::layers::{QuoteKind, Role};
use crate::plan::Clause;

/// What is counted.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// What must hold of an article or a quote; nothing means every one.
    pub filter: Option<&'a Clause>,
    /// The number of the identity that each name of the table goes to.
    pub of: &'a [u32],
    /// How many identities there are.
    pub identities: usize,
    /// Whom the others are to be named with, and whether in one sentence and not only in one article.
    pub with: Option<(u32, bool)>,
}

/// How often each identity speaks or is named.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// For each identity.
    pub identities: Vec<Count>,
    /// For each name of the table, quotes it speaks or articles that name it.
    pub names: Vec<u32>,
    /// For each identity, where somebody to be named with was asked for.
    pub together: Vec<Together>,
}

impl Counts {
    fn new(table: &Table, asked: &Asked<'_>) -> Counts {
        let together = asked.with.map_or(0, |_| asked.identities);
        Counts {
            identities: vec![Count::default(); asked.identities],
            names: vec![0; table.names.len()],
            together: vec![Together::default(); together],
        }
    }
}

/// Gives every living document of a kind that fulfils the condition.
fn each_doc(segment: &Segment<'_>, filter: Option<&Clause>, each: &mut dyn FnMut(DocId)) -> tantivy::Result<()> {
    let mut docs = vec![segment.everything()?];
    if let Some(filter) = filter {
        docs.push(segment.docs(filter)?);
    }
    let mut docs = AllOf::new(docs);
    while docs.doc() != TERMINATED {
        if !segment.reader.is_deleted(docs.doc()) {
            each(docs.doc());
        }
        docs.advance();
    }
    Ok(())
}

/// Counts who speaks: quotes that fulfil the condition, and the articles they stand in.
///
/// # Errors
/// When the index cannot be read.
pub fn speakers(look: Look<'_>, table: &Table, asked: &Asked<'_>) -> tantivy::Result<Counts> {
    let mut counts = Counts::new(table, asked);
    let mut last = vec![None; asked.identities];
    for (ord, (reader, ords)) in look.searcher.segment_readers().iter().zip(&table.segments).enumerate() {
        let Some(column) = names::speakers(reader)? else { continue };
        let (family, dates) = (Family::new(reader, &[])?, reader.fast_fields().u64("date")?);
        let mut roles = Tagged::read(look, reader, &Role::ALL.map(|role| (Tag::Role, role.name())))?;
        let mut kinds = Tagged::read(look, reader, &QuoteKind::ALL.map(|kind| (Tag::Kind, kind.name())))?;
        each_doc(&look.segment(reader, Target::Quotes), asked.filter, &mut |quote| {
            let Some(value) = column.term_ords(quote).next() else { return };
            let Entry::Name(name, _) = ords.speakers.get(value) else { return };
            let identity = asked.of[name as usize] as usize;
            counts.names[name as usize] += 1;
            let count = &mut counts.identities[identity];
            kinds.each(quote, |kind| count.quotes[kind] += 1);
            roles.each(quote, |role| count.roles[role] += 1);
            let article = family.article(quote);
            if last[identity].replace((ord, article)) != Some((ord, article)) {
                count.articles += 1;
                let date = article.and_then(|article| dates.first(article));
                date.into_iter().for_each(|date| count.date(Date::from_number(date as u32)));
            }
        })?;
    }
    Ok(counts)
}

/// Which of several tags documents have, for documents in rising order.
struct Tagged(Vec<(usize, SegmentPostings)>);

impl Tagged {
    fn read(look: Look<'_>, reader: &SegmentReader, tags: &[(Tag, &str)]) -> tantivy::Result<Tagged> {
        let index = reader.inverted_index(look.handles.tags)?;
        let mut found = Vec::new();
        for (number, (tag, value)) in tags.iter().enumerate() {
            let postings = index.read_postings(&look.handles.tag(*tag, value), IndexRecordOption::Basic)?;
            found.extend(postings.map(|postings| (number, postings)));
        }
        Ok(Tagged(found))
    }

    fn each(&mut self, doc: DocId, mut each: impl FnMut(usize)) {
        for (number, postings) in &mut self.0 {
            if postings.doc() < doc {
                postings.seek(doc);
            }
            if postings.doc() == doc {
                each(*number);
            }
        }
    }
}

/// Counts who and what is named: articles that fulfil the condition, and those or their sentences with somebody else.
///
/// # Errors
/// When the index cannot be read.
pub fn entities(look: Look<'_>, table: &Table, asked: &Asked<'_>) -> tantivy::Result<Counts> {
    let mut counts = Counts::new(table, asked);
    let mut all = 0;
    let (mut numbered, mut here) = (Vec::new(), Vec::new());
    for (reader, ords) in look.searcher.segment_readers().iter().zip(&table.segments) {
        let Some(column) = names::entities(reader)? else { continue };
        let (family, dates) = (Family::new(reader, &[Bond::Named])?, reader.fast_fields().u64("date")?);
        each_doc(&look.segment(reader, Target::Articles), asked.filter, &mut |article| {
            numbered.clear();
            here.clear();
            for value in column.term_ords(article) {
                let Entry::Name(name, _) = ords.entities.get(value) else { continue };
                let identity = asked.of[name as usize];
                counts.names[name as usize] += 1;
                numbered.push(identity);
            }
            here.extend_from_slice(&numbered);
            distinct(&mut here);
            let date = dates.first(article).map(|date| Date::from_number(date as u32));
            for identity in &here {
                let count = &mut counts.identities[*identity as usize];
                count.articles += 1;
                date.into_iter().for_each(|date| count.date(date));
            }
            match asked.with {
                None => {}
                Some((with, false)) => {
                    all += 1;
                    add(&here, with, &mut counts.together);
                }
                Some((with, true)) => {
                    here.clear();
                    for (number, opens) in family.names(article) {
                        if opens && !here.is_empty() {
                            all += 1;
                            distinct(&mut here);
                            add(&here, with, &mut counts.together);
                            here.clear();
                        }
                        here.extend(numbered.get(number as usize));
                    }
                    if !here.is_empty() {
                        all += 1;
                        distinct(&mut here);
                        add(&here, with, &mut counts.together);
                    }
                }
            }
        })?;
    }
    if let Some((with, _)) = asked.with {
        let other = counts.together.get(with as usize).map_or(0, |with| with.this);
        counts.together.iter_mut().for_each(|together| (together.other, together.all) = (other, all));
    }
    Ok(counts)
}

fn distinct(identities: &mut Vec<u32>) {
    identities.sort_unstable();
    identities.dedup();
}

/// Counts those who are named in one place.
fn add(here: &[u32], with: u32, counts: &mut [Together]) {
    let both = u32::from(here.binary_search(&with).is_ok());
    for identity in here {
        let together = &mut counts[*identity as usize];
        together.this += 1;
        together.both += both;
    }
}
