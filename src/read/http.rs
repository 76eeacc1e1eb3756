//! What a server answered, as archives of the web keep it: the status, the headers, the body unpacked.

use std::io::Read;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use super::html::PAGE_LIMIT;

/// An answer of a server.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// `200`, `301`.
    pub status: u16,
    /// The kind of the body, in lower case: `text/html`; empty where it is not said.
    pub kind: String,
    /// The charset that the server names.
    pub charset: Option<String>,
    /// The body, unchunked and unpacked, no longer than [`PAGE_LIMIT`] and one byte.
    pub body: Vec<u8>,
}

/// Returns the answer in a block; nothing where it does not start with a status.
///
/// # Errors
/// Says, in one clause, why the body cannot be unpacked.
pub fn parse(block: &[u8]) -> Result<Option<Answer>, String> {
    let (head, body) = split_head(block);
    let mut lines = head.split(|byte| *byte == b'\n').map(|line| String::from_utf8_lossy(line).trim().to_owned());
    let first = lines.next().unwrap_or_default();
    let Some(status) = first.strip_prefix("HTTP/").and_then(|rest| rest.split_whitespace().nth(1)) else {
        return Ok(None);
    };
    let mut answer = Answer { status: status.parse().unwrap_or(0), ..Answer::default() };
    let (mut chunked, mut packings) = (false, Vec::new());
    for line in lines {
        let Some((name, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        match name.trim_end().to_ascii_lowercase().as_str() {
            "content-type" => (answer.kind, answer.charset) = kind_and_charset(value),
            "transfer-encoding" => chunked = value.to_ascii_lowercase().contains("chunked"),
            "content-encoding" => packings.extend(value.split(',').map(|one| one.trim().to_ascii_lowercase())),
            _ => {}
        }
    }
    // Many crawlers keep the headers and store the body already unchunked.
    let whole = if chunked { unchunked(body) } else { None };
    answer.body = whole.unwrap_or_else(|| body.to_vec());
    for packing in packings.iter().rev() {
        answer.body = unpacked(answer.body, packing)?;
    }
    Ok(Some(answer))
}

/// Returns the kind and the charset of a `Content-Type`, the first in lower case.
pub fn kind_and_charset(value: &str) -> (String, Option<String>) {
    let mut parts = value.split(';');
    let kind = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let charset = parts.find_map(|part| {
        let (name, label) = part.split_once('=')?;
        let label = label.trim().trim_matches(['"', '\'']);
        (name.trim().eq_ignore_ascii_case("charset") && !label.is_empty()).then(|| label.to_owned())
    });
    (kind, charset)
}

/// Returns the lines before the first empty one, and what follows it.
pub fn split_head(block: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    while let Some(length) = memchr::memchr(b'\n', &block[at..]) {
        let line = &block[at..at + length];
        at += length + 1;
        if line.is_empty() || line == b"\r" {
            return (&block[..at], &block[at..]);
        }
    }
    (block, &[])
}

/// Returns a body without the lengths of its chunks; one that is cut off gives what is there.
fn unchunked(body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(end) = memchr::memchr(b'\n', rest) {
        let line = rest[..end].split(|byte| *byte == b';').next().unwrap_or_default();
        let size = std::str::from_utf8(line).ok().and_then(|line| usize::from_str_radix(line.trim(), 16).ok());
        let Some(size) = size else {
            // A body whose first line is no length was stored without chunks.
            return if out.is_empty() { None } else { Some(out) };
        };
        rest = &rest[end + 1..];
        if size == 0 {
            break;
        }
        out.extend_from_slice(&rest[..size.min(rest.len())]);
        rest = rest.get(size..).unwrap_or_default();
        rest = rest.strip_prefix(b"\r").unwrap_or(rest);
        rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    }
    Some(out)
}

/// Returns a body unpacked; one that is not packed as it says stays as it is.
fn unpacked(body: Vec<u8>, packing: &str) -> Result<Vec<u8>, String> {
    let gzip = body.starts_with(b"\x1f\x8b");
    let reader: Box<dyn Read + '_> = match packing {
        "gzip" | "x-gzip" if gzip => Box::new(MultiGzDecoder::new(&body[..])),
        "deflate" if body.first().is_some_and(|byte| byte & 0x0f == 8) => Box::new(ZlibDecoder::new(&body[..])),
        "deflate" if !body.starts_with(b"<") => Box::new(DeflateDecoder::new(&body[..])),
        "zstd" if body.starts_with(b"\x28\xb5\x2f\xfd") => {
            Box::new(zstd::Decoder::with_buffer(&body[..]).map_err(|error| format!("is damaged zstd data ({error})"))?)
        }
        "br" if !body.starts_with(b"<") => Box::new(brotli_decompressor::Decompressor::new(&body[..], 4096)),
        _ => return Ok(body),
    };
    let mut out = Vec::new();
    let done = reader.take(PAGE_LIMIT as u64 + 1).read_to_end(&mut out);
    match done {
        // What is cut off gives what is there, as browsers show it.
        Err(error) if out.is_empty() => Err(format!("has a body that is damaged {packing} data ({error})")),
        _ => Ok(out),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn check(head: &str, body: &[u8], expected: &str) {
        let block = [format!("HTTP/1.1 200 OK\r\n{head}\r\n").as_bytes(), body].concat();
        let answer = parse(&block).expect("sound").expect("an answer");
        assert_eq!((answer.status, String::from_utf8_lossy(&answer.body).as_ref()), (200, expected), "{head}");
    }

    #[test]
    fn unpacks_bodies() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(b"A ferry").expect("memory");
        let gzip = gzip.finish().expect("memory");
        let chunks = |body: &[u8]| [format!("{:x}\r\n", body.len()).as_bytes(), body, b"\r\n0\r\n\r\n"].concat();
        check("", b"A ferry", "A ferry");
        check("Content-Encoding: gzip\r\n", &gzip, "A ferry");
        check("content-encoding: gzip\r\n", b"A ferry", "A ferry");
        check("Transfer-Encoding: chunked\r\n", b"2\r\nA \r\n5;x=1\r\nferry\r\n0\r\n\r\n", "A ferry");
        check("Transfer-Encoding: chunked\r\n", b"2\r\nA \r\n5\r\nfer", "A fer");
        check("Transfer-Encoding: chunked\r\n", b"A ferry\n", "A ferry\n");
        check("Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", &chunks(&gzip), "A ferry");
        check("Content-Encoding: br\r\n", b"\x0b\x03\x80A ferry\x03", "A ferry");
    }

    #[test]
    fn reads_headers() {
        let block = b"HTTP/1.0 404 Not Found\nContent-Type: Text/HTML; Charset=\"koi8-r\"\n\nno";
        let answer = parse(block).expect("sound").expect("an answer");
        assert_eq!(
            (answer.status, answer.kind.as_str(), answer.charset.as_deref()),
            (404, "text/html", Some("koi8-r"))
        );
        assert_eq!(parse(b"<html>"), Ok(None));
        let broken = parse(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8bxxxxxxxxxxxx");
        assert!(broken.expect_err("damage").starts_with("has a body that is damaged gzip data"));
    }
}
