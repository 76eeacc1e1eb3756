//! Why each quote of an article has its speaker: rule, mention, cue, who else it could have been, roles.

use std::io::{self, Write};

use super::counted;
use crate::article::Article;
use crate::layers::{Evidence, Layers, Quote, Speaker, Tracing};
use crate::render::Style;
use crate::render::flow::{Indent, Pen, Piece};
use crate::render::paint::Paint;
use crate::render::words::{SaidBy, words};

/// Columns of the labels on the left.
const LABELS: usize = 12;
/// How many of those who lost are named.
const LOSERS: usize = 3;

/// Writes the quotes of one article with their evidence.
pub fn write(
    article: &Article,
    layers: &Layers,
    evidence: &[Evidence],
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut pen = Pen::new(style, out);
    let headline = Some(article.headline_text()).filter(|words| !words.is_empty()).unwrap_or(&article.id);
    pen.flow(Indent::default(), &[(Paint::Strong, headline)])?;
    let place = format!("{} · {}", article.path, counted(layers.quotes.len() as u64, "quote"));
    pen.flow(Indent::default(), &[(Paint::Faint, &place)])?;
    for (quote, evidence) in layers.quotes.iter().zip(evidence) {
        pen.end_line()?;
        explain(&mut pen, article, quote, evidence)?;
    }
    pen.end_line()
}

fn explain(pen: &mut Pen<'_>, article: &Article, quote: &Quote, evidence: &Evidence) -> io::Result<()> {
    let text = &article.text;
    pen.flow(Indent::default(), &words(quote, text, &[]))?;
    let said_by = SaidBy::new(quote, text);
    row(pen, "speaker", &said_by.pieces())?;
    row(pen, "rule", &[(Paint::Plain, &quote.rule), (Paint::Faint, ": "), (Paint::Faint, evidence.rule)])?;
    if let Some(cue) = quote.cue {
        row(pen, "cue", &[(Paint::Plain, &format!("“{}”", cue.of(text)))])?;
    }
    match (&quote.speaker, &evidence.tracing) {
        (Some(speaker), Some(tracing)) => trace(pen, text, speaker, tracing),
        _ => Ok(()),
    }
}

fn trace(pen: &mut Pen<'_>, text: &str, speaker: &Speaker, tracing: &Tracing) -> io::Result<()> {
    let mention = format!("“{}”", speaker.span.of(text));
    row(pen, "mention", &[(Paint::Plain, &mention)])?;
    let (rule, says) = tracing.rule;
    let sure = format!(" ({:.2}): ", tracing.confidence);
    row(pen, "traced by", &[(Paint::Plain, rule), (Paint::Plain, &sure), (Paint::Faint, says)])?;
    let lost: Vec<String> = tracing
        .candidates
        .iter()
        .filter(|(name, _)| !speaker.resolved || *name != speaker.name)
        .take(LOSERS)
        .map(|(name, score)| format!("{name} ({score:.1})"))
        .collect();
    if !lost.is_empty() {
        let won = tracing.candidates.iter().find(|(name, _)| speaker.resolved && *name == speaker.name);
        let won = won.map(|(_, score)| format!(", against {score:.1}")).unwrap_or_default();
        row(pen, "not", &[(Paint::Plain, &lost.join(", ")), (Paint::Faint, &won)])?;
    }
    let roles: Vec<String> = tracing
        .roles
        .iter()
        .map(|(role, by)| match by {
            Some(by) => format!("{} from “{}”", role.name(), by.of(text)),
            None => format!("{} as it is described and not named", role.name()),
        })
        .collect();
    if roles.is_empty() { Ok(()) } else { row(pen, "roles", &[(Paint::Plain, &roles.join("; "))]) }
}

/// Writes a label and what belongs to it.
fn row(pen: &mut Pen<'_>, label: &str, pieces: &[Piece<'_>]) -> io::Result<()> {
    pen.pad(2)?;
    pen.put(Paint::Faint, &format!("{label:width$}", width = LABELS - 2))?;
    pen.flow(Indent { first: 0, taken: LABELS, rest: LABELS }, pieces)
}
