//! What an index holds, in a dozen lines.

use std::io::{self, Write};

use super::{grouped, sized};
use crate::hits::Stats;
use crate::layers::QuoteKind;
use crate::render::Style;
use crate::render::flow::{Indent, Pen};
use crate::render::paint::Paint;

/// Columns of the labels.
const LABELS: usize = 10;

/// Writes what an index holds.
pub fn write(stats: &Stats, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut pen = Pen::new(style, out);
    for (label, value) in rows(stats) {
        pen.put(Paint::Faint, &format!("{label:<LABELS$}"))?;
        pen.flow(Indent::after(LABELS), &[(Paint::Plain, &value)])?;
    }
    Ok(())
}

fn rows(stats: &Stats) -> Vec<(&'static str, String)> {
    let quotes: u64 = stats.quotes.iter().sum();
    let kinds = QuoteKind::ALL.iter().zip(stats.quotes).filter(|(_, count)| *count > 0);
    let kinds: Vec<String> = kinds.map(|(kind, count)| format!("{} {}", grouped(count), kind.name())).collect();
    let articles = with(grouped(stats.articles), stats.undated, "without a date");
    let copies = if stats.copies == 1 { "of the articles is a copy" } else { "of the articles are copies" };
    let mut rows = vec![
        ("index", stats.index.clone()),
        ("articles", with(articles, stats.future, "of a day to come")),
        ("stories", with(grouped(stats.articles - stats.copies), stats.copies, copies)),
        ("files", grouped(stats.files)),
    ];
    if stats.copies == 0 {
        rows.retain(|(label, _)| *label != "stories");
    }
    if let Some((first, last)) = stats.dates {
        rows.push(("dates", format!("{first} to {last}")));
    }
    rows.push((
        "quotes",
        if kinds.is_empty() { grouped(quotes) } else { format!("{}: {}", grouped(quotes), kinds.join(", ")) },
    ));
    if quotes > 0 {
        rows.push(("speakers", with(grouped(stats.speakers), stats.quotes_without_speaker, "quotes without one")));
    }
    rows.push(("text", sized(stats.text_bytes)));
    let ratio = if stats.text_bytes > 0 {
        format!(", {:.2} times the text", stats.index_bytes as f64 / stats.text_bytes as f64)
    } else {
        String::new()
    };
    rows.push(("on disk", format!("{}{ratio}", sized(stats.index_bytes))));
    rows.push(("format", format!("{}, segments {}", stats.version, grouped(stats.segments))));
    rows
}

/// Returns a value with a count behind it, where there is something to count.
fn with(value: String, count: u64, words: &str) -> String {
    if count == 0 { value } else { format!("{value}; {} {words}", grouped(count)) }
}
