//! The object of `log`, in the order in which its fields are written.

use serde::Serialize;

use super::rows::V;
use crate::problem::Problem;

/// `log`: what was left out of an index.
#[derive(Serialize)]
pub struct SkippedRow<'a> {
    v: u32,
    #[serde(rename = "type")]
    kind: &'static str,
    path: &'a str,
    line: Option<u32>,
    reason: &'static str,
    detail: &'a str,
}

impl<'a> SkippedRow<'a> {
    /// Returns a line of `log`.
    pub fn new(problem: &'a Problem) -> SkippedRow<'a> {
        let Problem { path, line, reason, detail } = problem;
        SkippedRow { v: V, kind: "skipped", path, line: *line, reason: reason.name(), detail }
    }
}
