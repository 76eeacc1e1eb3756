//! Strings as TOML writes them, harmless on a terminal as well.

/// Returns a string as TOML writes it, on one line and without a control character.
pub fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            letter if letter.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(letter))),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_toml() {
        for text in ["", "less -R", "the \"Calder\" \\ \u{1b}[31m", "C:\\a\tb\r\nc", "\u{7f}\u{9b}", "naïve 停戦"] {
            let line = format!("key = {}", quoted(text));
            assert!(!line.contains(char::is_control), "{line:?}");
            let read: toml::Table = line.parse().unwrap_or_else(|error| panic!("{line}: {error}"));
            assert_eq!(read["key"].as_str(), Some(text));
        }
    }
}
