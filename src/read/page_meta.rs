//! What a page says of itself: JSON-LD first, then OpenGraph and other `meta` elements, microdata, and the page.

use dom_query::Document;
use serde_json::Value;

use super::{date, markup};

/// The types of JSON-LD that are articles.
const TYPES: &[&str] = &[
    "Article",
    "NewsArticle",
    "ReportageNewsArticle",
    "AnalysisNewsArticle",
    "BlogPosting",
    "OpinionNewsArticle",
    "LiveBlogPosting",
    "BackgroundNewsArticle",
    "Report",
    "ReviewNewsArticle",
    "TechArticle",
    "WebPage",
];
const DATES: &[&str] = &[
    "article:published_time",
    "datePublished",
    "parsely-pub-date",
    "sailthru.date",
    "date",
    "pubdate",
    "publishdate",
    "DC.date.issued",
    "DC.date",
    "dcterms.created",
    "og:published_time",
    "article.published",
    "published-date",
    "timestamp",
];
const AUTHORS: &[&str] =
    &["author", "article:author", "parsely-author", "sailthru.author", "byl", "dc.creator", "DC.creator"];
const OUTLETS: &[&str] = &["og:site_name", "application-name", "article:publisher"];
const SECTIONS: &[&str] = &["article:section", "parsely-section", "section"];
/// Between a headline and the name of the site, in a title.
const SEPARATORS: &[&str] = &[" | ", " - ", " – ", " — ", " » ", " :: ", " • ", " : "];

/// What a page says.
#[derive(Debug, Default)]
pub struct Said {
    pub headline: Option<String>,
    pub byline: Option<String>,
    pub outlet: Option<String>,
    pub section: Option<String>,
    pub lang: Option<String>,
    pub url: Option<String>,
    pub date: Option<String>,
    /// The text that JSON-LD gives.
    pub body: Option<String>,
}

/// Returns what a page says of itself.
pub fn of(document: &Document) -> Said {
    let linked = linked_data(document);
    let field = |name: &str| linked.as_ref().and_then(|data| name_of(data.get(name)?));
    let metas = metas(document);
    let meta = |names: &[&str]| {
        let found = names.iter().find_map(|name| metas.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)));
        found.map(|(_, content)| content.clone())
    };
    let first = |selector: &str| {
        let words = squeezed(&document.select_single(selector).text());
        Some(words).filter(|words| !words.is_empty())
    };
    let attribute = |selector: &str, name: &str| {
        let found = document.select_single(selector).attr(name);
        found.map(|value| squeezed(&value)).filter(|value| !value.is_empty())
    };
    let outlet = linked.as_ref().and_then(|data| name_of(data.get("publisher")?)).or_else(|| meta(OUTLETS));
    let byline = field("author").or_else(|| meta(AUTHORS)).filter(|words| !words.starts_with("http"));
    Said {
        headline: headline(document, field("headline"), &meta, outlet.as_deref()),
        byline: byline
            .or_else(|| first("[itemprop=author] [itemprop=name], [itemprop=author], [rel=author], .byline, .author"))
            .filter(|words| words.len() < 200)
            .map(|words| words.strip_prefix("By ").unwrap_or(&words).to_owned()),
        section: field("articleSection").or_else(|| meta(SECTIONS)),
        lang: field("inLanguage").or_else(|| attribute("html", "lang")).or_else(|| meta(&["og:locale"])),
        url: attribute("link[rel=canonical]", "href")
            .filter(|url| url.starts_with("http"))
            .or_else(|| meta(&["og:url"]))
            .or_else(|| field("url")),
        date: field("datePublished")
            .or_else(|| meta(DATES))
            .or_else(|| attribute("[itemprop=datePublished][content]", "content"))
            .or_else(|| attribute("[itemprop=datePublished][datetime]", "datetime"))
            .or_else(|| attribute("article time[datetime], time[pubdate][datetime], time[datetime]", "datetime"))
            .or_else(|| first("[itemprop=datePublished]"))
            .or_else(|| printed_date(document)),
        body: linked.as_ref().and_then(|data| Some(data.get("articleBody")?.as_str()?.to_owned())),
        outlet,
    }
}

/// Returns a day that a page shows where it says none to machines: in an element that is named for it, or the only
/// one with a time of day.
fn printed_date(document: &Document) -> Option<String> {
    const NAMED: &str = "[class*=date], [class*=publish], [class*=posted], [id*=date], [class*=timestamp]";
    let is_day = |words: &str| date::parse(words).is_some_and(|date| date.day > 0);
    for node in document.select(NAMED).iter().take(20) {
        let name = node.attr_or("class", "").to_lowercase();
        let words = squeezed(&node.text());
        let now = ["update", "current", "today", "now", "related", "comment"].iter().any(|word| name.contains(word));
        if !now && words.len() < 80 && is_day(&words) {
            return Some(words);
        }
    }
    let mut days: Vec<String> =
        markup::blocks(&document.root(), &|_| false).iter().flat_map(|block| days_with_time(&block.text)).collect();
    days.sort();
    days.dedup();
    if days.len() == 1 { days.pop() } else { None }
}

/// Returns the days in a text that a time follows: `2024-09-19 16:05`, `2024.09.19 16:05`.
fn days_with_time(words: &str) -> Vec<String> {
    const SHAPE: &[u8] = b"dddd-dd-dd dd:dd";
    let fits = |window: &[u8]| {
        window.iter().zip(SHAPE).all(|(byte, shape)| match shape {
            b'd' => byte.is_ascii_digit(),
            b'-' => b"-./".contains(byte),
            shape => byte == shape,
        })
    };
    let found = words.as_bytes().windows(SHAPE.len()).filter(|window| fits(window));
    let plain = found.filter_map(|window| std::str::from_utf8(window).ok()).map(|day| day.replace(['.', '/'], "-"));
    plain.filter(|day| date::parse(day).is_some()).collect()
}

/// Returns the headline: of JSON-LD, the page's only `h1` where a title begins with it, or a title without the site.
fn headline(
    document: &Document,
    linked: Option<String>,
    meta: &dyn Fn(&[&str]) -> Option<String>,
    outlet: Option<&str>,
) -> Option<String> {
    let h1s: Vec<String> = document.select("h1").iter().map(|node| squeezed(&node.text())).collect();
    let title = squeezed(&document.select_single("head title").text());
    let open = meta(&["og:title", "twitter:title", "headline"]);
    let known = |h1: &&String| {
        let bare = |words: &str| {
            words.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
        };
        let start = bare(h1);
        start.chars().count() > 8
            && [open.as_deref(), Some(&title)].into_iter().flatten().any(|title| bare(title).starts_with(&start))
    };
    let h1 = h1s.iter().find(known).cloned();
    let only = || h1s.iter().find(|words| words.split(' ').count() > 2).cloned();
    let title = || Some(without_site(&title, outlet)).filter(|title| !title.is_empty());
    let linked = linked.map(|words| super::markup::text(&words)).filter(|words| words.split(' ').count() > 1);
    h1.or(linked).or_else(|| open.as_deref().map(|words| without_site(words, outlet))).or_else(only).or_else(title)
}

/// Returns a title without the name of the site.
fn without_site(title: &str, outlet: Option<&str>) -> String {
    let cut =
        SEPARATORS.iter().filter_map(|separator| title.rsplit_once(separator)).max_by_key(|(start, _)| start.len());
    let Some((start, end)) = cut else { return title.to_owned() };
    let is_site = outlet.is_some_and(|outlet| end.eq_ignore_ascii_case(outlet));
    let short = end.split(' ').count() <= 4 && start.split(' ').count() >= 4;
    if is_site || short { start.trim().to_owned() } else { title.to_owned() }
}

/// Returns the `meta` elements as names and contents.
fn metas(document: &Document) -> Vec<(String, String)> {
    let mut metas = Vec::new();
    for node in document.select("meta[content]").iter() {
        let name = ["property", "name", "itemprop"].iter().find_map(|attribute| node.attr(attribute));
        let content = squeezed(&node.attr_or("content", ""));
        if let Some(name) = name.filter(|_| !content.is_empty()) {
            metas.push((name.to_string(), content));
        }
    }
    metas
}

/// Returns the article among the page's JSON-LD.
fn linked_data(document: &Document) -> Option<Value> {
    let mut best: Option<(usize, Value)> = None;
    for script in document.select("script[type='application/ld+json']").iter() {
        let text = script.text();
        let Ok(value) = serde_json::from_str::<Value>(text.trim().trim_end_matches(';')) else { continue };
        let mut open = vec![value];
        while let Some(value) = open.pop() {
            match value {
                Value::Array(values) => open.extend(values),
                Value::Object(mut fields) => {
                    open.extend(fields.remove("@graph"));
                    let kinds = fields.get("@type").map(names_of).unwrap_or_default();
                    let rank = TYPES.iter().position(|known| kinds.iter().any(|kind| kind == known));
                    let rank = rank.map(|rank| if TYPES[rank] == "WebPage" { 2 } else { 1 });
                    if let Some(rank) = rank
                        && best.as_ref().is_none_or(|(other, _)| rank < *other)
                    {
                        best = Some((rank, Value::Object(fields)));
                    }
                }
                _ => {}
            }
        }
    }
    best.map(|(_, value)| value)
}

/// Returns the names in a value: a string, an object with a `name`, or a list of these.
fn names_of(value: &Value) -> Vec<String> {
    match value {
        Value::String(words) => vec![squeezed(words)],
        Value::Object(fields) => fields.get("name").map(names_of).unwrap_or_default(),
        Value::Array(values) => values.iter().flat_map(names_of).collect(),
        _ => Vec::new(),
    }
}

fn name_of(value: &Value) -> Option<String> {
    let names: Vec<String> = names_of(value).into_iter().filter(|name| !name.is_empty()).collect();
    if names.is_empty() { None } else { Some(names.join(", ")) }
}

fn squeezed(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
