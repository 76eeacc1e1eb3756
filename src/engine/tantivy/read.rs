//! An index open for reading: one commit of it, whatever a writer does meanwhile.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;
use std::{fs, io, thread};

use rustc_hash::FxHashSet;
use tantivy::directory::MmapDirectory;
use tantivy::directory::error::OpenReadError;
use tantivy::index::SegmentReader;
use tantivy::store::StoreReader;
use tantivy::{DocAddress, ReloadPolicy, Searcher, TantivyError};

use super::articles::{self, Place, Places};
use super::directory::ReadOnly;
use super::fields::{ARTICLE, Handles, Tag, living, text_of};
use super::files::{self, Totals, file_stem};
use super::folder::{self, check_format};
use super::matching::Look;
use super::names::{self, Table, Value};
use super::stories::Stories;
use super::tally::{self, Asked, Counts};
use super::threads::{each_of, threads};
use super::{matching, quotes, skipped, terms};
use crate::article::Date;
use crate::engine::Error;
use crate::hits::{Copies, Copy, Hit, Hits, QuoteHit, Stats};
use crate::layers::QuoteKind;
use crate::plan::{Clause, Plan, QuotePlan, Rows, Sort, Term};
use crate::problem::Problem;
use crate::schema::{Field, Record, VERSION};
use crate::spelling::Form;

/// How often opening is tried again when a writer removes files under it.
const TRIES: u32 = 20;

/// How many blocks of kept records are remembered for each segment: neighbours share one, and every further one is memory
/// that the system hands out anew.
const BLOCKS: usize = 2;

/// With fewer records to read than this, a second thread costs more than it saves.
const RECORDS: usize = 8;

/// An index open for reading.
pub struct Index {
    path: PathBuf,
    handles: Handles,
    searcher: Searcher,
    /// What is kept of the documents of each segment.
    stores: Vec<StoreReader>,
    stories: Stories,
}

impl Index {
    /// Opens the last commit of the index in the folder `path`. Takes no lock and writes nothing.
    ///
    /// # Errors
    /// [`Error::Missing`] where there is none, [`Error::Version`] where it has another format.
    pub fn open(path: &Path) -> Result<Index, Error> {
        check_format(path, false)?;
        let mut tried = 0;
        loop {
            match Index::open_once(path) {
                Ok(index) => return Ok(index),
                // A writer may clear away the files of the commit that was read a moment ago.
                Err(_) if tried < TRIES && path.join("meta.json").exists() => {
                    tried += 1;
                    thread::sleep(Duration::from_millis(5 * u64::from(tried)));
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn open_once(path: &Path) -> Result<Index, Error> {
        if !path.join("meta.json").exists() {
            return Err(Error::Missing(path.to_owned()));
        }
        let broken = |error: TantivyError| match error {
            TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(file)) => {
                let name = file.file_name().unwrap_or(file.as_os_str());
                folder::broken(path, format!("{} is missing", name.display()))
            }
            error => folder::broken(path, error),
        };
        let folder = MmapDirectory::open(path).map_err(|error| broken(error.into()))?;
        let stories = Stories::open(&folder);
        let index = tantivy::Index::open(ReadOnly(folder)).map_err(broken)?;
        let handles = Handles::new();
        if index.schema() != handles.schema {
            return Err(Error::Version { index: path.to_owned(), found: None, wanted: VERSION });
        }
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().map_err(broken)?;
        let searcher = reader.searcher();
        // Tantivy takes positions that went for positions that never were.
        for segment in searcher.segment_readers() {
            let name = format!("{}.pos", segment.segment_id().uuid_string());
            if !path.join(&name).exists() {
                return Err(broken(OpenReadError::FileDoesNotExist(name.into()).into()));
            }
        }
        let stores = searcher.segment_readers().iter().map(|segment| segment.get_store_reader(BLOCKS));
        let stores = stores.collect::<io::Result<_>>().map_err(|error| broken(error.into()))?;
        Ok(Index { path: path.to_owned(), handles, searcher, stores, stories })
    }

    /// Returns what was left out and why, in the order of the paths. Of one file at most
    /// [`PROBLEM_LIMIT`](super::PROBLEM_LIMIT) are kept.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn skipped(&self) -> Result<Vec<Problem>, Error> {
        let files = files::read(&self.searcher, &self.handles).map_err(|error| self.broken(&error))?;
        let mut all = skipped::read(&self.path)?;
        all.extend(files.iter().flat_map(|known| known.problems.iter().cloned()));
        all.sort_by(|one, other| (&one.path, one.line).cmp(&(&other.path, other.line)));
        Ok(all)
    }

    fn look(&self) -> Look<'_> {
        Look { searcher: &self.searcher, stores: &self.stores, handles: &self.handles, stories: &self.stories }
    }

    /// Answers a plan with ranked articles, so many at a time, until `each` breaks off. An answer without an article is
    /// one empty part.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn articles(
        &self,
        plan: &Plan,
        rows: Rows,
        length: usize,
        each: &mut dyn FnMut(Hits) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let found = articles::answer(self.look(), plan, rows).map_err(|error| self.broken(&error))?;
        let mut places = found.places.into_iter().enumerate().peekable();
        let counts = Hits {
            total: found.total,
            partial: found.partial,
            mixed: found.mixed,
            copies: found.copies,
            partial_copies: found.partial_copies,
            folded: rows.fold.is_some(),
            hits: Vec::new(),
        };
        loop {
            let part: Vec<(usize, Place)> = places.by_ref().take(length).collect();
            let records: usize = part.iter().map(|(_, place)| 1 + place.first_copies.len()).sum();
            let threads = if records < RECORDS { 1 } else { threads() };
            let hits = each_of(&part, threads, |(number, place)| self.hit(rows.offset + number + 1, place));
            let hits = hits.map_err(|error| self.broken(&error))?;
            if each(Hits { hits, ..counts.clone() }).is_break() || places.peek().is_none() {
                return Ok(());
            }
        }
    }

    fn hit(&self, rank: usize, place: &Place) -> tantivy::Result<Hit> {
        let look = self.look();
        let first = place.first_copies.iter().map(|address| look.head(*address).map(Copy::of));
        let first = first.collect::<tantivy::Result<_>>()?;
        Ok(Hit {
            rank,
            score: place.score,
            complete: place.complete,
            reckoning: place.reckoning.clone(),
            record: look.record(place.address)?,
            copies: Copies { count: place.copies, until: place.until.map(Date::from_number), first },
            marks: Vec::new(),
            excerpts: Vec::new(),
        })
    }

    /// Returns how many articles fulfil a condition.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn count(&self, clause: &Clause) -> Result<u64, Error> {
        let plan = Plan { filter: Some(clause.clone()), ..Plan::default() };
        self.count_all(&plan).map(|found| found.total)
    }

    /// Counts the articles that answer a plan, and gives no row of them.
    fn count_all(&self, plan: &Plan) -> Result<Places, Error> {
        let rows = Rows { sort: Sort::Oldest, ..Rows::default() };
        articles::answer(self.look(), plan, rows).map_err(|error| self.broken(&error))
    }

    /// Returns the different words of the text that a typed one stands for, sorted.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn spellings(&self, term: &Term) -> Result<Vec<String>, Error> {
        let form = Form::of(Field::Text, term);
        terms::spellings(self.look(), &form).map_err(|error| self.broken(&error))
    }

    /// Returns words of a field that begin so, sorted, at most so many.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn words(&self, field: Field, start: &str, most: usize) -> Result<Vec<String>, Error> {
        terms::beginning(self.look(), field, &start.to_lowercase(), most).map_err(|error| self.broken(&error))
    }

    /// Returns names of those who speak, or of who and what is named, a word of which begins so, at most so many.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn names_beginning(&self, field: Field, start: &str, most: usize) -> Result<Vec<String>, Error> {
        names::beginning(&self.searcher, field, start, most).map_err(|error| self.broken(&error))
    }

    /// Gives every quote that answers a plan, in order, until `each` breaks off; returns how many there are.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn quotes(
        &self,
        plan: &QuotePlan,
        sort: Sort,
        each: &mut dyn FnMut(QuoteHit) -> ControlFlow<()>,
    ) -> Result<u64, Error> {
        let mut last: Option<(DocAddress, Rc<Record>)> = None;
        let mut failed = None;
        let answered = quotes::answer(self.look(), plan, sort, &mut |place| {
            let record = match &last {
                Some((address, record)) if *address == place.article => Rc::clone(record),
                _ => match self.record(place.article) {
                    Ok(record) => Rc::new(record),
                    Err(error) => {
                        failed = Some(error);
                        return ControlFlow::Break(());
                    }
                },
            };
            last = Some((place.article, Rc::clone(&record)));
            each(QuoteHit { record, ordinal: place.ordinal as usize, score: place.score, marks: Vec::new() })
        });
        let total = answered.map_err(|error| self.broken(&error))?;
        failed.map_or(Ok(total), Err)
    }

    /// Returns how many quotes answer a plan.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn count_quotes(&self, plan: &QuotePlan) -> Result<u64, Error> {
        quotes::count(self.look(), plan).map_err(|error| self.broken(&error))
    }

    /// Returns the canonical names that are kept under some words (see [`crate::identity::key`]), or all of them.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn names(&self, keys: Option<&[String]>) -> Result<Table, Error> {
        Table::read(&self.searcher, keys).map_err(|error| self.broken(&error))
    }

    /// Counts who speaks, by the names of a table.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn count_speakers(&self, table: &Table, asked: &Asked<'_>) -> Result<Counts, Error> {
        tally::speakers(self.look(), table, asked).map_err(|error| self.broken(&error))
    }

    /// Counts who and what is named, by the names of a table.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn count_entities(&self, table: &Table, asked: &Asked<'_>) -> Result<Counts, Error> {
        tally::entities(self.look(), table, asked).map_err(|error| self.broken(&error))
    }

    /// Returns an article and its copies, earliest first; the article alone where it has none.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn copies(&self, article: &Record) -> Result<Vec<Record>, Error> {
        let mut records = Vec::new();
        for address in self.story(article).map_err(|error| self.broken(&error))? {
            records.push(self.record(address)?);
        }
        if records.is_empty() {
            records.push(article.clone());
        }
        records.sort_by_cached_key(|record| (record.meta.date.map_or(u32::MAX, Date::number), record.key()));
        Ok(records)
    }

    /// Returns where the articles of an article's story are kept.
    fn story(&self, article: &Record) -> tantivy::Result<Vec<DocAddress>> {
        let key = article.key();
        let mut story = None;
        for address in self.articles_with(&self.handles.tag(Tag::File, &article.path))? {
            let reader = self.searcher.segment_reader(address.segment_ord);
            let keys = reader.fast_fields().str("key")?;
            if text_of(keys.as_ref(), address.doc_id)?.is_some_and(|found| found == key) {
                story = self.stories.of(reader)?.story(address.doc_id);
            }
        }
        let mut found = Vec::new();
        for (ord, reader) in self.searcher.segment_readers().iter().enumerate().filter(|_| story.is_some()) {
            let stories = self.stories.of(reader)?;
            let told = reader.doc_ids_alive().filter(|doc| stories.story(*doc) == story);
            found.extend(told.map(|doc| DocAddress::new(ord as u32, doc)));
        }
        Ok(found)
    }

    /// Returns the articles with an id, or from a file, in the order of their keys.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn find(&self, id: &str) -> Result<Vec<Record>, Error> {
        let mut records = Vec::new();
        let by_file = matching::files(&self.searcher, &self.handles, |file| file == id || file_stem(file) == id);
        let own_id = Some(self.handles.tag(Tag::Id, id));
        for term in by_file.map_err(|error| self.broken(&error))?.into_iter().chain(own_id) {
            for address in self.articles_with(&term).map_err(|error| self.broken(&error))? {
                let record = self.record(address)?;
                // A file of several articles has the id that one of them may have, and is not meant by it.
                if record.id == id || record.path == id {
                    records.push(record);
                }
            }
        }
        if let Some((file, _)) = id.rsplit_once('#').filter(|_| records.is_empty()) {
            for address in
                self.articles_with(&self.handles.tag(Tag::File, file)).map_err(|error| self.broken(&error))?
            {
                records.extend(Some(self.record(address)?).filter(|record| record.key() == id));
            }
        }
        records.sort_by_key(Record::key);
        records.dedup_by_key(|record| record.key());
        Ok(records)
    }

    fn articles_with(&self, term: &tantivy::Term) -> tantivy::Result<Vec<DocAddress>> {
        let mut found = Vec::new();
        for (ord, segment) in self.searcher.segment_readers().iter().enumerate() {
            let body_at = segment.fast_fields().u64("body_at")?;
            let articles = living(segment, term)?.into_iter().filter(|doc| body_at.first(*doc).is_some());
            found.extend(articles.map(|doc| DocAddress::new(ord as u32, doc)));
        }
        Ok(found)
    }

    /// Returns how many segments the index has, and its bytes on disk.
    pub fn size(&self) -> (u64, u64) {
        (self.searcher.segment_readers().len() as u64, folder_bytes(&self.path))
    }

    /// Returns what the index holds.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn stats(&self) -> Result<Stats, Error> {
        let mut stats = Stats { index: self.path.display().to_string(), version: VERSION, ..Stats::default() };
        let mut speakers: FxHashSet<String> = FxHashSet::default();
        for segment in self.searcher.segment_readers() {
            self.add_stats(segment, &mut stats, &mut speakers).map_err(|error| self.broken(&error))?;
            stats.segments += 1;
        }
        stats.speakers = speakers.len() as u64;
        stats.copies = self.count_all(&Plan::default())?.copies;
        stats.index_bytes = folder_bytes(&self.path);
        Ok(stats)
    }

    /// Returns how much the index holds.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn totals(&self) -> Result<Totals, Error> {
        let Stats { articles, quotes, speakers, .. } = self.stats()?;
        Ok(Totals { articles, quotes: quotes.iter().sum(), speakers })
    }

    fn add_stats(
        &self,
        segment: &SegmentReader,
        stats: &mut Stats,
        speakers: &mut FxHashSet<String>,
    ) -> tantivy::Result<()> {
        let columns = segment.fast_fields();
        let (dates, sizes) = (columns.u64("date")?, columns.u64("size")?);
        for doc in living(segment, &self.handles.tag(Tag::Kind, ARTICLE))? {
            stats.articles += 1;
            stats.text_bytes += sizes.first(doc).unwrap_or(0);
            match dates.first(doc).map(|number| Date::from_number(number as u32)) {
                None => stats.undated += 1,
                Some(date) => {
                    let (first, last) = stats.dates.unwrap_or((date, date));
                    stats.dates = Some((first.min(date), last.max(date)));
                }
            }
        }
        let entries = columns.u64("modified")?;
        stats.files += segment.doc_ids_alive().filter(|doc| entries.first(*doc).is_some()).count() as u64;
        let column = names::speakers(segment)?;
        let mut seen = vec![false; column.as_ref().map_or(0, |column| column.num_terms())];
        for (number, kind) in QuoteKind::ALL.into_iter().enumerate() {
            for quote in living(segment, &self.handles.tag(Tag::Kind, kind.name()))? {
                stats.quotes[number] += 1;
                match column.as_ref().and_then(|column| column.term_ords(quote).next()) {
                    Some(name) => seen[name as usize] = true,
                    None => stats.quotes_without_speaker += 1,
                }
            }
        }
        let Some(column) = column else { return Ok(()) };
        let mut stream = column.dictionary().stream()?;
        while stream.advance() {
            if let Value::Speaker(_, name) = Value::read(stream.key())
                && seen[stream.term_ord() as usize]
                && !speakers.contains(name)
            {
                speakers.insert(name.to_owned());
            }
        }
        Ok(())
    }

    fn record(&self, address: DocAddress) -> Result<Record, Error> {
        self.look().record(address).map_err(|error| self.broken(&error))
    }

    fn broken(&self, error: &TantivyError) -> Error {
        if let TantivyError::IoError(cause) = error
            && cause.kind() == io::ErrorKind::InvalidInput
        {
            return Error::Refused(cause.to_string());
        }
        Error::Broken { index: self.path.clone(), detail: error.to_string() }
    }
}

fn folder_bytes(path: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(path) else { return 0 };
    entries
        .flatten()
        .filter_map(|entry| entry.metadata().ok())
        .filter(|data| data.is_file())
        .map(|data| data.len())
        .sum()
}
