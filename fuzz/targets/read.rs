//! Any bytes are read: no panic, and every article's parts are sound spans of its text. `ONRECORD_READER` names one
//! reader, as `mod.rs` of `read` calls it; without it the bytes go to whichever they look like.

#![no_main]

#[path = "../../tests/it/readable.rs"]
mod readable;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let reader = std::env::var("ONRECORD_READER").ok();
    readable::reading(reader.as_deref(), "seed", bytes);
});
