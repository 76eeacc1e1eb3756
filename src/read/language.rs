//! Which language a text is in, from its first words.
//!
//! English, which most texts are, is told by its commonest words; anything else is whatlang's. Codes are ISO 639-1.

use whatlang::detect;

/// How much of a text is looked at, in bytes.
const SAMPLE: usize = 800;
/// Words of a sample that decide.
const WORDS: usize = 60;

/// Returns the language of a text, where that is sure.
pub fn of(text: &str) -> Option<&'static str> {
    let sample = super::draft::start_of(text, SAMPLE);
    if is_english(sample) {
        return Some("en");
    }
    let found = detect(sample)?;
    let sure = found.is_reliable() || found.confidence() > 0.5;
    if sure { short_code(found.lang().code()) } else { None }
}

/// Returns the language of a text that is said to be in another one, where there is no doubt about it.
pub fn against(said: &str, text: &str) -> Option<&'static str> {
    let said = code(said)?;
    let sample = super::draft::start_of(text, 2 * SAMPLE);
    if sample.len() < SAMPLE / 2 || !rows().any(|[_, short, _]| short == said) {
        return None;
    }
    let found = if is_english(sample) {
        "en"
    } else {
        let found = detect(sample).filter(|found| found.is_reliable() && found.confidence() > 0.9)?;
        short_code(found.lang().code())?
    };
    let near = |group: &&[&str]| group.contains(&found) && group.contains(&said.as_str());
    Some(found).filter(|found| *found != said && !NEAR.iter().any(near))
}

/// Languages that are hard to tell apart, or have several codes.
const NEAR: &[&[&str]] = &[
    &["da", "nb", "nn", "no", "sv"],
    &["id", "ms", "jv", "tl"],
    &["hr", "sr", "bs", "sl"],
    &["cs", "sk"],
    &["pt", "gl", "es", "ca"],
    &["ru", "uk", "be", "bg", "mk"],
    &["hi", "mr", "ne"],
    &["nl", "af"],
    &["ar", "fa", "ur"],
    &["zh", "ja"],
    &["tr", "az"],
    &["he", "yi"],
];

/// Returns the ISO 639-1 code of a language by any of its codes or its English name: `en-GB`, `eng`, `ENGLISH`.
pub fn code(name: &str) -> Option<String> {
    let first = name.trim().split(['-', '_', ';', ',', ' ']).next()?.to_ascii_lowercase();
    match first.len() {
        2 if first.bytes().all(|letter| letter.is_ascii_lowercase()) => Some(first),
        _ => short_code(&first).map(str::to_owned),
    }
}

/// Returns whether a word is the English name of a language, in lower case.
pub fn is_name(word: &str) -> bool {
    rows().any(|[_, _, english]| english == word)
}

fn rows() -> impl Iterator<Item = [&'static str; 3]> {
    let rows = include_str!("words/languages.txt").lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|row| row.split(' ').collect::<Vec<_>>().try_into().ok())
}

fn short_code(name: &str) -> Option<&'static str> {
    rows().find(|[long, _, english]| *long == name || *english == name).map(|[_, short, _]| short)
}

/// Returns whether the small words of English stand in a sample, or in its first words, as thick and as various as they
/// only do in English.
fn is_english(sample: &str) -> bool {
    let (mut kinds, mut found, mut words, mut word) = (0_u64, 0, 0, 0);
    let decides = |kinds: u64, found: usize, words: usize| {
        (kinds & OWN).count_ones() >= 2 && kinds.count_ones() >= 4 && found * 8 >= words
    };
    let early = sample.bytes().chain([b' ']).any(|byte| {
        if !byte.is_ascii_whitespace() {
            word = add_letter(word, byte);
            return false;
        }
        if word == 0 {
            return false;
        }
        words += 1;
        if let Some(kind) = kind_of(std::mem::take(&mut word)) {
            kinds |= kind;
            found += 1;
        }
        words == WORDS && decides(kinds, found, words)
    });
    early || decides(kinds, found, words)
}

/// Small words of English, those first that no other language has.
#[rustfmt::skip]
const SMALL_WORDS: [&str; 32] = [
    "the", "and", "that", "with", "said", "from", "which", "this", "they", "their", "been", "its", "were", "would",
    "of", "to", "was", "for", "is", "has", "had", "have", "not", "by", "it", "who", "after", "will", "his", "at", "are", "be",
];
/// The first 14 of them, as bits.
const OWN: u64 = (1 << 14) - 1;

/// The small words, each in the slot that its hash names, and its bit. No two share one: building it would fail.
const ENGLISH: [(u64, u64); 1 << SLOT_BITS] = {
    let mut slots = [(0, 0); 1 << SLOT_BITS];
    let mut at = 0;
    while at < SMALL_WORDS.len() {
        let word = pack(SMALL_WORDS[at].as_bytes());
        assert!(slots[slot_of(word)].0 == 0, "two words share a slot: choose another key");
        slots[slot_of(word)] = (word, 1 << at);
        at += 1;
    }
    slots
};
const SLOT_BITS: u32 = 8;

const fn slot_of(word: u64) -> usize {
    const KEY: u64 = 0x1027_C4D1_C386_BBC5;
    (word.wrapping_mul(KEY) >> (u64::BITS - SLOT_BITS)) as usize
}

/// Returns the bit of a small word.
fn kind_of(word: u64) -> Option<u64> {
    let (small, kind) = ENGLISH[slot_of(word)];
    (small == word).then_some(kind)
}

/// Returns a word as one number, whatever its case: that of a small word is no other's.
const fn pack(word: &[u8]) -> u64 {
    let mut packed = 0;
    let mut at = 0;
    while at < word.len() {
        packed = add_letter(packed, word[at]);
        at += 1;
    }
    packed
}

const fn add_letter(packed: u64, letter: u8) -> u64 {
    packed << 8 | (letter | 0x20) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_languages() {
        for (text, code) in [
            ("The council of the town said that the ferry is to stay and the fare is to rise.", Some("en")),
            ("Der Rat der Stadt hat beschlossen, dass die Fähre bleibt und der Preis steigt, sagte sie.", Some("de")),
            ("Le conseil de la ville a décidé que le bac restera et que le prix augmentera.", Some("fr")),
            ("El consejo de la ciudad decidió que el barco se queda y que el precio subirá.", Some("es")),
            ("Городской совет решил, что паром останется, а цена вырастет.", Some("ru")),
            ("市议会决定保留夜间渡轮，但票价将上涨。", Some("zh")),
            ("シティ議会は夜のフェリーを残すことを決めました。", Some("ja")),
            ("12 3", None),
            ("", None),
        ] {
            assert_eq!(of(text), code, "{text}");
        }
    }

    #[test]
    fn english_is_told_without_a_table_of_languages() {
        for text in [
            "Harbour staff have agreed to a cut that was put to them by their union, said a clerk.",
            "THE FERRY IS TO STAY, AND ITS FARES ARE NOT TO RISE, SAID THE COUNCIL ON MONDAY.",
        ] {
            assert!(is_english(text), "{text}");
        }
        for text in [
            "De raad was van plan om de boot te houden, of niet, en had in de haven een huis met uitzicht.",
            "Rådet har bestemt at ferjen is to by for of was hos dem, og prisen stiger til neste år.",
            "The Harbour Federation and Northern Ferries Ltd, Kaistrasse 4, Bremen, Telefon 0421 5550, Fax 0421 5551",
            "Shr loss two cts vs profit three cts, net loss 88,000 vs profit 62,000, revs 3.1 mln vs 3.3 mln",
            "",
        ] {
            assert!(!is_english(text), "{text}");
        }
    }

    #[test]
    fn a_wrong_word_about_the_language_is_told() {
        let english = "The council of the town said that the ferry is to stay and the fare is to rise. ".repeat(8);
        let german =
            "Der Rat der Stadt hat beschlossen, dass die Fähre bleibt und der Preis steigt, sagte sie. ".repeat(8);
        for (said, text, expected) in [
            ("de", &english, Some("en")),
            ("en-US", &german, Some("de")),
            ("de-CH", &german, None),
            ("xx", &german, None),
            ("en", &german[..90].to_owned(), None),
        ] {
            assert_eq!(against(said, text), expected, "{said}");
        }
    }

    #[test]
    fn knows_codes() {
        for (name, expected) in
            [("en-GB", Some("en")), ("ENGLISH", Some("en")), ("deu", Some("de")), ("pt_BR", Some("pt")), ("?", None)]
        {
            assert_eq!(code(name).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn every_row_is_sound_and_every_language_has_one() {
        assert!(rows().count() > 60);
        for row in include_str!("words/languages.txt").lines().skip(1) {
            let parts: Vec<&str> = row.split(' ').collect();
            assert!(matches!(&parts[..], [long, short, _] if long.len() == 3 && short.len() == 2), "`{row}`");
            assert!(row.bytes().all(|letter| letter.is_ascii_lowercase() || letter == b' '), "`{row}`");
        }
        for language in whatlang::Lang::all() {
            assert!(short_code(language.code()).is_some(), "{} has no row", language.code());
        }
    }
}
