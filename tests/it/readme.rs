//! The README's tour is true: its console blocks are transcripts of the bundled corpus.

use std::fs;
use std::path::Path;

use crate::transcripts::replay;

/// Returns the console blocks of the README, each without its fence.
fn blocks(readme: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut block: Option<String> = None;
    for line in readme.lines() {
        match &mut block {
            None if line.trim() == "```console" => block = Some(String::new()),
            None => {}
            Some(_) if line.trim() == "```" => blocks.extend(block.take()),
            Some(text) => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    blocks
}

#[test]
fn the_tour_prints_what_the_readme_shows() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).expect("the README");
    let blocks = blocks(&readme);
    assert!(blocks.len() >= 4, "only {} console blocks", blocks.len());
    let bless = std::env::var_os("ONRECORD_BLESS").is_some();
    let mut written = readme.clone();
    for block in blocks {
        let printed = replay(&format!("-- indexed --\n{block}"));
        let printed = printed.trim_start_matches("-- indexed --\n").trim_end().to_owned() + "\n";
        if bless {
            written = written.replacen(&block, &printed, 1);
        } else {
            assert_eq!(printed, block, "the README shows something else; ONRECORD_BLESS=1 writes what is printed");
        }
    }
    if bless {
        fs::write(&path, written).expect("the README to write");
    }
}
