//! A query cut into tokens, each with its place.

use std::ops::Range;

use super::Complaint;
use crate::analyzer;
use crate::schema::{FIELDS, Field};

/// A token of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A word as typed.
    Word(String),
    /// The words between two quotation marks.
    Phrase(String),
    /// `field:`, right before what it applies to.
    Field(Field),
    /// `-` right before something.
    Minus,
    /// `OR`.
    Or,
    /// `AND`.
    And,
    /// `NOT`.
    Not,
    /// `(`.
    Open,
    /// `)`.
    Close,
}

/// Cuts a query into tokens.
pub struct Lexer<'q> {
    query: &'q str,
    at: usize,
    /// The tokens with their places.
    pub tokens: Vec<(Token, Range<usize>)>,
    /// What cannot be understood.
    pub complaints: Vec<Complaint>,
}

/// The most complaints about one query.
const COMPLAINT_LIMIT: usize = 5;

/// Words that are asked for like a function, and what to type today.
const FUNCTIONS: &[(&str, &str)] = &[
    ("atleast", "frequencies cannot be asked for yet"),
    ("lead", "the opening cannot be asked for yet; `headline:(…)` can"),
    ("hlead", "the opening cannot be asked for yet; `headline:(…)` can"),
    ("said", "`quote:(…)` finds words inside quotes"),
    ("by", "`speaker:(…)` finds who speaks"),
];

impl<'q> Lexer<'q> {
    /// Returns the tokens of a query and what cannot be understood.
    pub fn cut(query: &'q str) -> Lexer<'q> {
        let mut lexer = Lexer { query, at: 0, tokens: Vec::new(), complaints: Vec::new() };
        while let Some(letter) = lexer.peek() {
            let start = lexer.at;
            match letter {
                letter if letter.is_whitespace() || letter.is_control() => lexer.at += letter.len_utf8(),
                '(' => lexer.push(Token::Open, start, 1),
                ')' => lexer.push(Token::Close, start, 1),
                '-' | '\u{2212}' if lexer.is_minus(start, letter) => lexer.push(Token::Minus, start, letter.len_utf8()),
                letter if is_mark(letter) => lexer.phrase(letter),
                _ => lexer.word(),
            }
        }
        lexer
    }

    /// Returns the words of a question in plain language: its signs are punctuation.
    pub fn words_of(query: &'q str) -> Lexer<'q> {
        let mut lexer = Lexer { query, at: query.len(), tokens: Vec::new(), complaints: Vec::new() };
        let mut start = None;
        for (at, letter) in query.char_indices().chain([(query.len(), ' ')]) {
            let between = letter.is_whitespace() || matches!(letter, '(' | ')' | '?' | '/' | '[' | ']');
            match (start, between) {
                (None, false) => start = Some(at),
                (Some(from), true) => {
                    lexer.plain(&query[from..at], from);
                    start = None;
                }
                _ => {}
            }
        }
        lexer
    }

    /// Adds a complaint about a place.
    pub fn complain(&mut self, span: Range<usize>, message: impl Into<String>, suggestion: impl Into<String>) {
        // Each holds the whole query: past the first few they would cost more than they tell.
        if self.complaints.len() >= COMPLAINT_LIMIT {
            return;
        }
        let suggestion = Some(suggestion.into()).filter(|suggestion| !suggestion.is_empty());
        self.complaints.push(Complaint { query: self.query.to_owned(), span, message: message.into(), suggestion });
    }

    fn peek(&self) -> Option<char> {
        self.query[self.at..].chars().next()
    }

    fn push(&mut self, token: Token, start: usize, length: usize) {
        self.at = start + length;
        self.tokens.push((token, start..self.at));
    }

    /// Returns whether a dash excludes what follows: nothing before it, something behind it.
    fn is_minus(&self, at: usize, dash: char) -> bool {
        let before = self.query[..at].chars().next_back();
        let behind = self.query[at + dash.len_utf8()..].chars().next();
        let starts = before.is_none_or(|letter| letter.is_whitespace() || letter == '(' || letter == ':');
        starts && behind.is_some_and(|letter| letter.is_alphanumeric() || letter == '(' || is_mark(letter))
    }

    fn phrase(&mut self, mark: char) {
        let start = self.at;
        let inside = start + mark.len_utf8();
        let Some((length, closing)) = closing_mark(&self.query[inside..], mark) else {
            let words = self.query[inside..].trim();
            let example =
                if words.is_empty() { String::new() } else { format!("put a mark behind the last word: \"{words}\"") };
            self.complain(start..inside, "this quotation mark is never closed", example);
            self.at = self.query.len();
            return;
        };
        let words = &self.query[inside..inside + length];
        let end = inside + length + closing.len_utf8();
        if analyzer::words(words).next().is_none() {
            self.complain(start..end, "there is no word between these marks", "");
        }
        self.push(Token::Phrase(words.to_owned()), start, end - start);
        if self.peek() == Some('~') {
            let rest = self.query[self.at..].find(char::is_whitespace).unwrap_or(self.query.len() - self.at);
            let place = self.at..self.at + rest;
            self.complain(place.clone(), "words near each other cannot be asked for yet", "leave out the `~`");
            self.at = place.end;
        }
    }

    fn word(&mut self) {
        let dashes = self.query[self.at..].chars().take_while(|letter| matches!(letter, '-' | '+' | '\u{2212}'));
        let dashes: usize = dashes.map(char::len_utf8).sum();
        if dashes > 0 && self.query[self.at + dashes..].starts_with(char::is_alphanumeric) {
            self.dashes(dashes);
        }
        let start = self.at;
        let rest = &self.query[start..];
        let ends = |letter: char| {
            letter.is_whitespace() || letter.is_control() || matches!(letter, '(' | ')') || is_mark(letter)
        };
        let end = start + rest.find(ends).unwrap_or(rest.len());
        let typed = &self.query[start..end];
        self.at = end;
        // `headline:AND` looks for the word, and so does what is glued to a phrase.
        let in_field = matches!(self.tokens.last(), Some((Token::Field(_), span)) if span.end == start)
            || dashes > 0 && !self.query[..start].ends_with(char::is_whitespace);
        match typed {
            "OR" | "AND" | "NOT" if in_field => self.tokens.push((Token::Word(typed.to_lowercase()), start..end)),
            "OR" => self.tokens.push((Token::Or, start..end)),
            "AND" => self.tokens.push((Token::And, start..end)),
            "NOT" => self.tokens.push((Token::Not, start..end)),
            typed => {
                if !self.field(typed, start) && !self.unsupported(typed, start) {
                    self.plain(typed, start);
                }
            }
        }
    }

    /// Passes over dashes glued to what stands before them; asks about others that are not one minus.
    fn dashes(&mut self, length: usize) {
        let start = self.at;
        let glued =
            self.query[..start].chars().next_back().is_some_and(|before| !before.is_whitespace() && before != '(');
        let plus = self.query[start..].starts_with('+') && length == 1;
        if !glued && !plus {
            self.complain(
                start..start + length,
                "one `-` excludes a word; what more mean is not clear",
                "write `-word`",
            );
        }
        self.at += length;
    }

    /// Takes a word as it is; signs without a letter are passed over, but a lone dash is asked about.
    fn plain(&mut self, typed: &str, start: usize) {
        let end = start + typed.len();
        if analyzer::words(typed).next().is_some() {
            self.tokens.push((Token::Word(typed.to_owned()), start..end));
        } else if matches!(typed, "-" | "+" | "\u{2212}") && !self.between_words(start, end) {
            self.complain(
                start..end,
                format!("this `{typed}` has nothing behind it"),
                "write `-word`, without a space",
            );
        }
    }

    /// Returns whether something stands on both sides, as around the dash of a pasted headline.
    fn between_words(&self, start: usize, end: usize) -> bool {
        let words = |part: &str| analyzer::words(part).next().is_some();
        words(&self.query[..start]) && words(&self.query[end..])
    }

    /// Takes `field:` off the word; says whether it was one, or was meant as one.
    fn field(&mut self, typed: &str, start: usize) -> bool {
        let Some((name, rest)) = typed.split_once(':') else { return false };
        if let Some(field) = Field::from_name(name) {
            let colon = start + name.len() + 1;
            self.push(Token::Field(field), start, name.len() + 1);
            let value_follows = !rest.is_empty() || self.peek().is_some_and(|next| next == '(' || is_mark(next));
            if !value_follows {
                let example = format!("write `{}:word`, without a space", field.name());
                self.complain(start..colon, format!("`{}:` has nothing behind it", field.name()), example);
            }
            return true;
        }
        let like_a_field =
            name.len() > 1 && name.bytes().all(|byte| byte.is_ascii_alphabetic()) && !rest.starts_with("//");
        let value_follows = !rest.is_empty() || self.peek().is_some_and(|next| next == '(' || is_mark(next));
        if !like_a_field || !value_follows {
            return false;
        }
        let names: Vec<String> = FIELDS.iter().map(|row| format!("`{}:`", row.name)).collect();
        let near = FIELDS.iter().map(|row| (distance(&name.to_lowercase(), row.name), row.name)).min();
        let suggestion = match near {
            Some((distance, near)) if distance <= 2 => format!("did you mean `{near}:`?"),
            _ => format!("the fields are {}; put \"{typed}\" in quotation marks to find it as it is", names.join(", ")),
        };
        self.complain(start..start + name.len() + 1, format!("there is no field `{name}`"), suggestion);
        true
    }

    /// Complains about what is a request in other tools and not one here; says whether it did.
    fn unsupported(&mut self, typed: &str, start: usize) -> bool {
        let span = start..start + typed.len();
        let bare = typed.trim_end_matches(['?', '!', '.', ',', ';']);
        let near = |operator: &str| {
            let rest = typed
                .get(..operator.len())
                .filter(|head| head.eq_ignore_ascii_case(operator))
                .map(|head| &typed[head.len()..]);
            rest.is_some_and(|rest| {
                matches!(rest, "s" | "p" | "S" | "P")
                    || !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit())
            })
        };
        if ["w/", "pre/", "near/", "n/"].iter().any(|operator| near(operator)) {
            self.complain(
                span,
                format!("`{typed}`: words near each other cannot be asked for yet"),
                "ask for both words, or for a \"phrase\"",
            );
        } else if typed.len() > 2
            && typed.starts_with('/')
            && typed.ends_with('/')
            && typed.contains(['.', '*', '+', '[', '|', '^', '$'])
        {
            self.complain(
                span,
                "patterns cannot be asked for yet",
                "ask for the words themselves, with OR between them",
            );
        } else if typed.contains('*') && typed.chars().any(char::is_alphanumeric) || bare.contains('?') {
            let stem: String = typed.chars().filter(|letter| !matches!(letter, '*' | '?')).collect();
            let suggestion = format!("`{stem}` finds its other endings as well; name other words with OR between them");
            self.complain(span, "wildcards cannot be asked for yet", suggestion);
        } else if bare.len() > 1 && bare.ends_with('~') {
            self.complain(span, "similar spellings cannot be asked for yet", "name the spellings with OR between them");
        } else if typed.len() > 1 && typed.starts_with('=') {
            let suggestion = format!("put it in quotation marks: \"{}\"", &typed[1..]);
            self.complain(span, "exact spelling is asked for with quotation marks", suggestion);
        } else if let Some((_, suggestion)) = self.function(typed) {
            self.complain(span, format!("`{typed}(…)` is not there yet"), suggestion);
        } else {
            return false;
        }
        true
    }

    fn function(&self, typed: &str) -> Option<(&'static str, &'static str)> {
        let called = self.peek() == Some('(');
        let name = typed.trim_end_matches(|letter: char| letter.is_ascii_digit()).to_ascii_lowercase();
        FUNCTIONS.iter().copied().find(|(function, _)| called && *function == name)
    }
}

fn is_mark(letter: char) -> bool {
    matches!(letter, '"' | '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{201F}' | '«' | '»' | '\u{FF02}')
}

/// Returns where the mark that closes a phrase stands, and which it is.
fn closing_mark(rest: &str, opening: char) -> Option<(usize, char)> {
    let closes = |letter: char| match opening {
        '«' => letter == '»',
        '»' => letter == '«',
        _ => is_mark(letter) && !matches!(letter, '«' | '»'),
    };
    rest.char_indices().find(|(_, letter)| closes(*letter))
}

/// Returns how many letters must be changed, added or left out to turn one word into the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, letter) in one.chars().enumerate() {
        let mut diagonal = above;
        row[0] = above + 1;
        for (column, with) in other.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *with);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}
