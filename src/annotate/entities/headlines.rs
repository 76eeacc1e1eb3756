//! Copies of labelled articles in the letters of headlines: all capitals, or a capital at each word.
//!
//! In: labelled articles. Out: the same in other letters, their names where they then stand. Knows nothing of training.

use crate::article::Span;

use super::train::Labelled;

/// Adds copies of the articles in the letters of headlines: of one in so many in capitals, of as many in title case.
pub fn add_headlines(articles: &mut Vec<Labelled>, one_in: usize) {
    for at in 0..articles.len() {
        let change = match at % one_in {
            0 => capital,
            1 if (at / one_in).is_multiple_of(2) => title,
            1 => strict_title,
            _ => continue,
        };
        articles.extend(recased(&articles[at..=at], change));
    }
}

/// Returns articles in other letters; `change` is told whether a letter starts a word.
pub fn recased(articles: &[Labelled], change: fn(char, bool) -> char) -> Vec<Labelled> {
    let recase = |article: &Labelled| {
        let mut text = String::with_capacity(article.text.len());
        let mut places = vec![0; article.text.len() + 1];
        let mut inside = false;
        for (at, letter) in article.text.char_indices() {
            places[at] = text.len();
            text.push(change(letter, !inside));
            inside = letter.is_alphanumeric() || matches!(letter, '\'' | '’');
        }
        places[article.text.len()] = text.len();
        let place = |at: u32| places[at as usize];
        let names = article.names.iter();
        let names = names.map(|(span, kind)| (Span::new(place(span.start), place(span.end)), *kind)).collect();
        Labelled { names, text, misc: article.misc }
    };
    articles.iter().map(recase).collect()
}

/// Returns a letter as in a text in capitals.
pub fn capital(letter: char, _first: bool) -> char {
    let mut upper = letter.to_uppercase();
    upper.next().filter(|_| upper.next().is_none()).unwrap_or(letter)
}

/// Returns a letter as in a text in title case.
pub fn title(letter: char, first: bool) -> char {
    if first { capital(letter, true) } else { letter }
}

/// Returns a letter as in a text of which each word starts with its only capital.
pub fn strict_title(letter: char, first: bool) -> char {
    let mut lower = letter.to_lowercase();
    if first { capital(letter, true) } else { lower.next().filter(|_| lower.next().is_none()).unwrap_or(letter) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::EntityKind;

    #[test]
    fn other_letters_keep_names_in_place() {
        let text = "Ich sah Çelik groß.".to_owned();
        let at = text.find("Çelik").expect("the name in the text");
        let names = vec![(Span::new(at, at + "Çelik".len()), EntityKind::Person)];
        let copies = recased(&[Labelled { text, names, misc: true }], capital);
        assert_eq!(copies[0].text, "ICH SAH ÇELIK GROß.");
        assert_eq!(copies[0].names[0].0.of(&copies[0].text), "ÇELIK");
    }
}
