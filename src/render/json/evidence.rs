//! Why a quote has its speaker, as `extract --explain --json` writes it.

use serde::Serialize;

use super::rows::Stretch;
use crate::layers::Evidence as Because;
use crate::render::place::Characters;

/// Why a quote has its speaker.
#[derive(Serialize)]
pub struct Evidence<'a> {
    rule_says: &'static str,
    tracing: Option<Tracing<'a>>,
}

/// How a mention was traced to somebody.
#[derive(Serialize)]
struct Tracing<'a> {
    rule: &'static str,
    rule_says: &'static str,
    confidence: f32,
    candidates: Vec<Candidate<'a>>,
    roles: Vec<RoleBy<'a>>,
}

/// Somebody a mention could be.
#[derive(Serialize)]
struct Candidate<'a> {
    name: &'a str,
    score: f32,
}

/// A class of source and the words that give it.
#[derive(Serialize)]
struct RoleBy<'a> {
    role: &'static str,
    by: Option<Stretch<'a>>,
}

impl<'a> Evidence<'a> {
    /// Returns the evidence of a quote in a text.
    pub fn new(evidence: &'a Because, text: &'a str, characters: &Characters<'_>) -> Evidence<'a> {
        let tracing = evidence.tracing.as_ref().map(|tracing| Tracing {
            rule: tracing.rule.0,
            rule_says: tracing.rule.1,
            confidence: (tracing.confidence * 100.0).round() / 100.0,
            candidates: tracing
                .candidates
                .iter()
                .map(|(name, score)| Candidate { name, score: (score * 100.0).round() / 100.0 })
                .collect(),
            roles: tracing
                .roles
                .iter()
                .map(|(role, by)| RoleBy { role: role.name(), by: by.map(|by| Stretch::new(by, text, characters)) })
                .collect(),
        });
        Evidence { rule_says: evidence.rule, tracing }
    }
}
