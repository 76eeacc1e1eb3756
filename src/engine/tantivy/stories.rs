//! Which articles of an index are copies of one story: a file beside it, made at the end of a run.
//!
//! The file says which commit it was made from. While a run goes on it is of the commit before, and what is new is no
//! copy of anything yet; where it is missing or damaged, nothing is. Both end with the next run. It depends on the
//! articles alone, not on segments: they are taken by date and key, and named by their signature.
//!
//! A question asks for the stories of everything that it finds, and looking a signature up costs more than finding the
//! article. So behind the table stand the stories of each segment's articles in their order: the bytes of its id, four
//! bytes with the number of articles, four bytes for each with its story, 0 for none. They are only a shorter way:
//! a segment that a merge has made since has none there, and is looked up.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs;
use std::path::Path;

use tantivy::columnar::{Column, Streamer};
use tantivy::directory::OwnedBytes;
use tantivy::index::{SegmentMeta, SegmentReader};
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
        let columns = segment.fast_fields();
        let in_order = sections(self.0.rest()).find(|(id, _)| *id == segment.segment_id().uuid_string().as_bytes());
        Ok(match in_order {
            Some((_, stories)) => SegmentStories::InOrder(columns.u64(ARTICLES)?, stories),
            None => SegmentStories::ByName(&self.0, columns.u64("signature")?),
        })
    }
}

/// The column whose values are one for each article.
const ARTICLES: &str = "body_at";

/// The stories of a segment's articles.
pub enum SegmentStories<'s> {
    /// As numbers in the order of the articles; the column knows the place of each.
    InOrder(Column<u64>, &'s [u8]),
    /// By the articles' names.
    ByName(&'s Table<OwnedBytes>, Column<u64>),
}

impl SegmentStories<'_> {
    /// Returns the number of an article's story; nothing where it has no copies.
    pub fn story(&self, article: DocId) -> Option<u32> {
        match self {
            SegmentStories::InOrder(articles, stories) => {
                let at = articles.index.value_row_ids(article).next()? as usize * size_of::<u32>();
                let story = stories.get(at..)?.first_chunk()?;
                Some(u32::from_le_bytes(*story)).filter(|story| *story != 0)
            }
            SegmentStories::ByName(table, _) if table.is_empty() => None,
            SegmentStories::ByName(table, signatures) => table.story(signatures.first(article)?),
        }
    }
}

/// Gives the stories of segments in the order of their articles: the bytes of a segment's id, and the numbers.
fn sections(mut bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    std::iter::from_fn(move || {
        let (id, rest) = bytes.split_at_checked(ID)?;
        let (count, rest) = rest.split_first_chunk()?;
        let (stories, rest) = rest.split_at_checked(u32::from_le_bytes(*count) as usize * size_of::<u32>())?;
        bytes = rest;
        Some((id, stories))
    })
}

/// Bytes of a segment's id, in hexadecimal digits.
const ID: usize = 32;

/// Returns the stories of every segment in the order of its articles.
fn in_order(table: &Table<&[u8]>, segments: &[SegmentReader]) -> tantivy::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for segment in segments.iter().filter(|_| !table.is_empty()) {
        let columns = segment.fast_fields();
        let (signatures, articles) = (columns.u64("signature")?, columns.u64(ARTICLES)?);
        bytes.extend_from_slice(segment.segment_id().uuid_string().as_bytes());
        bytes.extend_from_slice(&articles.values.num_vals().to_le_bytes());
        for article in 0..segment.max_doc() {
            if !articles.index.value_row_ids(article).is_empty() {
                let story = signatures.first(article).and_then(|name| table.story(name));
                bytes.extend_from_slice(&story.unwrap_or(0).to_le_bytes());
            }
        }
    }
    Ok(bytes)
}

/// Makes the file anew where it is not of the last commit.
///
/// # Errors
/// When the index cannot be read, or the file cannot be written.
pub fn bring_in_step(index: &tantivy::Index, path: &Path) -> tantivy::Result<()> {
    let metas = index.load_metas()?;
    let name = path.join(STORIES_FILE);
    let known = Table::new(fs::read(&name).unwrap_or_default());
    let is_known = known.stamp() == Some(metas.opstamp);
    let has_way =
        |segment: &SegmentMeta| sections(known.rest()).any(|(id, _)| id == segment.id().uuid_string().as_bytes());
    if is_known && (known.is_empty() || metas.segments.iter().all(has_way)) {
        return Ok(());
    }
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    let searcher = reader.searcher();
    let mut bytes = if is_known {
        known.into_bytes()
    } else {
        let articles = signatures(searcher.segment_readers())?;
        let stories = copies::stories(&articles);
        copies::write(metas.opstamp, members(&articles, &stories))
    };
    bytes.extend(in_order(&Table::new(&bytes[..]), searcher.segment_readers())?);
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
