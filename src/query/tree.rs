//! A query as a tree, and the tree as a query again: printed, it parses to the same.

use std::fmt;
use std::ops::Range;

use super::explain::shown;
use super::lex::is_mark;
use crate::plan::{Reach, Term};
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
    Word(Term, Range<usize>),
    /// Words in exactly this spelling, side by side or at most so far apart, and their place.
    Phrase(String, Option<u32>, Range<usize>),
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
    /// These near each other; the place of the operator.
    Near(Vec<Node>, Reach, Range<usize>),
    /// This at least so many times; the place of the name.
    AtLeast(u32, Box<Node>, Range<usize>),
    /// This inside one quote.
    Said(Box<Node>),
    /// Somebody, as typed, says the quote; the place of what was typed.
    By(String, Range<usize>),
    /// From a day on (true) or up to it, and the place of the day.
    Bound(bool, String, Range<usize>),
}

impl Node {
    /// Returns the word, where the part is nothing else.
    pub fn bare(&self) -> Option<&Term> {
        match self {
            Node::Word(word, _) => Some(word),
            _ => None,
        }
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
            Node::Word(word, _) => out.write_str(&shown(word)),
            Node::Phrase(words, slop, _) => {
                match words.contains(|letter| is_mark(letter) && !matches!(letter, '«' | '»')) {
                    false => write!(out, "\"{words}\"")?,
                    true => write!(out, "«{}»", words.replace(['«', '»'], " "))?,
                }
                slop.map_or(Ok(()), |slop| write!(out, "~{slop}"))
            }
            Node::Field(field, node, _) => match **node {
                Node::Word(..) | Node::Phrase(..) | Node::All(_) | Node::Group(_) => {
                    write!(out, "{}:{node}", field.name())
                }
                _ => write!(out, "{}:({node})", field.name()),
            },
            // It has parentheses of its own.
            Node::Group(parts) if matches!(parts[..], [Node::Near(..)]) => parts[0].fmt(out),
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
            Node::Near(parts, reach, _) => {
                out.write_str("(")?;
                write_joined(parts, &format!(" {} ", near_sign(*reach)), out)?;
                out.write_str(")")
            }
            Node::AtLeast(times, node, _) => write_called(&format!("atleast{times}"), node, out),
            Node::Said(node) => write_called("said", node, out),
            Node::By(who, _) => write!(out, "by({who})"),
            Node::Bound(true, day, _) => write!(out, "since:\"{day}\""),
            Node::Bound(false, day, _) => write!(out, "until:\"{day}\""),
        }
    }
}

fn near_sign(reach: Reach) -> String {
    match reach {
        Reach::Within(words) => format!("w/{words}"),
        Reach::Before(words) => format!("pre/{words}"),
        Reach::Sentence => "w/s".to_owned(),
        Reach::Paragraph => "w/p".to_owned(),
    }
}

fn write_called(name: &str, node: &Node, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    match node {
        Node::Group(_) | Node::All(_) | Node::Near(..) => write!(out, "{name}{node}"),
        node => write!(out, "{name}({node})"),
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
