//! The flags that every listing has: how the answer is written and how much of it.
//!
//! A command flattens [`Listing`] into its arguments and asks it for the [`Form`]. Deliberately knows no verb.

use anyhow::{Result, bail};
use clap_complete::engine::ArgValueCompleter;

use super::complete;

use crate::likeness::nearest;
use crate::render::template::Template;
use crate::render::{OUTPUTS, Output};

/// The flags.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Listing {
    /// Show at most N, or `all`
    #[arg(short = 'n', long, value_name = "N", value_parser = limit)]
    limit: Option<usize>,
    /// What a config file says a person wants to see; exports mean all.
    #[arg(long, hide = true, value_name = "N", value_parser = limit)]
    rows: Option<usize>,
    /// Leave out the first N
    #[arg(long, value_name = "N", default_value_t = 0, hide_short_help = true)]
    pub offset: usize,
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

impl Listing {
    /// Returns how the answer is written; `quiet` is whether nothing is.
    ///
    /// # Errors
    /// When nothing is there that a NUL could end.
    pub fn form(&self, quiet: bool) -> Result<Form<'_>> {
        let end = if self.print0 { 0 } else { b'\n' };
        Ok(match &self.format {
            _ if quiet => Form::Silent,
            _ if self.count => Form::Count,
            _ if self.files => Form::List(Shape::Paths { end }),
            Some(Format::Template(template)) => Form::List(Shape::Template { template, end }),
            _ if self.print0 => bail!("`-0` ends paths and templates: it wants `-l` or `--format '{{path}}'`"),
            _ => Form::List(Shape::Rows(self.output())),
        })
    }

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

    /// Returns whether a person reads the answer here: not a program, and not somebody else later.
    pub fn is_text(&self) -> bool {
        self.output().name == "text" && !self.is_export()
    }

    /// Returns whether all that answers is meant, and nothing that only comes near: counts, paths and exports.
    pub fn is_export(&self) -> bool {
        self.count || self.files || matches!(self.format, Some(Format::Template(_))) || self.output().is_export
    }

    /// Returns how many rows to give at most; `usual` is how many a person wants to see, exports mean all.
    pub fn limit(&self, usual: usize) -> usize {
        self.limit.unwrap_or(if self.is_export() { usize::MAX } else { self.rows.unwrap_or(usual) })
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
