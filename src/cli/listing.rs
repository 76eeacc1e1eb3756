//! The flags that every listing has: how the answer is written and how much of it.
//!
//! A command flattens [`Listing`] into its arguments and asks it for the [`Form`]; one with a table of its own flattens
//! [`Table`], one with a single row [`Writing`]. Deliberately knows no verb.

use std::io::{self, Write};

use anyhow::{Error, Result, bail};
use clap_complete::engine::ArgValueCompleter;

use super::complete;
use crate::likeness::nearest;
use crate::render::columns::Row;
use crate::render::template::Template;
use crate::render::{OUTPUTS, Output, Style};

/// How an answer is written.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Writing {
    /// text, json, jsonl, csv, tsv, md, html, rss, or a template: '{date} {outlet}: {headline}'
    #[arg(long, value_name = "FORMAT", value_parser = format, overrides_with_all = ["json", "csv"])]
    #[arg(add = ArgValueCompleter::new(complete::formats))]
    format: Option<Format>,
    /// The same as --format json: one object a line
    #[arg(long, overrides_with_all = ["format", "csv"])]
    json: bool,
    /// The same as --format csv
    #[arg(long, overrides_with_all = ["format", "json"], hide_short_help = true)]
    csv: bool,
}

/// How much of an answer.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Extent {
    /// Show at most N, or `all`
    #[arg(short = 'n', long, value_name = "N", value_parser = limit)]
    limit: Option<usize>,
    /// What a config file says a person wants to see; exports mean all.
    #[arg(long, hide = true, value_name = "N", value_parser = limit)]
    rows: Option<usize>,
    /// Leave out the first N
    #[arg(long, value_name = "N", default_value_t = 0, hide_short_help = true)]
    pub offset: usize,
}

/// The flags of a list that is no list of articles or quotes.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Table {
    #[command(flatten)]
    extent: Extent,
    #[command(flatten)]
    writing: Writing,
    /// Only count
    #[arg(short, long, conflicts_with_all = ["format", "json", "csv"])]
    count: bool,
}

/// The flags of a list of articles or quotes.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Listing {
    #[command(flatten)]
    extent: Extent,
    #[command(flatten)]
    writing: Writing,
    /// Only count
    #[arg(short, long, conflicts_with_all = ["files", "format", "json", "csv"])]
    pub count: bool,
    /// Only the paths of the files
    #[arg(short = 'l', long, conflicts_with_all = ["format", "json", "csv"])]
    pub files: bool,
    /// End paths and templates with a NUL instead of a line end
    #[arg(short = '0', long = "print0", hide_short_help = true, conflicts_with_all = ["count", "json", "csv"])]
    print0: bool,
}

/// What `--format` says.
#[derive(Clone, Debug)]
enum Format {
    /// A row of the list of outputs.
    Named(&'static str),
    /// A template of the user's own.
    Template(Template),
}

/// How an answer is written.
#[derive(Clone, Copy)]
pub enum Form<'a> {
    /// Not at all: the exit code says whether there is one.
    Silent,
    /// As a number.
    Count,
    /// As a list.
    List(Shape<'a>),
}

/// How a list is written.
#[derive(Clone, Copy)]
pub enum Shape<'a> {
    /// As paths, each file once.
    Paths {
        /// What stands behind each path.
        end: u8,
    },
    /// As a template has it.
    Template {
        /// The template.
        template: &'a Template,
        /// What stands behind each row.
        end: u8,
    },
    /// As rows.
    Rows(&'static Output),
}

impl Writing {
    /// Returns what `--format` names, or one of the flags that stand for it; a template is like text.
    pub fn output(&self) -> &'static Output {
        let name = match (self.json, self.csv, &self.format) {
            (true, ..) => "json",
            (_, true, _) => "csv",
            (_, _, Some(Format::Named(name))) => name,
            _ => "text",
        };
        OUTPUTS.iter().find(|output| output.name == name).unwrap_or(&OUTPUTS[0])
    }

    /// Returns the template, where the rows are written by one.
    pub fn template(&self) -> Option<&Template> {
        match &self.format {
            Some(Format::Template(template)) => Some(template),
            _ => None,
        }
    }

    /// Returns how rows are written; `end` stands behind each that a template writes.
    pub fn shape(&self, end: u8) -> Shape<'_> {
        self.template().map_or(Shape::Rows(self.output()), |template| Shape::Template { template, end })
    }

    fn is_export(&self) -> bool {
        self.template().is_some() || self.output().is_export
    }

    /// Writes rows of which there is no list but a table: by the template, or by what an output has for them.
    ///
    /// # Errors
    /// When the output has nothing for them (`what` they are), or the writer fails.
    pub fn write<R: Row, W>(
        &self,
        rows: &[R],
        style: Style,
        what: &str,
        of: impl Fn(&'static Output) -> Option<W>,
        write: impl FnOnce(W, &mut dyn Write) -> io::Result<()>,
        out: &mut dyn Write,
    ) -> Result<()> {
        if let Some(template) = self.template() {
            return Ok(template.all(rows, b'\n', style, out).map_err(Error::msg)??);
        }
        let Some(found) = of(self.output()) else {
            let others: Vec<&str> =
                OUTPUTS.iter().filter(|output| of(output).is_some()).map(|output| output.name).collect();
            bail!("`--format {}` has none for {what}; there are {}", self.output().name, others.join(", "));
        };
        Ok(write(found, out)?)
    }
}

impl Extent {
    /// Returns how many rows to give at most; `usual` is how many a person wants to see, exports mean all.
    fn limit(&self, usual: usize, is_export: bool) -> usize {
        self.limit.unwrap_or(if is_export { usize::MAX } else { self.rows.unwrap_or(usual) })
    }
}

impl Table {
    /// Returns how rows are written.
    pub fn writing(&self) -> &Writing {
        &self.writing
    }

    /// Returns whether nothing but their number is.
    pub fn is_count(&self) -> bool {
        self.count
    }

    /// Returns the rows that are wanted; `usual` is how many a person wants to see.
    pub fn wanted<'r, R>(&self, rows: &'r [R], usual: usize) -> &'r [R] {
        let rest = &rows[self.extent.offset.min(rows.len())..];
        // Other programs read JSON here: they want all, as of a table.
        let is_export = self.writing.is_export() || self.writing.output().name != "text";
        &rest[..self.extent.limit(usual, is_export).min(rest.len())]
    }
}

impl Listing {
    /// Returns how the answer is written; `quiet` is whether nothing is.
    ///
    /// # Errors
    /// When nothing is there that a NUL could end.
    pub fn form(&self, quiet: bool) -> Result<Form<'_>> {
        let end = if self.print0 { 0 } else { b'\n' };
        Ok(match self.writing.shape(end) {
            _ if quiet => Form::Silent,
            _ if self.count => Form::Count,
            _ if self.files => Form::List(Shape::Paths { end }),
            Shape::Rows(_) if self.print0 => {
                bail!("`-0` ends paths and templates: it wants `-l` or `--format '{{path}}'`")
            }
            shape => Form::List(shape),
        })
    }

    /// Returns how many rows to pass over.
    pub fn offset(&self) -> usize {
        self.extent.offset
    }

    /// Returns what `--format` names; a template is like text.
    pub fn output(&self) -> &'static Output {
        self.writing.output()
    }

    /// Returns whether a person reads the answer here: not a program, and not somebody else later.
    pub fn is_text(&self) -> bool {
        self.output().name == "text" && !self.is_export()
    }

    /// Returns whether all that answers is meant, and nothing that only comes near: counts, paths and exports.
    pub fn is_export(&self) -> bool {
        self.count || self.files || self.writing.is_export()
    }

    /// Returns how many rows to give at most; `usual` is how many a person wants to see, exports mean all.
    pub fn limit(&self, usual: usize) -> usize {
        self.extent.limit(usual, self.is_export())
    }
}

/// Reads the name of an output, or a template.
fn format(typed: &str) -> Result<Format, String> {
    if let Some(output) = OUTPUTS.iter().find(|output| output.name == typed) {
        return Ok(Format::Named(output.name));
    }
    if typed.contains(['{', '}', '\\']) {
        return Template::parse(typed).map(Format::Template);
    }
    let names = || OUTPUTS.iter().map(|output| output.name);
    let meant = nearest(typed, names()).map(|near| format!("did you mean `{near}`? "));
    let all: Vec<&str> = names().collect();
    Err(format!(
        "{}there are {}, and templates like '{{date}} {{headline}}'; see `onrecord help format`",
        meant.unwrap_or_default(),
        all.join(", ")
    ))
}

/// Reads how many rows are wanted: a number, or `all`.
pub fn limit(typed: &str) -> Result<usize, String> {
    match typed {
        "all" => Ok(usize::MAX),
        _ => typed.parse().ok().filter(|number| *number > 0).ok_or("wanted a number from 1, or `all`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    #[command(args_override_self = true)]
    struct Line {
        #[command(flatten)]
        listing: Listing,
    }

    fn listing(line: &str) -> Listing {
        Line::try_parse_from(line.split(' ')).unwrap_or_else(|error| panic!("{line}: {error}")).listing
    }

    #[test]
    fn the_later_flag_wins() {
        for (line, expected) in [
            ("x", "text"),
            ("x --json", "json"),
            ("x --csv --json", "json"),
            ("x --json --format csv", "csv"),
            ("x --format json --csv", "csv"),
            ("x --format csv --format trec", "trec"),
            ("x --csv --format {date}", "text"),
        ] {
            assert_eq!(listing(line).output().name, expected, "{line}");
        }
    }

    #[test]
    fn exports_mean_all_of_it() {
        for (line, expected) in [
            ("x", 10),
            ("x -n 3", 3),
            ("x -n all", usize::MAX),
            ("x --json", 10),
            ("x --rows 20", 20),
            ("x --rows 20 -n 3", 3),
            ("x --rows 20 --csv", usize::MAX),
            ("x --csv", usize::MAX),
            ("x --csv -n 3", 3),
            ("x --format tsv", usize::MAX),
            ("x --format {date}", usize::MAX),
            ("x --format html", 10),
            ("x -l", usize::MAX),
        ] {
            assert_eq!(listing(line).limit(10), expected, "{line}");
        }
    }

    #[test]
    fn a_nul_ends_what_has_an_end() {
        assert!(listing("x -l0").form(false).is_ok());
        assert!(listing("x -0 --format {path}").form(false).is_ok());
        assert!(listing("x -0").form(false).is_err());
        assert!(listing("x -0 --format md").form(false).is_err());
    }

    #[test]
    fn a_format_that_is_none_is_told() {
        assert!(format("jsno").unwrap_err().starts_with("did you mean `json`? there are text, json, "));
        assert!(format("pdf").unwrap_err().starts_with("there are text, "));
        assert!(format("{date").unwrap_err().contains("never closed"));
    }
}
