//! Any text is a query or complained about: no panic, and what is marked in a text lies inside it.

#![no_main]

#[path = "../../tests/it/sound.rs"]
mod sound;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|typed: &str| sound::query(typed));
