//! Any text is annotated: no panic, and every finding is a sound span of it.

#![no_main]

#[path = "../../tests/it/sound.rs"]
mod sound;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| sound::annotation(text));
