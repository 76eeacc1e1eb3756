//! What the signs in a query mean, and what to type instead of those that mean nothing here.

use crate::analyzer;
use crate::likeness::nearest;
use crate::plan::{Manner, Reach, Term};
use crate::schema::{FIELDS, Field};

/// A name right before a parenthesis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// `atleast3(…)`: so many times.
    AtLeast(u32),
    /// `said(…)`: inside one quote.
    Said,
    /// `by(…)`: who says it.
    By,
    /// The name of a field: `lead(…)` is `lead:(…)`.
    Field(Field),
}

impl Call {
    /// Returns what is called by that name, whatever its case.
    pub fn from_name(name: &str) -> Option<Call> {
        let lower = name.to_ascii_lowercase();
        match lower.as_str() {
            "said" => return Some(Call::Said),
            "by" => return Some(Call::By),
            _ => {}
        }
        if let Some(times) = lower.strip_prefix("atleast") {
            return times.parse().ok().filter(|times| *times > 0).map(Call::AtLeast);
        }
        Field::from_name(&lower).map(Call::Field)
    }
}

/// Returns what to type instead of a name that is called and does not exist.
pub fn call_like(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    if lower.starts_with("atleast") {
        return "say how often, as in `atleast3(gaza)`".to_owned();
    }
    if matches!(lower.as_str(), "near" | "within" | "pre" | "w") {
        return "words near each other are typed `ceasefire w/5 gaza`".to_owned();
    }
    let names = ["said", "by", "lead", "hlead", "atleast3", "headline"];
    match nearest(&lower, names) {
        Some(near) => format!("did you mean `{near}(…)`?"),
        _ => {
            format!("there are said(…), by(…), lead(…), hlead(…) and atleast3(…); for the word put a space: `{name} (`")
        }
    }
}

/// Returns what to type instead of a field that does not exist.
pub fn field_like(name: &str, typed: &str) -> String {
    match nearest(name, FIELDS.iter().map(|row| row.name)) {
        Some(near) => format!("did you mean `{near}:`?"),
        _ => {
            let names: Vec<String> = FIELDS.iter().map(|row| format!("`{}:`", row.name)).collect();
            format!("the fields are {}; put \"{typed}\" in quotation marks to find it as it is", names.join(", "))
        }
    }
}

/// Returns how near `w/5`, `pre/5`, `NEAR/5`, `w/s` and `w/p` mean, or what is wrong with something like it.
pub fn reach(typed: &str) -> Option<Result<Reach, (String, &'static str)>> {
    const EXAMPLE: &str = "write `w/5` for at most 5 words apart, `pre/5` in this order, `w/s` and `w/p` in one \
                           sentence or paragraph";
    if typed == "NEAR" {
        return Some(Err(("`NEAR` needs a number of words".to_owned(), EXAMPLE)));
    }
    let (name, reach) = typed.split_once('/')?;
    let ordered = match name.to_ascii_lowercase().as_str() {
        "w" | "near" => false,
        // As other archives write it; `n/a` and `/home` are words.
        "" if matches!(reach, "s" | "p") || reach.parse::<u32>().is_ok() => false,
        "n" if reach.parse::<u32>().is_ok() => false,
        "pre" => true,
        _ => return None,
    };
    let wrong = || Some(Err((format!("`{typed}` does not say how near"), EXAMPLE)));
    match reach.to_ascii_lowercase().as_str() {
        "s" if !ordered => Some(Ok(Reach::Sentence)),
        "p" if !ordered => Some(Ok(Reach::Paragraph)),
        digits => match digits.parse::<u32>() {
            Ok(words) if words > 0 && ordered => Some(Ok(Reach::Before(words))),
            Ok(words) if words > 0 => Some(Ok(Reach::Within(words))),
            _ => wrong(),
        },
    }
}

/// The signs that end a sentence or a part of one, and no word.
const STOPS: [char; 6] = ['.', ',', ';', ':', '!', '?'];

/// Returns a word and how its signs say it is meant.
pub fn term(typed: &str) -> Term {
    if typed.contains("://") {
        return Term::usual(typed);
    }
    if let Some(word) = typed.strip_prefix('=') {
        return Term::exact(word);
    }
    let bare = typed.trim_end_matches(STOPS);
    if let Some(word) = bare.strip_suffix('~').filter(|word| !word.is_empty()) {
        return Term { typed: word.to_owned(), manner: Manner::Like };
    }
    match pattern(typed) {
        Some(pattern) => Term { typed: pattern.to_owned(), manner: Manner::Wild },
        None => Term::usual(typed),
    }
}

/// Returns the pattern that a word with wildcards beside letters is, without the marks around it.
fn pattern(typed: &str) -> Option<&str> {
    let is_mark = |sign: char| matches!(sign, '\'' | '‘' | '’');
    let ends = |sign: char| is_mark(sign) || STOPS.contains(&sign);
    // A question mark behind a word ends a question.
    let end = if typed.contains('*') { typed.trim_end_matches(is_mark) } else { typed.trim_end_matches(ends) };
    Some(end.trim_start_matches(is_mark)).filter(|pattern| is_wild(pattern))
}

/// Returns the words of a phrase: in exactly this spelling, or with wildcards.
pub fn phrase_terms(words: &str) -> Vec<Term> {
    let mut terms = Vec::new();
    for piece in words.split_whitespace() {
        if let Some(pattern) = pattern(piece).filter(|_| !piece.contains("://")) {
            terms.push(Term { typed: pattern.to_owned(), manner: Manner::Wild });
        } else if analyzer::words(piece).next().is_some() {
            terms.push(Term::exact(piece));
        }
    }
    terms
}

/// Returns whether a word has wildcards beside letters.
fn is_wild(word: &str) -> bool {
    word.contains(['*', '?']) && word.chars().any(char::is_alphanumeric)
}

/// Returns what is wrong with a sign that means something elsewhere and nothing here, and what to type.
pub fn wrong(typed: &str, starts_part: bool) -> Option<(String, String)> {
    let word = |from: usize| typed[from..].to_owned();
    let has_letters = typed.chars().any(char::is_alphanumeric);
    if typed.contains("://") {
        return None;
    }
    match typed {
        "||" | "|" => return Some((format!("`{typed}` is no operator"), "write `OR`".to_owned())),
        "&&" => return Some(("`&&` is no operator".to_owned(), "write `AND`, or nothing".to_owned())),
        _ if !has_letters && typed.contains('*') => {
            return Some((
                "a lone `*` stands for no word".to_owned(),
                "write some letters beside it: `cease*`".to_owned(),
            ));
        }
        _ => {}
    }
    if !has_letters {
        return None;
    }
    let first = typed.chars().next()?;
    if starts_part && first == '!' {
        return Some(("`!` excludes nothing".to_owned(), format!("write `-{}`", word(1))));
    }
    if starts_part && matches!(first, '\u{2010}'..='\u{2015}') {
        let rest = word(first.len_utf8());
        let message = format!("`{first}` is a dash and excludes nothing");
        return Some((message, format!("to exclude write `-{rest}`; for the word put a space behind the dash")));
    }
    if let Some(at) = typed.find('^').filter(|at| *at > 0) {
        let digits = typed[at + 1..].chars().all(|letter| letter.is_ascii_digit() || letter == '.');
        return digits.then(|| ("words have no weights here".to_owned(), format!("leave out `{}`", &typed[at..])));
    }
    if typed.contains('|') {
        let words: Vec<&str> = typed.split('|').filter(|word| !word.is_empty()).collect();
        return Some(("`|` is no operator".to_owned(), format!("write `{}`", words.join(" OR "))));
    }
    if let Some(at) = typed.find('~').filter(|at| *at > 0) {
        let digits = &typed[at + 1..];
        if digits.chars().any(char::is_alphabetic) {
            return Some((
                "a `~` inside a word means nothing".to_owned(),
                format!("put a space there: `{}`", typed.replace('~', "~ ")),
            ));
        }
        if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            let suggestion = format!(
                "write `{0}~` for similar spellings, or \"{0} other\"~{digits} for words near each other",
                &typed[..at]
            );
            return Some(("`~` behind a word takes no number".to_owned(), suggestion));
        }
    }
    let wild = |word: &str| word.ends_with('~') && word.contains(['*', '?']);
    if wild(typed.trim_end_matches(['.', ',', ';', ':', '!'])) {
        let word = typed.trim_end_matches('~');
        return Some((
            "wildcards and `~` do not go together".to_owned(),
            format!("write `{word}`, or the whole word and `~`"),
        ));
    }
    let letters = typed.chars().filter(|letter| letter.is_alphanumeric()).count();
    if term(typed).manner == Manner::Wild && letters < 2 {
        return Some((format!("`{typed}` stands for too many words"), "write at least two letters of it".to_owned()));
    }
    None
}

/// Returns whether a query is in capitals throughout and holds more than acronyms, which are short.
pub fn is_shouted(query: &str) -> bool {
    let operator = |word: &str| matches!(word, "OR" | "AND" | "NOT");
    let words = || analyzer::words(query).map(|word| &query[word]).filter(|word| !operator(word));
    let long = |word: &str| word.chars().count() > 4 && word.chars().all(char::is_alphabetic);
    !query.chars().any(char::is_lowercase) && words().count() > 1 && words().any(long)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_say_how_they_are_meant() {
        for (typed, word, manner) in [
            ("talks", "talks", Manner::Usual),
            ("=talks", "talks", Manner::Exact),
            ("cease*", "cease*", Manner::Wild),
            ("wom?n", "wom?n", Manner::Wild),
            ("won?", "won?", Manner::Usual),
            ("'wom?n'?", "wom?n", Manner::Wild),
            ("‘cease*’", "cease*", Manner::Wild),
            ("netanyaho~", "netanyaho", Manner::Like),
            ("https://a.b/c?d=*", "https://a.b/c?d=*", Manner::Usual),
        ] {
            assert_eq!(term(typed), Term { typed: word.to_owned(), manner }, "{typed}");
        }
    }

    #[test]
    fn shouting_is_told_from_acronyms() {
        for (query, expected) in
            [("TALKS NOT OVER", true), ("IMF NOT OECD", false), ("CEASEFIRE", false), ("Talks NOT OVER", false)]
        {
            assert_eq!(is_shouted(query), expected, "{query}");
        }
    }
}
