//! The articles of a story: where each stands, how much it shares with the earliest, and what it changed.

use std::io::{self, Write};

use super::{counted, source_line, stories};
use crate::copies::changes::{Change, Piece as Part, Whose};
use crate::hits::{Attributed, Story, Told};
use crate::render::Style;
use crate::render::flow::{Indent, Pen, Piece};
use crate::render::paint::Paint;
use crate::render::place::quoted_words;
use crate::render::words::title;

/// Writes the articles of a story, earliest first, with what each changed if that is wanted.
pub fn write(story: &Story, with_changes: bool, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut pen = Pen::new(style, out);
    let others = story.articles.len() as u64 - 1;
    let heading = if others == 0 { "1 article, no copies".to_owned() } else { stories(others + 1, others) };
    pen.line(Paint::Faint, &heading)?;
    let ranks = story.articles.len().to_string().len();
    let indent = ranks + 2;
    for (number, told) in story.articles.iter().enumerate() {
        pen.end_line()?;
        pen.put(Paint::Faint, &format!("{:>ranks$}  ", number + 1))?;
        let (text, span) = title(&told.record);
        pen.flow(Indent::after(indent), &[(Paint::Strong, span.of(text))])?;
        source_line(
            &mut pen,
            indent,
            &told.record,
            told.record.headline.map_or(told.record.body.start, |span| span.start),
        )?;
        let mut facts = facts(told, number == 0);
        if number == story.asked && others > 0 {
            facts.push("asked for".to_owned());
        }
        if !facts.is_empty() {
            pen.flow(Indent::all(indent), &[(Paint::Faint, &facts.join(" · "))])?;
        }
        if with_changes {
            changes(&mut pen, indent, told)?;
        }
    }
    Ok(())
}

/// Returns what is said of an article: its credit, what it shares with the earliest, how much it changed.
fn facts(told: &Told, earliest: bool) -> Vec<String> {
    let mut facts: Vec<String> = told.record.meta.agency.iter().map(|agency| format!("credits {agency}")).collect();
    if earliest {
        return facts;
    }
    // What is not quite all must not read as all.
    facts.push(format!("{} % shared", (told.changes.shared * 100.0).floor()));
    let count = |is: fn(&Change) -> bool| told.changes.changes.iter().filter(|change| is(change)).count();
    let counts = [
        (count(|change| matches!(change, Change::Cut(_))), "cut"),
        (count(|change| matches!(change, Change::Added(_))), "added"),
        (count(|change| matches!(change, Change::Reworded(_))), "reworded"),
    ];
    let counts: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .enumerate()
        .map(|(number, (count, what))| match number {
            0 => format!("{} {what}", counted(count as u64, "sentence")),
            _ => format!("{count} {what}"),
        })
        .collect();
    facts.extend(Some(counts.join(", ")).filter(|counts| !counts.is_empty()));
    if !told.attributed.is_empty() {
        facts.push(format!("{} attributed otherwise", counted(told.attributed.len() as u64, "quote")));
    }
    facts
}

/// Writes what an article changed, a line a sentence.
fn changes(pen: &mut Pen<'_>, indent: usize, told: &Told) -> io::Result<()> {
    for change in &told.changes.changes {
        let (sign, pieces) = match change {
            Change::Cut(words) => ("- ", vec![(Paint::Mark, words.clone())]),
            Change::Added(words) => ("+ ", vec![(Paint::Quote, words.clone())]),
            Change::Reworded(parts) => ("~ ", reworded(parts)),
        };
        let pieces: Vec<Piece<'_>> = pieces.iter().map(|(paint, words)| (*paint, words.as_str())).collect();
        pen.pad(indent)?;
        pen.put(Paint::Faint, sign)?;
        pen.flow(Indent::after(indent + 2), &pieces)?;
    }
    for attributed in &told.attributed {
        pen.flow(Indent::all(indent), &[(Paint::Plain, &otherwise(attributed, &told.record.text))])?;
    }
    Ok(())
}

/// Returns a reworded sentence as a diff of words shows it: `the owner [-said.-] {+told the Gazette.+}`.
fn reworded(parts: &[Part]) -> Vec<(Paint, String)> {
    let mut pieces = Vec::new();
    for (number, part) in parts.iter().enumerate() {
        if number > 0 {
            pieces.push((Paint::Plain, " ".to_owned()));
        }
        pieces.push(match part.of {
            Whose::First => (Paint::Mark, format!("[-{}-]", part.words)),
            Whose::Second => (Paint::Quote, format!("{{+{}+}}", part.words)),
            Whose::Both => (Paint::Plain, part.words.clone()),
        });
    }
    pieces
}

fn otherwise(attributed: &Attributed, text: &str) -> String {
    let name = |name: Option<&str>| name.unwrap_or("nobody named").to_owned();
    let here = name(attributed.quote.speaker.as_ref().map(|speaker| speaker.name.as_str()));
    let words = quoted_words(&attributed.quote, text);
    format!(
        "“{}” is said by {here}, in the earliest by {}",
        words.trim_end_matches(','),
        name(attributed.before.as_deref())
    )
}
