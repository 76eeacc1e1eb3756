//! A query cut into tokens, each with its place.

use std::ops::Range;

use super::sign::{self, Call};
use super::{BYTE_LIMIT, Complaint};
use crate::analyzer;
use crate::plan::{Manner, Reach, Term};
use crate::schema::Field;

/// A token of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A word, and how it is meant.
    Word(Term),
    /// The words between two quotation marks, and how near each other they stand where that is said.
    Phrase(String, Option<u32>),
    /// `field:`, right before what it applies to.
    Field(Field),
    /// `since:` (true) or `until:`, right before a day.
    Bound(bool),
    /// A name right before a parenthesis.
    Call(Call),
    /// `w/5` and the like, between two parts.
    Near(Reach),
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
    /// Where the first word starts and the last one ends.
    words: Range<usize>,
    /// Whether all is in capitals and not only acronyms: then an operator cannot be told from a word.
    shouted: bool,
    /// The tokens with their places.
    pub tokens: Vec<(Token, Range<usize>)>,
    /// What cannot be understood.
    pub complaints: Vec<Complaint>,
}

/// The most complaints about one query.
const COMPLAINT_LIMIT: usize = 5;

impl<'q> Lexer<'q> {
    fn new(query: &'q str) -> Lexer<'q> {
        let mut words = analyzer::words(query);
        let first = words.next().unwrap_or(0..0);
        let last = words.last().unwrap_or(first.clone());
        let (shouted, words) = (sign::is_shouted(query), first.start..last.end);
        Lexer { query, at: 0, words, shouted, tokens: Vec::new(), complaints: Vec::new() }
    }

    /// Returns the tokens of a query and what cannot be understood.
    pub fn cut(query: &'q str) -> Lexer<'q> {
        if query.len() > BYTE_LIMIT {
            let mut lexer = Lexer::new("");
            lexer.query = query;
            lexer.complain(
                0..0,
                format!("a query has at most {BYTE_LIMIT} bytes, this one has {}", query.len()),
                "leave some out",
            );
            return lexer;
        }
        let mut lexer = Lexer::new(query);
        while let Some(letter) = lexer.peek() {
            let start = lexer.at;
            match letter {
                letter if letter.is_whitespace() || letter.is_control() => lexer.at += letter.len_utf8(),
                '(' => lexer.push(Token::Open, start, 1),
                ')' => lexer.push(Token::Close, start, 1),
                '-' | '\u{2212}' if lexer.is_minus(start, letter) => lexer.push(Token::Minus, start, letter.len_utf8()),
                '=' if lexer.query[start + 1..].starts_with(is_mark) => lexer.at += 1,
                letter if is_mark(letter) => lexer.phrase(letter),
                '\'' | '\u{2018}' if lexer.single_marks().is_some() => lexer.single(),
                '/' if lexer.pattern_end().is_some() => lexer.pattern(),
                _ => lexer.word(),
            }
        }
        lexer
    }

    /// Returns the words of a question in plain language: its signs are punctuation.
    pub fn words_of(query: &'q str) -> Lexer<'q> {
        if query.len() > BYTE_LIMIT {
            return Lexer::cut(query);
        }
        let mut lexer = Lexer::new(query);
        let mut start = None;
        for (at, letter) in query.char_indices().chain([(query.len(), ' ')]) {
            let between = letter.is_whitespace() || matches!(letter, '(' | ')' | '?' | '/' | '[' | ']');
            match (start, between) {
                (None, false) => start = Some(at),
                (Some(from), true) => {
                    // Signs before the first letter exclude nothing here: "is it so?-perhaps".
                    if let Some(word) = analyzer::words(&query[from..at]).next() {
                        let from = from + word.start;
                        lexer.tokens.push((Token::Word(Term::usual(&query[from..at])), from..at));
                    }
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
        let behind = self.query[at + dash.len_utf8()..].chars().next();
        let opens = |letter: char| matches!(letter, '(' | '*' | '=' | '/' | '\u{2018}') || is_mark(letter);
        self.starts_part(at) && behind.is_some_and(|letter| letter.is_alphanumeric() || opens(letter))
    }

    /// Returns whether a new part of the query starts here.
    fn starts_part(&self, at: usize) -> bool {
        let before = self.query[..at].chars().next_back();
        before.is_none_or(|letter| letter.is_whitespace() || letter == '(' || letter == ':')
            || matches!(self.tokens.last(), Some((Token::Minus, span)) if span.end == at)
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
        self.quoted(start, inside..inside + length, closing.len_utf8());
    }

    /// Takes the words between two marks, and how near they stand where that follows.
    fn quoted(&mut self, start: usize, inside: Range<usize>, closing: usize) {
        let words = &self.query[inside.clone()];
        let mut end = inside.end + closing;
        if analyzer::words(words).next().is_none() {
            self.complain(start..end, "there is no word between these marks", "");
        }
        let lone = |piece: &&str| piece.chars().all(|letter| matches!(letter, '*' | '?')) && piece.contains('*');
        if words.split_whitespace().any(|piece| lone(&piece)) {
            let message = "a lone `*` between these marks stands for no word";
            self.complain(start..end, message, "for words in between write \"first last\"~5");
        }
        let mut slop = None;
        if let Some(rest) = self.query[end..].strip_prefix('~') {
            let digits = rest.len() - rest.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
            slop = rest[..digits].parse().ok().filter(|words: &u32| *words > 0);
            if slop.is_none() {
                let message = "`~` behind a phrase takes a number of words";
                self.complain(end..end + 1 + digits, message, "as in \"ceasefire gaza\"~5");
            }
            end += 1 + digits;
        }
        self.tokens.push((Token::Phrase(words.to_owned(), slop), start..end));
        self.at = end;
    }

    /// Returns where the words between single marks end, if these are quotation marks and not apostrophes.
    fn single_marks(&self) -> Option<(Range<usize>, usize)> {
        let opening = self.peek()?;
        let inside = self.at + opening.len_utf8();
        let rest = &self.query[inside..];
        let first = analyzer::words(rest).next().filter(|word| word.start == 0)?;
        let elided = ["tis", "twas", "til", "em", "n", "cause", "round"];
        let elision = opening == '\''
            && (elided.contains(&&rest[first]) || rest.starts_with(|letter: char| letter.is_ascii_digit()));
        if !self.starts_part(self.at) || elision {
            return None;
        }
        let closes = |at: usize, mark: char| {
            let behind = rest[at + mark.len_utf8()..].chars().next();
            behind.is_none_or(|letter| letter.is_whitespace() || matches!(letter, ')' | '~' | ',' | '.' | ':' | ';'))
        };
        let marks = rest.char_indices().filter(|(_, letter)| matches!(letter, '\'' | '\u{2019}'));
        let (end, mark) = marks.into_iter().find(|(at, mark)| closes(*at, *mark))?;
        Some((inside..inside + end, mark.len_utf8()))
    }

    fn single(&mut self) {
        if let Some((inside, closing)) = self.single_marks() {
            self.quoted(self.at, inside, closing);
        }
    }

    /// Returns where the `/` that ends a pattern stands.
    fn pattern_end(&self) -> Option<usize> {
        let in_path =
            matches!(self.tokens.last(), Some((Token::Field(Field::Path | Field::Id), span)) if span.end == self.at);
        if !self.starts_part(self.at) || in_path {
            return None;
        }
        let mut escaped = false;
        for (at, letter) in self.query[self.at..].char_indices().skip(1) {
            match letter {
                '/' if !escaped && at > 1 => {
                    let behind = self.query[self.at + at + 1..].chars().next();
                    let ends = behind.is_none_or(|letter| letter.is_whitespace() || letter == ')');
                    return ends.then_some(self.at + at);
                }
                letter if letter.is_whitespace() => return None,
                letter => escaped = letter == '\\' && !escaped,
            }
        }
        None
    }

    fn pattern(&mut self) {
        let Some(end) = self.pattern_end() else { return };
        let (start, typed) = (self.at, self.query[self.at + 1..end].to_owned());
        if let Err(reason) = crate::spelling::Spelling::pattern(&typed) {
            let example = "a pattern stands for a whole word, as in /colou?rs?/";
            self.complain(start..end + 1, format!("this pattern is none: {reason}"), example);
        }
        self.push(Token::Word(Term { typed, manner: Manner::Pattern }), start, end + 1 - start);
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
        let operator = match typed {
            "OR" => Some(Token::Or),
            "AND" => Some(Token::And),
            "NOT" => Some(Token::Not),
            _ => None,
        };
        match operator {
            Some(_) if in_field => self.tokens.push((Token::Word(Term::usual(&typed.to_lowercase())), start..end)),
            Some(operator) => self.operator(operator, start..end),
            None => {
                let known = self.field(typed, start) || self.call(typed, start) || self.near(typed, start);
                if !known && !self.wrong(typed, start) {
                    self.plain(typed, start);
                }
            }
        }
    }

    fn operator(&mut self, operator: Token, span: Range<usize>) {
        if self.shouted && operator != Token::Or {
            let name = self.query[span.clone()].to_owned();
            let suggestion = match operator {
                Token::Not => "for the word write `not`; to exclude a word write `-WORD`".to_owned(),
                _ => format!("for the word write `{}`; to ask for both leave it out", name.to_lowercase()),
            };
            let message = format!("all is in capitals here, so `{name}` may be a word or an operator");
            self.complain(span.clone(), message, suggestion);
        }
        self.tokens.push((operator, span));
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
            // Glued to what stands before it, a `!` or a dash is punctuation, and would be asked about where the word stands alone.
            let dash = |letter: char| letter == '!' || matches!(letter, '\u{2010}'..='\u{2015}');
            self.tokens.push((Token::Word(sign::term(typed.trim_start_matches(dash))), start..end));
        } else if matches!(typed, "-" | "+" | "\u{2212}") && !(self.words.start < start && end < self.words.end) {
            self.complain(
                start..end,
                format!("this `{typed}` has nothing behind it"),
                "write `-word`, without a space",
            );
        }
    }

    /// Returns whether a value follows what was read so far.
    fn value_follows(&self, rest: &str) -> bool {
        !rest.is_empty() || self.peek().is_some_and(|next| next == '(' || is_mark(next))
    }

    /// Takes `field:` off the word; says whether it was one, or was meant as one.
    fn field(&mut self, typed: &str, start: usize) -> bool {
        let Some((name, rest)) = typed.split_once(':') else { return false };
        let colon = start + name.len() + 1;
        let token = match name.to_ascii_lowercase().as_str() {
            "since" | "after" if self.value_follows(rest) => Some(Token::Bound(true)),
            "until" | "before" if self.value_follows(rest) => Some(Token::Bound(false)),
            name => Field::from_name(name).map(Token::Field),
        };
        if let Some(token) = token {
            let follows = self.value_follows(rest);
            self.push(token, start, name.len() + 1);
            if !follows {
                let name = name.to_ascii_lowercase();
                let example = format!("write `{name}:word`, without a space");
                self.complain(start..colon, format!("`{name}:` has nothing behind it"), example);
            }
            return true;
        }
        let like_a_field = name.len() > 1
            && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'*')
            && !rest.starts_with("//");
        if !like_a_field || !self.value_follows(rest) {
            return false;
        }
        self.complain(start..colon, format!("there is no field `{name}`"), sign::field_like(name, typed));
        true
    }

    /// Takes a name right before a parenthesis.
    fn call(&mut self, typed: &str, start: usize) -> bool {
        if self.peek() != Some('(') || !typed.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return false;
        }
        let span = start..start + typed.len();
        match Call::from_name(typed) {
            Some(Call::Field(field)) => self.tokens.push((Token::Field(field), span)),
            Some(call) => self.tokens.push((Token::Call(call), span)),
            None => self.complain(span, format!("there is no `{typed}(…)`"), sign::call_like(typed)),
        }
        true
    }

    /// Takes `w/5` and the like.
    fn near(&mut self, typed: &str, start: usize) -> bool {
        match sign::reach(typed) {
            Some(Ok(reach)) => self.push(Token::Near(reach), start, typed.len()),
            Some(Err((message, suggestion))) => self.complain(start..start + typed.len(), message, suggestion),
            None => return false,
        }
        true
    }

    /// Complains about signs of other query languages, which would be misread.
    fn wrong(&mut self, typed: &str, start: usize) -> bool {
        let Some((message, suggestion)) = sign::wrong(typed, self.starts_part(start)) else { return false };
        self.complain(start..start + typed.len(), message, suggestion);
        true
    }
}

pub fn is_mark(letter: char) -> bool {
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
