//! The people, organisations and places named in an article, by clear rules: see `names`.

use super::names::{Kind, Names, name_words};
use super::reading::Reading;
use crate::layers::{Entity, EntityKind};

/// Returns the names of an article that can be told apart, in order.
pub fn entities(reading: &Reading<'_>, names: &Names) -> Vec<Entity> {
    let mut entities = Vec::with_capacity(names.mentions.len());
    for mention in &names.mentions {
        let span = reading.span(mention.tokens.clone());
        let own = span.of(reading.text);
        let (kind, name) = match mention.kind {
            Kind::Person(person) => {
                (EntityKind::Person, reading.span(names.people[person].full.clone()).of(reading.text))
            }
            Kind::Body => (EntityKind::Organisation, own),
            Kind::Place => (EntityKind::Location, own),
            Kind::People => (EntityKind::Misc, own),
            Kind::Unknown if name_words(reading, &mention.tokens).len() > 1 => (EntityKind::Organisation, own),
            Kind::Unknown => continue,
        };
        entities.push(Entity { span, kind, name: name.to_owned() });
    }
    entities
}
