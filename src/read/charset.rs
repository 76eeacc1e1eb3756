//! Bytes to text: by a byte order mark, then as UTF-8, then by what the file declares, then by what it looks like.
//!
//! Text that is UTF-8 stays as it is, whatever it declares: many files declare wrongly, and no other charset looks
//! like UTF-8 by chance. Detection is chardetng's, decoding encoding_rs'.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, WINDOWS_1252};

/// How much of a file a guess looks at.
const GUESS_BYTES: usize = 256 << 10;

/// Text, and how it was had.
#[derive(Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text.
    pub text: String,
    /// The name of the charset.
    pub charset: &'static str,
    /// The first byte that is not UTF-8 in a file that mostly is; these bytes were read as Windows-1252.
    pub mixed_at: Option<usize>,
}

/// Turns bytes into text; `declared` is the charset that the file or its envelope names.
pub fn decode(bytes: Vec<u8>, declared: Option<&str>) -> Decoded {
    let whole = |text: String, charset| Decoded { text, charset, mixed_at: None };
    if let Some((encoding, _)) = Encoding::for_bom(&bytes).filter(|(encoding, _)| *encoding != encoding_rs::UTF_8) {
        return whole(encoding.decode_with_bom_removal(&bytes).0.into_owned(), encoding.name());
    }
    let declared = declared.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    // ISO-2022-JP is written in ASCII, so only its declaration tells it.
    let escaped = declared.filter(|encoding| !encoding.is_ascii_compatible());
    if let Some(encoding) = escaped.filter(|_| memchr::memchr(0x1b, &bytes).is_some()) {
        return whole(encoding.decode_without_bom_handling(&bytes).0.into_owned(), encoding.name());
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return whole(text, "UTF-8"),
        Err(error) => error.into_bytes(),
    };
    if let Some((text, at)) = mostly_utf8(&bytes) {
        return Decoded { text, charset: "UTF-8", mixed_at: Some(at) };
    }
    let encoding = declared.filter(|encoding| *encoding != encoding_rs::UTF_8).unwrap_or_else(|| guess(&bytes));
    whole(encoding.decode_without_bom_handling(&bytes).0.into_owned(), encoding.name())
}

/// Returns the charset that bytes look like.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let first = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    let sample = &bytes[first..bytes.len().min(first + GUESS_BYTES)];
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// Returns the text of bytes that are UTF-8 but for a few, and where the first of these stands. Letters of several
/// bytes that happen to be right are very rare in any other charset.
fn mostly_utf8(bytes: &[u8]) -> Option<(String, usize)> {
    let (mut right, mut wrong, mut first) = (0_usize, 0_usize, None);
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        right += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        at += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            wrong += 1;
            first.get_or_insert(at);
        }
        at += chunk.invalid().len();
    }
    let first = first.filter(|_| right > wrong)?;
    let mut text = String::with_capacity(bytes.len() + wrong);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    Some((text, first))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], declared: Option<&str>, text: &str, charset: &str) {
        let found = decode(bytes.to_vec(), declared);
        assert_eq!((found.text.as_str(), found.charset), (text, charset));
    }

    #[test]
    fn reads_charsets() {
        check(b"plain", None, "plain", "UTF-8");
        check("Café".as_bytes(), Some("iso-8859-1"), "Café", "UTF-8");
        check(b"\xff\xfeC\0a\0f\0\xe9\0", None, "Café", "UTF-16LE");
        check(b"\xfe\xff\0C\0a\0f\0\xe9", None, "Café", "UTF-16BE");
        check(b"Caf\xe9", Some("latin1"), "Café", "windows-1252");
        check(b"Caf\xe9 cr\xe8me \x93the bill\x94", None, "Café crème “the bill”", "windows-1252");
        check(b"\xcf\xf0\xe8\xe2\xe5\xf2, \xec\xe8\xf0", Some("windows-1251"), "Привет, мир", "windows-1251");
        check(b"\x1b$B@1\x1b(B", Some("iso-2022-jp"), "星", "ISO-2022-JP");
    }

    #[test]
    fn tells_two_charsets_in_one_file() {
        let found = decode(b"Caf\xc3\xa9, \xc3\xa0 deux, \xe9t\xc3\xa9".to_vec(), None);
        assert_eq!(found, Decoded { text: "Café, à deux, été".to_owned(), charset: "UTF-8", mixed_at: Some(16) });
    }
}
