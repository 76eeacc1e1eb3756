//! Whose copy an article is, as far as its text says: the agency in the dateline, the byline or the last line.
//!
//! Nothing is guessed from likeness: an agency counts where it is credited. A dateline may also credit one that is not
//! in the list, if its name says what it is: "(Harbour Press)".

use std::sync::LazyLock;

use crate::article::Article;

/// A line about the source at the end of an article is no longer than this many bytes.
const LINE: usize = 120;

/// The agencies: what each is called here, and what it is called in credits.
static AGENCIES: LazyLock<Vec<(&str, Vec<&str>)>> = LazyLock::new(|| {
    let rows = include_str!("words/agencies.txt").lines().filter(|row| !row.starts_with('#'));
    rows.filter_map(|row| row.split_once(": ")).map(|(name, forms)| (name, forms.split("; ").collect())).collect()
});

/// What an agency that is not in the list ends with.
const ENDINGS: [&str; 6] = [" Press", " Wire", " News", " News Agency", " News Service", " Agency"];

/// Returns the agency that an article is credited to.
pub fn of(article: &Article) -> Option<String> {
    let body = article.body.of(&article.text);
    let dateline = article.meta.dateline.as_deref().and_then(in_dateline);
    let found = dateline.or_else(|| opening(body)).or_else(|| in_byline(article.meta.byline.as_deref()?));
    found.or_else(|| closing(body))
}

/// Returns the agency in parentheses at the end of a dateline: `WASHINGTON, Sept 19 (Reuters)`.
fn in_dateline(dateline: &str) -> Option<String> {
    let (_, credited) = dateline.trim_end().strip_suffix(')')?.rsplit_once('(')?;
    let by_name = || ENDINGS.iter().any(|ending| credited.ends_with(ending) && credited.len() > ending.len());
    named(credited).map(str::to_owned).or_else(|| by_name().then(|| credited.to_owned()))
}

/// Returns the agency that opens a body: `(Reuters) - Oil rose`, `Reuters — Oil rose`.
fn opening(body: &str) -> Option<String> {
    let start = body.trim_start();
    // Most bodies open with something else: it is not looked for in them to their end.
    if !start.starts_with('(') && !opens_with_name(start) {
        return None;
    }
    if let Some((credited, rest)) = start.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        let dash = rest.trim_start().starts_with(['-', '–', '—']);
        return named(credited).filter(|_| dash).map(str::to_owned);
    }
    let (credited, _) = [" — ", " – ", " - ", " -- "].iter().find_map(|dash| start.split_once(dash))?;
    named(credited).map(str::to_owned)
}

/// Returns whether a text begins with what an agency is called, perhaps as a part of a longer word.
fn opens_with_name(text: &str) -> bool {
    let first = |text: &str| text.bytes().next().map(|letter| letter.to_ascii_lowercase());
    let start = |form: &str| text.as_bytes().get(..form.len());
    let letter = first(text);
    let opens = |form: &&str| {
        first(form) == letter && start(form).is_some_and(|start| start.eq_ignore_ascii_case(form.as_bytes()))
    };
    AGENCIES.iter().any(|(_, forms)| forms.iter().any(opens))
}

/// Returns the agency that a byline names: `Ada Finch, Associated Press`, `Reuters Staff`, `By AFP`.
fn in_byline(byline: &str) -> Option<String> {
    let parts = byline
        .split([',', '/', '|', ';', '(', ')'])
        .flat_map(|part| part.split(" of "))
        .flat_map(|part| part.split(" for "));
    let bare = |part: &str| {
        let part = part.trim().trim_start_matches("By ").trim_start_matches("by ");
        let part = [" Staff", " staff", " Writer", " Staff Writer", " Reporter"]
            .iter()
            .fold(part, |part, end| part.strip_suffix(end).unwrap_or(part));
        named(part).map(str::to_owned)
    };
    parts.map(bare).find_map(|found| found)
}

/// Returns the agency in the last line, if that is a credit and nothing else: `— Reuters`, `(AP)`, `© 2024 AFP`.
fn closing(body: &str) -> Option<String> {
    let last = body.trim_end().lines().next_back()?.trim();
    if last.len() > LINE {
        return None;
    }
    let own_line = last.trim_start_matches(|letter: char| {
        letter.is_whitespace() || letter.is_ascii_digit() || matches!(letter, '-' | '–' | '—' | '(' | '©' | '[')
    });
    let own_line =
        ["Source: ", "Copyright "].iter().fold(own_line, |line, start| line.strip_prefix(start).unwrap_or(line));
    let own_line = own_line.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == ' ');
    let own_line = own_line.trim_end_matches(['.', ')', ']']).trim_end_matches(". All rights reserved").trim_end();
    let at_end = || {
        let (_, credited) = last.strip_suffix(')')?.rsplit_once('(')?;
        named(credited)
    };
    named(own_line).or_else(at_end).map(str::to_owned)
}

/// Returns what the agency of that credit is called here.
fn named(credited: &str) -> Option<&'static str> {
    let credited = credited.trim();
    let is = |form: &&str| if form.len() > 5 { form.eq_ignore_ascii_case(credited) } else { *form == credited };
    AGENCIES.iter().find(|(_, forms)| forms.iter().any(is)).map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Meta, Span};

    fn check(dateline: Option<&str>, byline: Option<&str>, body: &str, expected: Option<&str>) {
        let owned = |value: Option<&str>| value.map(str::to_owned);
        let meta = Meta { dateline: owned(dateline), byline: owned(byline), ..Meta::default() };
        let article = Article { text: body.to_owned(), body: Span::new(0, body.len()), meta, ..Article::default() };
        assert_eq!(of(&article).as_deref(), expected, "{dateline:?} {byline:?} {body:?}");
    }

    #[test]
    fn finds_credits() {
        check(Some("WASHINGTON, Sept 19 (Reuters)"), None, "", Some("Reuters"));
        check(Some("GROSSETO, Italy (AP)"), None, "", Some("AP"));
        check(Some("PORT MARROW (Harbour Press)"), None, "", Some("Harbour Press"));
        check(Some("PORTLAND (Oregon)"), None, "Cows escaped.", None);
        check(None, None, "(Reuters) - Oil rose.", Some("Reuters"));
        check(None, None, "Reuters — Oil rose.", Some("Reuters"));
        check(None, None, "\n THOMSON reuters  -- Oil rose.", Some("Reuters"));
        check(None, None, "Reutersville - Oil rose.", None);
        check(None, None, "Reuters. Oil - that is - rose.", None);
        check(None, None, "(Reuters had no comment.) The mill closed.", None);
        check(None, Some("Ada Finch, Associated Press"), "", Some("AP"));
        check(None, Some("Reuters Staff"), "", Some("Reuters"));
        check(None, Some("By Ada Finch of The Associated Press"), "", Some("AP"));
        check(None, Some("Pa Dover"), "", None);
        check(None, None, "Oil rose.\n\n— Reuters", Some("Reuters"));
        check(None, None, "Oil rose.\n\n© 2024 AFP", Some("AFP"));
        check(None, None, "Oil rose a little. (AP)", Some("AP"));
        check(None, None, "Oil rose, she told Reuters.", None);
        check(None, None, "", None);
    }

    #[test]
    fn every_row_names_an_agency() {
        assert!(AGENCIES.len() > 20, "{} agencies", AGENCIES.len());
        for (name, forms) in AGENCIES.iter() {
            assert!(
                !name.is_empty() && forms.iter().all(|form| form.trim() == *form && !form.is_empty()),
                "{name}: {forms:?}"
            );
            assert_eq!(named(forms[0]), Some(*name), "another row takes {}", forms[0]);
        }
    }
}
