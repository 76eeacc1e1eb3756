//! Which field map holds for a file: what the user said last of a root around it.
//!
//! A map stays in force for later runs, until another one is said of the same root or one around it; files that were
//! read with another one are read again. So a changed `--map` takes effect, and a run without one changes nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::content::hash_of;
use crate::read::FieldMap;
use crate::walk;

/// What holds where nothing was said.
static GUESSED: FieldMap = FieldMap::GUESSED;

/// The maps of roots, by their keys.
#[derive(Debug, Default)]
pub struct Maps {
    by_root: BTreeMap<String, (FieldMap, u64)>,
}

impl Maps {
    /// Returns the maps that hold in a run over some paths: those that were kept, and what was said now, if anything.
    pub fn new(kept: BTreeMap<String, Vec<String>>, paths: &[PathBuf], said: Option<&FieldMap>) -> Maps {
        let mut maps = Maps::default();
        for (root, words) in kept {
            let mut map = FieldMap::default();
            // A part that this version does not know is left out.
            words.iter().for_each(|words| drop(map.say(words)));
            maps.add(root, map);
        }
        if let Some(said) = said {
            for root in paths.iter().map(|path| root_key(path)) {
                // They stand behind it; a list of files may name very many roots.
                let behind = maps.by_root.range(root.clone()..).map(|(other, _)| other);
                let below =
                    behind.take_while(|other| other.starts_with(&root)).filter(|other| walk::is_under(other, &root));
                let below: Vec<String> = below.cloned().collect();
                below.iter().for_each(|other| drop(maps.by_root.remove(other)));
                // Guessing needs to be kept only where another map holds around it.
                if *said != FieldMap::GUESSED || maps.print(&root) != 0 {
                    maps.add(root, said.clone());
                }
            }
        }
        maps
    }

    fn add(&mut self, root: String, map: FieldMap) {
        let words = map.words().join("\n");
        // Nothing said is zero, and nothing else is.
        let print = if words.is_empty() { 0 } else { hash_of(words.as_bytes()).max(1) };
        self.by_root.insert(root, (map, print));
    }

    /// Returns the maps as words, to be kept.
    pub fn words(&self) -> BTreeMap<String, Vec<String>> {
        self.by_root.iter().map(|(root, (map, _))| (root.clone(), map.words())).collect()
    }

    /// Returns the map of a file.
    pub fn of(&self, key: &str) -> &FieldMap {
        self.nearest(key).map_or(&GUESSED, |(map, _)| map)
    }

    /// Returns the number that stands for the map of a file: 0 where everything is guessed.
    pub fn print(&self, key: &str) -> u64 {
        self.nearest(key).map_or(0, |(_, print)| *print)
    }

    fn nearest(&self, key: &str) -> Option<&(FieldMap, u64)> {
        if self.by_root.is_empty() {
            return None;
        }
        walk::and_above(key).find_map(|folder| self.by_root.get(folder))
    }
}

/// Returns the key of a root; a path that is not there has none of its own and cannot be walked.
fn root_key(path: &Path) -> String {
    walk::key(&path.canonicalize().unwrap_or_else(|_| path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(words: &[&str]) -> FieldMap {
        let mut map = FieldMap::default();
        words.iter().for_each(|words| map.say(words).expect("a map"));
        map
    }

    #[test]
    fn the_nearest_root_has_the_last_word() {
        let paths = [PathBuf::from("/no/news")];
        let kop = map(&["headline=kop"]);
        let maps = Maps::new(BTreeMap::new(), &paths, Some(&kop));
        assert_eq!((maps.of("/no/news/a.csv"), maps.of("/no/newsy/a.csv")), (&kop, &FieldMap::GUESSED));
        assert_ne!(maps.print("/no/news/a.csv"), 0);
        // It holds without being said again, and below another root.
        let maps = Maps::new(maps.words(), &[PathBuf::from("/no")], None);
        assert_eq!(maps.of("/no/news/a.csv"), &kop);
        let titre = map(&["headline=titre", "body=texte"]);
        let maps = Maps::new(maps.words(), &[PathBuf::from("/no/news/fr")], Some(&titre));
        assert_eq!((maps.of("/no/news/a.csv"), maps.of("/no/news/fr/a.csv")), (&kop, &titre));
        // Guessing can be said as well, below and all around.
        let maps = Maps::new(maps.words(), &[PathBuf::from("/no/news/fr")], Some(&FieldMap::GUESSED));
        assert_eq!((maps.of("/no/news/a.csv"), maps.of("/no/news/fr/a.csv")), (&kop, &FieldMap::GUESSED));
        let maps = Maps::new(maps.words(), &[PathBuf::from("/no")], Some(&FieldMap::GUESSED));
        assert_eq!(maps.words(), BTreeMap::new());
    }
}
