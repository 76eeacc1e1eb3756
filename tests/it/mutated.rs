//! Readers against damaged files: every file in `tests/read` and in `fuzz/seeds/read`, cut, mixed and bent at random.
//!
//! The order of chance is fixed, so a failure comes back. `ONRECORD_MUTATIONS=1000` asks for so many of each file.

use std::fs;
use std::path::Path;

use walkdir::WalkDir;

use crate::readable::reading;

/// How many of each file are read in an ordinary run.
const MUTATIONS: u64 = 12;
/// What breaks parsers.
const TOKENS: &[&[u8]] = &[
    b"<",
    b">",
    b"</",
    b"<!--",
    b"]]>",
    b"&#x110000;",
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    b"\n\n",
    b"\r\n\r\n",
    b"=?utf-8?b?",
    b"-1",
    b"99999999999999999999",
    b"0",
    b" of ",
    b"From ",
    b"WARC/1.0\r\n",
    b"Content-Length: ",
    b"\\u-1?",
    b"\\bin99999999 ",
    b"@highlight\n",
    b"End of Document\n",
    b"Body\n",
    b"HD ",
    b"Document ",
    b"\xe2\x80\xae",
];

/// Numbers that look like chance: xorshift.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

#[test]
fn damaged_files_are_told_and_never_break_a_reader() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seeds: Vec<(String, Vec<u8>)> = Vec::new();
    for folder in ["tests/read", "fuzz/seeds/read"] {
        for entry in WalkDir::new(root.join(folder)).sort_by_file_name().into_iter().flatten() {
            let is_expected = entry.path().extension().is_some_and(|extension| extension == "expected");
            if entry.file_type().is_file() && !is_expected {
                let name = entry.file_name().to_string_lossy().into_owned();
                seeds.push((name, fs::read(entry.path()).expect("a seed")));
            }
        }
    }
    assert!(seeds.len() > 50, "only {} seeds", seeds.len());
    let wanted = std::env::var("ONRECORD_MUTATIONS").ok().and_then(|count| count.parse().ok());
    let (mut articles, mut problems) = (0, 0);
    for (number, (name, seed)) in seeds.iter().enumerate() {
        let mut chance = Chance(0x9E37_79B9_7F4A_7C15 ^ (number as u64 + 1));
        for _ in 0..wanted.unwrap_or(MUTATIONS) {
            let other = &seeds[chance.below(seeds.len())].1;
            let bytes = mutated(seed, other, &mut chance);
            let done = std::panic::catch_unwind(|| reading(None, name, &bytes));
            let found = done.unwrap_or_else(|_| {
                let kept = std::env::temp_dir().join(format!("onrecord-broken-{name}"));
                fs::write(&kept, &bytes).expect("a place for the bytes");
                panic!("{name} broke its reader; the bytes are in {}", kept.display());
            });
            articles += found.0;
            problems += found.1;
        }
    }
    assert!(articles > 100 && problems > 100, "{articles} articles, {problems} problems: nothing was tried");
}

fn mutated(seed: &[u8], other: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=chance.below(4) {
        let at = chance.below(bytes.len() + 1);
        let length = chance.below(64).min(bytes.len() - at);
        match chance.below(7) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..at + length)),
            2 => drop(bytes.splice(at..at, seed[..seed.len().min(at + length)].to_vec())),
            3 => drop(bytes.splice(at..at, TOKENS[chance.below(TOKENS.len())].iter().copied())),
            4 => drop(bytes.splice(at..at + length, TOKENS[chance.below(TOKENS.len())].repeat(chance.below(50)))),
            5 => {
                let from = chance.below(other.len() + 1);
                drop(bytes.splice(at..at + length, other[from..].iter().copied().take(400)));
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << chance.below(8);
                }
            }
        }
    }
    bytes
}
