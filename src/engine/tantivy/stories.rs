//! Which articles of an index are copies of one story: a file beside it, made at the end of a run.
//!
//! The file says which commit it was made from. While a run goes on it is of the commit before, and what is new is no
//! copy of anything yet; where it is missing or damaged, nothing is. Both end with the next run. It depends on the
//! articles alone, not on segments: they are taken by date and key, and named by their signature.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs;
use std::path::Path;

use tantivy::columnar::{Column, Streamer};
use tantivy::directory::OwnedBytes;
use tantivy::index::SegmentReader;
use tantivy::{Directory, DocId, ReloadPolicy};

use crate::copies::{self, COLUMNS, Member, Signature, Table};

/// The name of the file.
pub const STORIES_FILE: &str = "onrecord.stories";

/// The stories of an index with more than one article.
pub struct Stories(Table<OwnedBytes>);

impl Stories {
    /// Opens the stories in a folder; none where the file is missing.
    pub fn open(folder: &dyn Directory) -> Stories {
        let bytes = folder.open_read(Path::new(STORIES_FILE)).ok().and_then(|file| file.read_bytes().ok());
        Stories(Table::new(bytes.unwrap_or_else(OwnedBytes::empty)))
    }

    /// Returns which commit they are of; nothing where there is no list.
    pub fn stamp(&self) -> Option<u64> {
        self.0.stamp()
    }

    /// Returns whether no article is a copy.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the stories of a segment's articles.
    ///
    /// # Errors
    /// When the segment cannot be read.
    pub fn of<'s>(&'s self, segment: &SegmentReader) -> tantivy::Result<SegmentStories<'s>> {
        Ok(SegmentStories { table: &self.0, signatures: segment.fast_fields().u64("signature")? })
    }
}

/// The stories of a segment's articles.
pub struct SegmentStories<'s> {
    table: &'s Table<OwnedBytes>,
    signatures: Column<u64>,
}

impl SegmentStories<'_> {
    /// Returns the number of an article's story; nothing where it has no copies.
    pub fn story(&self, article: DocId) -> Option<u32> {
        if self.table.is_empty() { None } else { self.table.story(self.signatures.first(article)?) }
    }
}

/// Makes the file anew where it is not of the last commit.
///
/// # Errors
/// When the index cannot be read, or the file cannot be written.
pub fn bring_in_step(index: &tantivy::Index, path: &Path) -> tantivy::Result<()> {
    let stamp = index.load_metas()?.opstamp;
    let name = path.join(STORIES_FILE);
    let known = fs::read(&name).ok().and_then(|bytes| Table::new(bytes).stamp());
    if known == Some(stamp) {
        return Ok(());
    }
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    let articles = signatures(reader.searcher().segment_readers())?;
    let stories = copies::stories(&articles);
    let bytes = copies::write(stamp, members(&articles, &stories));
    // Written aside and renamed: a reader finds the whole file or the one before.
    let aside = path.join(format!("{STORIES_FILE}.new"));
    fs::write(&aside, bytes).and_then(|()| fs::rename(&aside, &name))?;
    Ok(())
}

/// Returns the articles in stories of more than one.
fn members(articles: &[Signature], stories: &[u32]) -> Vec<Member> {
    let mut counts = vec![0_u32; articles.len()];
    stories.iter().for_each(|first| counts[*first as usize] += 1);
    let told = articles.iter().zip(stories).filter(|(_, first)| counts[**first as usize] > 1);
    told.map(|(article, first)| Member { name: article.name(), story: first + 1 }).collect()
}

/// Returns the signatures of all articles that have one, earliest first: undated ones last, and those of a day by key.
fn signatures(segments: &[SegmentReader]) -> tantivy::Result<Vec<Signature>> {
    let ranks = key_ranks(segments)?;
    let mut found: Vec<(u32, u32, Signature)> = Vec::new();
    for (segment, ranks) in segments.iter().zip(&ranks) {
        let columns = segment.fast_fields();
        let (kept, dates) = (columns.u64("signature")?, columns.u64("date")?);
        let Some(keys) = columns.str("key")? else { continue };
        for article in segment.doc_ids_alive() {
            let Some(signature) = signature(&kept, article) else { continue };
            let rank = keys.term_ords(article).next().and_then(|ord| ranks.get(ord as usize));
            let day = dates.first(article).map_or(u32::MAX, |date| date as u32);
            found.push((day, rank.copied().unwrap_or(u32::MAX), signature));
        }
    }
    found.sort_unstable_by_key(|(day, rank, _)| (*day, *rank));
    Ok(found.into_iter().map(|(.., signature)| signature).collect())
}

fn signature(kept: &Column<u64>, article: DocId) -> Option<Signature> {
    let mut columns = [0; COLUMNS];
    let mut values = kept.values_for_doc(article);
    for column in &mut columns {
        *column = values.next()?;
    }
    Some(Signature::from_columns(columns))
}

/// Returns the place of every key among those of all segments, by segment and number of the key in it.
fn key_ranks(segments: &[SegmentReader]) -> tantivy::Result<Vec<Vec<u32>>> {
    let mut columns = Vec::with_capacity(segments.len());
    for segment in segments {
        columns.push(segment.fast_fields().str("key")?);
    }
    let mut ranks: Vec<Vec<u32>> = vec![Vec::new(); segments.len()];
    let mut streams: Vec<Option<Streamer<'_>>> = Vec::with_capacity(segments.len());
    let mut next = BinaryHeap::new();
    for (number, keys) in columns.iter().enumerate() {
        let mut stream = keys.as_ref().map(|keys| keys.dictionary().stream()).transpose()?;
        push_next(&mut stream, number, &mut next);
        streams.push(stream);
    }
    let (mut rank, mut last) = (0, None);
    while let Some(Reverse((key, number))) = next.pop() {
        if last.as_ref().is_some_and(|last| *last != key) {
            rank += 1;
        }
        last = Some(key);
        ranks[number].push(rank);
        push_next(&mut streams[number], number, &mut next);
    }
    Ok(ranks)
}

fn push_next(stream: &mut Option<Streamer<'_>>, number: usize, next: &mut BinaryHeap<Reverse<(Vec<u8>, usize)>>) {
    if let Some(stream) = stream
        && stream.advance()
    {
        next.push(Reverse((stream.key().to_vec(), number)));
    }
}
