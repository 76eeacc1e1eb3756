//! Who speaks, or who and what is named: a line each, with their other names behind.

use std::io::{self, Write};

use super::{counted, grouped};
use crate::identity::{Proposal, Row};
use crate::render::NameList;
use crate::render::flow::{Indent, Pen};
use crate::render::paint::Paint;
use crate::render::toml::quoted;

/// So many other names are shown, unless all are explained.
const SHOWN: usize = 8;

/// Writes a list of identities.
///
/// # Errors
/// When the writer fails.
pub fn write(rows: &[Row], table: &NameList, out: &mut dyn Write) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let style = table.style;
    let explained = style.scores;
    let mut pen = Pen::new(style, out);
    let mut columns: Vec<(&str, Vec<String>)> = Vec::new();
    let numbers = |number: &dyn Fn(&Row) -> u64| rows.iter().map(|row| grouped(number(row))).collect::<Vec<_>>();
    if table.said {
        columns.push(("quotes", numbers(&|row| u64::from(row.count.said()))));
    }
    if rows.iter().any(|row| row.together.is_some()) {
        let together = |row: &Row| row.together.unwrap_or_default();
        let scores = rows.iter().map(|row| format!("{:.0}", together(row).score())).collect();
        columns.push(("score", scores));
        columns.push(("both", numbers(&|row| u64::from(together(row).both))));
        columns.push(("of", numbers(&|row| u64::from(together(row).this))));
    } else {
        columns.push(("articles", numbers(&|row| u64::from(row.count.articles))));
    }
    let width_of =
        |(label, cells): &(&str, Vec<String>)| cells.iter().map(String::len).chain([label.len()]).max().unwrap_or(0);
    let widths: Vec<usize> = columns.iter().map(width_of).collect();
    let indent = widths.iter().sum::<usize>() + 2 * widths.len() + if table.said { 0 } else { 6 };
    let heading: Vec<String> =
        columns.iter().zip(&widths).map(|((label, _), width)| format!("{label:>width$}  ")).collect();
    pen.line(Paint::Faint, heading.concat().trim_end())?;
    for (number, row) in rows.iter().enumerate() {
        for ((_, cells), width) in columns.iter().zip(&widths) {
            pen.put(Paint::Plain, &format!("{:>width$}  ", cells[number]))?;
        }
        if !table.said {
            let kind = row.kind.map_or("", |kind| kind.name());
            pen.put(Paint::Faint, &format!("{kind:<4}  "))?;
        }
        let about = about(row);
        pen.flow(Indent::after(indent), &[(Paint::Speaker, &row.name), (Paint::Faint, &about)])?;
        if explained {
            for (name, count, reason) in &row.variants {
                pen.pad(indent)?;
                let why = format!(" ({}): {reason}", grouped(u64::from(*count)));
                pen.flow(
                    Indent { first: 0, taken: indent, rest: indent + 2 },
                    &[(Paint::Plain, name), (Paint::Faint, &why)],
                )?;
            }
        } else if !row.variants.is_empty() {
            pen.pad(indent)?;
            let also = also(row);
            pen.flow(Indent { first: 0, taken: indent, rest: indent + 2 }, &[(Paint::Faint, &also)])?;
        }
    }
    pen.end_line()?;
    let words = match rows.len() {
        shown if shown == table.total => counted(shown as u64, table.noun),
        shown => format!("{} of {}", grouped(shown as u64), counted(table.total as u64, table.noun)),
    };
    pen.line(Paint::Faint, &words)
}

/// Returns what is said behind a name: classes or offices, and from when to when.
fn about(row: &Row) -> String {
    let mut about = String::new();
    let titles: Vec<&str> = row.offices.iter().filter_map(|office| office.title.as_deref()).collect();
    if !titles.is_empty() {
        about.push_str(&format!(", {}", titles.join(", ")));
    }
    let roles: Vec<&str> = row.roles.iter().take(3).map(|role| role.name()).collect();
    if !roles.is_empty() {
        about.push_str(&format!(" · {}", roles.join(", ")));
    }
    match row.count.dates {
        Some((first, last)) if first == last => about.push_str(&format!(" · {first}")),
        Some((first, last)) => about.push_str(&format!(" · {first} to {last}")),
        None => {}
    }
    if let Some(item) = &row.wikidata {
        about.push_str(&format!(" · {item}"));
    }
    about
}

/// Returns the other names, as many as fit the eye.
fn also(row: &Row) -> String {
    let names: Vec<String> = row
        .variants
        .iter()
        .take(SHOWN)
        .map(|(name, count, _)| format!("{name} ({})", grouped(u64::from(*count))))
        .collect();
    let more = row.variants.len().saturating_sub(SHOWN);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("also {}{rest}", names.join(", "))
}

/// Writes proposals in the form of the user's file: the evidence as a comment above each.
///
/// # Errors
/// When the writer fails.
pub fn proposals(proposals: &[Proposal], out: &mut dyn Write) -> io::Result<()> {
    for (number, proposal) in proposals.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        let (own, other) = proposal.articles;
        let aliases: Vec<String> = proposal.aliases.iter().map(|name| quoted(name)).collect();
        writeln!(out, "# {}", crate::render::clean(&proposal.evidence))?;
        writeln!(out, "# in {} and {} articles", grouped(u64::from(own)), grouped(u64::from(other)))?;
        writeln!(out, "[[identity]]\nname = {}\naliases = [{}]", quoted(&proposal.name), aliases.join(", "))?;
    }
    Ok(())
}
