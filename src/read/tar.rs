//! Tar archives, streamed; links and names that lead out are told and passed over.

use std::io::{self, BufReader};

use tar::{Archive, EntryType};

use super::input::Stream;
use super::unpack;
use super::{Each, Head, Input, Source};
use crate::problem::Reason;

/// Returns whether a file is a tar archive.
pub fn sniff(head: &Head<'_>) -> bool {
    head.bytes.get(257..262) == Some(b"ustar")
}

/// Reads the members of an archive.
pub fn read(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    if unpack::is_too_deep(source, each) {
        return Ok(());
    }
    let done = read_members(input, source, each);
    unpack::tell_damage(done, "tar", source, each)
}

fn read_members(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    let mut archive = Archive::new(input);
    for entry in archive.entries()? {
        let entry = entry?;
        let name = unpack::member_name(&entry.path_bytes());
        let name = name.trim_start_matches("./");
        let kind = entry.header().entry_type();
        if unpack::leads_out(name) {
            let detail = format!("holds `{name}`, a name outside of it; passed over");
            each(Err(source.problem(None, Reason::Malformed, detail)));
        } else if kind.is_symlink() || kind.is_hard_link() {
            each(Err(source.problem(None, Reason::Link, format!("holds the link `{name}`, not followed"))));
        } else if matches!(kind, EntryType::Regular | EntryType::Continuous) && !unpack::is_litter(name) {
            let size = entry.size();
            unpack::read_member(name, &mut Stream(BufReader::new(entry)), size, source, each)?;
        }
    }
    Ok(())
}
