//! An RSS 2.0 feed, for readers of news and programs that watch.
//!
//! In: hits and quotes. Out: a channel with an item a row. Nothing of today stands in it: the same answer gives the
//! same bytes. Deliberately knows no terminal but that its text must not command one.

use std::io::{self, Write};

use jiff::civil;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::html::escaped;
use super::place::{one_line, quoted_words};
use super::words::title;
use super::{HitRows, QuoteRows, Sheet, clean, web_address};
use crate::article::Date;
use crate::hits::{Hits, QuoteHit};
use crate::schema::Record;

/// Where a channel says it comes from: a feed must name a page, and there is none.
const NO_PAGE: &str = "about:blank";

/// Starts a feed of ranked articles.
pub fn hits<'w>(sheet: Sheet<'_>, out: &'w mut dyn Write) -> io::Result<Box<dyn HitRows + 'w>> {
    Ok(Box::new(Feed::new(sheet.title, out)?))
}

/// Starts a feed of quotes.
pub fn quotes<'w>(sheet: Sheet<'_>, out: &'w mut dyn Write) -> io::Result<Box<dyn QuoteRows + 'w>> {
    Ok(Box::new(Feed::new(sheet.title, out)?))
}

struct Feed<'w> {
    xml: Writer<&'w mut dyn Write>,
}

impl HitRows for Feed<'_> {
    fn part(&mut self, hits: &Hits) -> io::Result<()> {
        for hit in &hits.hits {
            let record = &hit.record;
            let excerpts: Vec<String> =
                hit.excerpts.iter().map(|excerpt| escaped(&one_line(excerpt.span.of(&record.text)))).collect();
            let (text, span) = title(record);
            let words = excerpts.iter().map(|excerpt| format!("<p>{excerpt}</p>")).collect::<String>();
            self.item(record, span.of(text), &words, &record.key())?;
        }
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn close(&mut self) -> io::Result<()> {
        self.finish()
    }
}

impl QuoteRows for Feed<'_> {
    fn row(&mut self, hit: &QuoteHit) -> io::Result<()> {
        let (record, quote) = (&*hit.record, hit.quote());
        let said = one_line(&quoted_words(quote, &record.text));
        let speaker = quote.speaker.as_ref().map(|speaker| speaker.name.as_str());
        let heading = match speaker {
            Some(speaker) => format!("{speaker}: “{said}”"),
            None => format!("“{said}”"),
        };
        let (text, span) = title(record);
        let words = format!("<blockquote>{}</blockquote><p>{}</p>", escaped(&said), escaped(span.of(text)));
        self.item(record, &heading, &words, &format!("{}:{}", record.key(), quote.span().start))
    }

    fn end(&mut self, _: u64) -> io::Result<()> {
        self.finish()
    }
}

impl<'w> Feed<'w> {
    /// Returns a feed with everything above its first item.
    fn new(title: &str, out: &'w mut dyn Write) -> io::Result<Feed<'w>> {
        let mut feed = Feed { xml: Writer::new_with_indent(out, b' ', 1) };
        feed.xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let mut root = BytesStart::new("rss");
        root.push_attribute(("version", "2.0"));
        root.push_attribute(("xmlns:dc", "http://purl.org/dc/elements/1.1/"));
        feed.xml.write_event(Event::Start(root))?;
        feed.xml.write_event(Event::Start(BytesStart::new("channel")))?;
        feed.element("title", if title.is_empty() { "onrecord" } else { title })?;
        feed.element("link", NO_PAGE)?;
        feed.element("description", "An answer of onrecord")?;
        feed.element("generator", "onrecord")?;
        Ok(feed)
    }

    /// Writes an item: `words` is HTML, `id` tells it from every other.
    fn item(&mut self, record: &Record, heading: &str, words: &str, id: &str) -> io::Result<()> {
        self.xml.write_event(Event::Start(BytesStart::new("item")))?;
        self.element("title", heading)?;
        if let Some(url) = web_address(record) {
            self.element("link", url)?;
        }
        if !words.is_empty() {
            self.element("description", words)?;
        }
        if let Some(byline) = &record.meta.byline {
            self.element("dc:creator", byline)?;
        }
        if let Some(outlet) = &record.meta.outlet {
            self.element("dc:publisher", outlet)?;
        }
        if let Some(section) = &record.meta.section {
            self.element("category", section)?;
        }
        let mut guid = BytesStart::new("guid");
        guid.push_attribute(("isPermaLink", "false"));
        self.filled(guid, id)?;
        if let Some(date) = record.meta.date.and_then(stamp) {
            self.element("pubDate", &date)?;
        }
        self.xml.write_event(Event::End(BytesEnd::new("item")))
    }

    fn element(&mut self, name: &str, words: &str) -> io::Result<()> {
        self.filled(BytesStart::new(name), words)
    }

    fn filled(&mut self, start: BytesStart<'_>, words: &str) -> io::Result<()> {
        let end = start.to_end().into_owned();
        let words = allowed(words);
        self.xml.write_event(Event::Start(start))?;
        self.xml.write_event(Event::Text(BytesText::new(&words)))?;
        self.xml.write_event(Event::End(end))
    }

    fn finish(&mut self) -> io::Result<()> {
        self.xml.write_event(Event::End(BytesEnd::new("channel")))?;
        self.xml.write_event(Event::End(BytesEnd::new("rss")))?;
        self.xml.get_mut().write_all(b"\n")
    }
}

/// Returns the text on one line, without what XML 1.0 has no place for.
fn allowed(text: &str) -> String {
    clean(&one_line(text)).replace(['\u{FFFE}', '\u{FFFF}'], "\u{FFFD}")
}

/// Returns a day as RFC 822 has it, at midnight in universal time; nothing for a month or a year.
fn stamp(date: Date) -> Option<String> {
    let day = civil::date(i16::try_from(date.year).ok()?, 1, 1);
    let day = day.with().month(i8::try_from(date.month).ok()?).day(i8::try_from(date.day).ok()?).build().ok()?;
    Some(day.strftime("%a, %d %b %Y 00:00:00 +0000").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_whole_days() {
        let date = |year, month, day| stamp(Date { year, month, day });
        assert_eq!(date(2024, 9, 19).as_deref(), Some("Thu, 19 Sep 2024 00:00:00 +0000"));
        assert_eq!(date(2024, 9, 0), None);
        assert_eq!(date(2023, 2, 29), None);
    }
}
