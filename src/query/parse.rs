//! Tokens to a tree. Parsing never fails: it gives a tree and complaints, or complaints alone.

use std::fmt;
use std::ops::Range;

use super::lex::{Lexer, Token};
use super::{Complaint, DEPTH_LIMIT, WORD_LIMIT, prose};
use crate::schema::Field;

/// What a query says. Two queries are equal when they mean the same parts; places do not count.
#[derive(Clone, Debug)]
pub struct Query {
    /// The query as typed.
    pub typed: String,
    /// The parts that stand side by side.
    pub parts: Vec<Node>,
}

/// A part of a query.
#[derive(Clone, Debug)]
pub enum Node {
    /// A word, and its place.
    Word(String, Range<usize>),
    /// Words in exactly this spelling, and their place.
    Phrase(String, Range<usize>),
    /// A part in a field; the place of the field's name.
    Field(Field, Box<Node>, Range<usize>),
    /// All of these, with `AND` between them.
    All(Vec<Node>),
    /// All of these, in parentheses.
    Group(Vec<Node>),
    /// At least one of these.
    Any(Vec<Node>),
    /// Not this.
    Not(Box<Node>),
}

impl Node {
    /// Returns the word, where the part is nothing else.
    pub fn bare(&self) -> Option<&str> {
        match self {
            Node::Word(word, _) => Some(word),
            _ => None,
        }
    }
}

/// What became of a string.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The query; nothing where not even a part of it makes sense.
    pub query: Option<Query>,
    /// What is wrong. A query with complaints is not answered.
    pub complaints: Vec<Complaint>,
}

/// Parses a query; any string at all.
pub fn parse(typed: &str) -> Parsed {
    let lexer = if prose::is_prose(typed) { Lexer::words_of(typed) } else { Lexer::cut(typed) };
    let mut parser = Parser { end: typed.len(), at: 0, depth: 0, words: 0, lexer };
    let parts = parser.sequence();
    if parts.is_empty() && parser.lexer.complaints.is_empty() {
        parser.lexer.complain(
            0..typed.len(),
            "there is no word to look for",
            "type some words; `onrecord help query` shows more",
        );
    }
    let query = if parts.is_empty() { None } else { Some(Query { typed: typed.to_owned(), parts }) };
    let mut complaints = parser.lexer.complaints;
    complaints.sort_by_key(|complaint| complaint.span.start);
    Parsed { query, complaints }
}

struct Parser<'q> {
    lexer: Lexer<'q>,
    at: usize,
    end: usize,
    depth: usize,
    words: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.lexer.tokens.get(self.at).map(|(token, _)| token)
    }

    fn place(&self) -> Range<usize> {
        self.lexer.tokens.get(self.at).map_or(self.end..self.end, |(_, span)| span.clone())
    }

    /// Parts side by side, up to the end or a closing parenthesis.
    fn sequence(&mut self) -> Vec<Node> {
        let mut parts = Vec::new();
        while let Some(token) = self.peek() {
            match token {
                Token::Close if self.depth > 0 => break,
                Token::Close => {
                    let place = self.place();
                    self.lexer.complain(place, "this parenthesis was never opened", "leave it out, or open one before");
                    self.at += 1;
                }
                _ => parts.extend(self.joined(&Token::And)),
            }
        }
        parts
    }

    /// Parts with `AND` between them, or with the tighter `OR`.
    fn joined(&mut self, operator: &Token) -> Option<Node> {
        let mut parts = Vec::new();
        let mut joined = false;
        loop {
            let part = if *operator == Token::And { self.joined(&Token::Or) } else { self.part() };
            parts.extend(part);
            if self.peek() != Some(operator) {
                break;
            }
            joined = true;
            let place = self.place();
            self.at += 1;
            if matches!(self.peek(), None | Some(Token::Close)) {
                self.stray(place, "has nothing behind it");
                break;
            }
        }
        let single = parts.len() < 2 && !(joined && *operator == Token::And);
        match (parts.len(), single) {
            (0, _) => None,
            (_, true) => parts.pop(),
            _ if *operator == Token::And => Some(Node::All(parts)),
            _ => Some(Node::Any(parts)),
        }
    }

    fn stray(&mut self, place: Range<usize>, what: &str) {
        let typed = self.lexer.tokens.iter().find(|(_, span)| *span == place);
        let name = match typed {
            Some((Token::And, _)) => "AND",
            Some((Token::Not, _)) => "NOT",
            _ => "OR",
        };
        let suggestion = format!("for the word itself write `{}` or \"{name}\"", name.to_lowercase());
        self.lexer.complain(place, format!("`{name}` {what}"), suggestion);
    }

    /// One part, with what stands before it.
    fn part(&mut self) -> Option<Node> {
        let place = self.place();
        let token = self.peek()?.clone();
        self.at += 1;
        match token {
            Token::Word(word) => {
                self.words += 1;
                if self.words == WORD_LIMIT + 1 {
                    self.lexer.complain(
                        place.clone(),
                        format!("a query has at most {WORD_LIMIT} words"),
                        "leave some out",
                    );
                }
                Some(Node::Word(word, place)).filter(|_| self.words <= WORD_LIMIT)
            }
            Token::Phrase(words) => Some(Node::Phrase(words, place)),
            Token::Minus | Token::Not => self.negated(&token, place),
            Token::Field(field) => self.in_field(field, place),
            Token::Open => self.group(place),
            Token::Or | Token::And => {
                self.stray(place, "has nothing before it");
                None
            }
            Token::Close => None,
        }
    }

    fn negated(&mut self, token: &Token, place: Range<usize>) -> Option<Node> {
        match self.peek() {
            None | Some(Token::Close | Token::Or | Token::And) => {
                match token {
                    Token::Not => self.stray(place, "has nothing behind it"),
                    _ => self.lexer.complain(place, "this `-` has nothing behind it", ""),
                }
                None
            }
            Some(_) => self.nested(place, Parser::part).map(|node| Node::Not(Box::new(node))),
        }
    }

    fn in_field(&mut self, field: Field, place: Range<usize>) -> Option<Node> {
        match self.peek() {
            Some(Token::Word(_) | Token::Phrase(_) | Token::Open) => {
                let value = self.nested(place.clone(), Parser::part)?;
                Some(Node::Field(field, Box::new(value), place))
            }
            Some(Token::Field(_) | Token::Minus) => {
                let example = format!("write `-{}:word` or `{}:word`", field.name(), field.name());
                self.lexer.complain(
                    place,
                    format!("`{}:` takes a word, a \"phrase\" or a (group)", field.name()),
                    example,
                );
                None
            }
            // The lexer said already that nothing stands behind it.
            _ => None,
        }
    }

    fn group(&mut self, place: Range<usize>) -> Option<Node> {
        let parts = self.nested(place.clone(), |parser| Some(parser.sequence()))?;
        if self.peek() == Some(&Token::Close) {
            self.at += 1;
        } else if self.at >= self.lexer.tokens.len() {
            self.lexer.complain(place.clone(), "this parenthesis is never closed", "put a `)` where the group ends");
        }
        match parts.len() {
            0 => {
                self.lexer.complain(place, "there is nothing between these parentheses", "");
                None
            }
            _ => Some(Node::Group(parts)),
        }
    }

    /// Goes one level deeper, unless that is too deep: then the rest of the query is given up.
    fn nested<T>(&mut self, place: Range<usize>, inner: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth == DEPTH_LIMIT {
            let message = format!("parentheses and operators nest at most {DEPTH_LIMIT} deep");
            self.lexer.complain(place, message, "leave some out");
            self.at = self.lexer.tokens.len();
            return None;
        }
        self.depth += 1;
        let found = inner(self);
        self.depth -= 1;
        found
    }
}

impl fmt::Display for Query {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_joined(&self.parts, " ", out)
    }
}

impl fmt::Display for Node {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Node::Word(word, _) => out.write_str(word),
            Node::Phrase(words, _) => write!(out, "\"{words}\""),
            Node::Field(field, node, _) => match **node {
                Node::Word(..) | Node::Phrase(..) | Node::All(_) | Node::Group(_) => {
                    write!(out, "{}:{node}", field.name())
                }
                _ => write!(out, "{}:({node})", field.name()),
            },
            Node::All(parts) | Node::Group(parts) => {
                out.write_str("(")?;
                write_joined(parts, " ", out)?;
                out.write_str(")")
            }
            Node::Any(parts) => write_joined(parts, " OR ", out),
            Node::Not(node) => match **node {
                Node::Any(_) => write!(out, "NOT ({node})"),
                _ => write!(out, "NOT {node}"),
            },
        }
    }
}

fn write_joined(parts: &[Node], between: &str, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (number, part) in parts.iter().enumerate() {
        if number > 0 {
            out.write_str(between)?;
        }
        write!(out, "{part}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn says_what_is_wrong_and_where() {
        let table: &[(&str, &str, &str)] = &[
            ("", "", "there is no word to look for"),
            ("   ", "   ", "there is no word to look for"),
            ("…", "…", "there is no word to look for"),
            ("\"gaza", "\"", "this quotation mark is never closed"),
            ("a “gaza talks", "“", "this quotation mark is never closed"),
            ("\"…\"", "\"…\"", "there is no word between these marks"),
            ("OR gaza", "OR", "`OR` has nothing before it"),
            ("gaza AND", "AND", "`AND` has nothing behind it"),
            ("gaza NOT", "NOT", "`NOT` has nothing behind it"),
            ("gaza -", "-", "this `-` has nothing behind it"),
            ("- gaza", "-", "this `-` has nothing behind it"),
            ("--gaza", "--", "one `-` excludes a word; what more mean is not clear"),
            ("(gaza", "(", "this parenthesis is never closed"),
            ("gaza)", ")", "this parenthesis was never opened"),
            ("gaza ()", "(", "there is nothing between these parentheses"),
            ("headlin:gaza", "headlin:", "there is no field `headlin`"),
            ("colour:gaza", "colour:", "there is no field `colour`"),
            ("headline: gaza", "headline:", "`headline:` has nothing behind it"),
            ("headline:-gaza", "headline:", "`headline:` takes a word, a \"phrase\" or a (group)"),
            ("cease*", "cease*", "wildcards cannot be asked for yet"),
            ("wom?n", "wom?n", "wildcards cannot be asked for yet"),
            ("netanyaho~", "netanyaho~", "similar spellings cannot be asked for yet"),
            ("/cea.*/", "/cea.*/", "patterns cannot be asked for yet"),
            ("=talks", "=talks", "exact spelling is asked for with quotation marks"),
            ("gaza w/5 truce", "w/5", "`w/5`: words near each other cannot be asked for yet"),
            ("gaza NEAR/5 truce", "NEAR/5", "`NEAR/5`: words near each other cannot be asked for yet"),
            ("gaza w/s truce", "w/s", "`w/s`: words near each other cannot be asked for yet"),
            ("\"a b\"~5", "~5", "words near each other cannot be asked for yet"),
            ("atleast3(gaza)", "atleast3", "`atleast3(…)` is not there yet"),
            ("said(gaza)", "said", "`said(…)` is not there yet"),
        ];
        for (typed, place, message) in table {
            let parsed = parse(typed);
            let first = parsed.complaints.first().unwrap_or_else(|| panic!("{typed:?} has no complaint"));
            assert_eq!((&typed[first.span.clone()], first.message.as_str()), (*place, *message), "{typed:?}");
        }
        assert_eq!(parse("headlin:gaza").complaints[0].suggestion.as_deref(), Some("did you mean `headline:`?"));
    }

    #[test]
    fn means_what_it_says() {
        let table: &[(&str, &str)] = &[
            ("ceasefire gaza", "ceasefire gaza"),
            ("“ceasefire talks” gaza", "\"ceasefire talks\" gaza"),
            ("„ceasefire talks“", "\"ceasefire talks\""),
            ("«ceasefire talks»", "\"ceasefire talks\""),
            ("O'Brien Israel's Sanders’", "O'Brien Israel's Sanders’"),
            ("CEASEFIRE IN GAZA", "CEASEFIRE IN GAZA"),
            ("truce or ceasefire and gaza not", "truce or ceasefire and gaza not"),
            ("a b OR c d", "a b OR c d"),
            ("a AND b OR c", "(a b OR c)"),
            ("(a b) OR c", "(a b) OR c"),
            ("-hamas", "NOT hamas"),
            ("gaza -hamas", "gaza NOT hamas"),
            ("gaza −\"prime minister\"", "gaza NOT \"prime minister\""),
            ("NOT (a OR b)", "NOT (a OR b)"),
            ("cross-border -re-run", "cross-border NOT re-run"),
            ("headline:gaza", "headline:gaza"),
            ("HEADLINE:gaza", "headline:gaza"),
            ("headline:\"gaza talks\"", "headline:\"gaza talks\""),
            ("headline:(gaza OR rafah)", "headline:(gaza OR rafah)"),
            ("-headline:gaza", "NOT headline:gaza"),
            ("headline:AND", "headline:and"),
            ("\"gaza\"-AND", "\"gaza\" and"),
            ("\"gaza\"-headline:AND", "\"gaza\" headline:and"),
            ("+gaza", "gaza"),
            ("date:2024-09-01..2024-09-19", "date:2024-09-01..2024-09-19"),
            ("at 12:30", "at 12:30"),
            ("https://example.org/a?b=1", "https://example.org/a?b=1"),
            ("Biden:", "Biden:"),
            ("who won?", "who won?"),
            ("and/or 9/11", "and/or 9/11"),
            ("AT&T & U.S.", "AT&T U.S."),
            ("gaza — truce", "gaza truce"),
            ("gaza - truce", "gaza truce"),
            ("/gaza/", "/gaza/"),
            ("said gaza", "said gaza"),
        ];
        for (typed, expected) in table {
            let parsed = parse(typed);
            if typed.contains("b=1") {
                // A question mark inside a word could be a wildcard: it is asked about rather than guessed.
                assert!(!parsed.complaints.is_empty());
                continue;
            }
            assert_eq!(parsed.complaints, Vec::new(), "{typed:?}");
            assert_eq!(parsed.query.map(|query| query.to_string()).as_deref(), Some(*expected), "{typed:?}");
        }
    }

    #[test]
    fn large_and_deep_queries_are_answered() {
        for typed in
            ["word ".repeat(10_000), "(".repeat(1_000), "-(".repeat(1_000), "NOT ".repeat(5_000), "a OR ".repeat(5_000)]
        {
            let started = std::time::Instant::now();
            assert!(!parse(&typed).complaints.is_empty());
            assert!(started.elapsed().as_millis() < 500, "{} took {:?}", &typed[..10], started.elapsed());
        }
    }

    proptest! {
        #[test]
        fn any_string_is_answered(typed in ".{0,200}") {
            let parsed = parse(&typed);
            prop_assert!(parsed.query.is_some() || !parsed.complaints.is_empty());
            for complaint in &parsed.complaints {
                prop_assert!(!complaint.to_string().is_empty());
            }
        }

        #[test]
        fn printing_settles(typed in r#"([a-z'":()\-]{1,4}|AND|OR|NOT|headline:|"[a-z ]{1,8}"| ){0,30}"#) {
            let parsed = parse(&typed);
            if let Some(query) = parsed.query.filter(|_| parsed.complaints.is_empty()) {
                let once = query.to_string();
                let again = parse(&once);
                prop_assert_eq!(&again.complaints, &Vec::new(), "{}", once);
                prop_assert_eq!(again.query.map(|query| query.to_string()), Some(once));
            }
        }
    }
}
