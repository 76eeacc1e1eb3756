//! What each rule looks at, in words: for `extract --explain`.
//!
//! In: the name of a rule. Out: a sentence for a person. A rule without a row here fails the tests.

/// The rules that find who said a quote, or what was said.
const QUOTES: &[(&str, &str)] = &[
    ("according-to-before", "“according to” stands before it, with the source"),
    ("according-to-behind", "“according to” stands behind it, with the source"),
    ("closing-tag", "its sentence goes on behind the mark and ends with a subject and a verb of saying"),
    ("continued", "the paragraph before ends without a closing mark: the same quotation goes on"),
    ("cue-before", "a verb of saying stands before it, with its subject"),
    ("cue-before-inverted", "a verb of saying stands before it, its subject behind the verb"),
    ("cue-before-joined", "a verb of saying before it shares the subject of the verb it is joined to"),
    ("cue-before-participle", "a verb like “saying” or “to say” stands before it: the subject of the sentence"),
    ("cue-behind", "a subject and a verb of saying stand behind it"),
    ("cue-behind-inverted", "a verb of saying stands behind it, then its subject"),
    ("goes-on", "no mark closes it: the speaker stands beside a later part of the quotation"),
    ("introduced", "the line before ends with a colon and names the speaker"),
    ("label", "a name and a colon stand before it"),
    ("last-speaker", "nothing tells: the one who spoke last"),
    ("main-clause", "the cue before it belongs to a side clause: the subject of the main clause"),
    ("no-speaker", "nothing near it tells who speaks"),
    ("reported-around", "a subject and a verb of saying stand in the middle of what is reported"),
    ("reported-as", "“as” with a subject and a verb of saying stands beside it"),
    ("reported-before", "a subject and a verb of saying stand behind what is reported"),
    ("reported-clause", "a clause follows a verb of saying"),
    ("reported-label", "a headline names the speaker before a colon"),
    ("reported-noun", "a noun of saying (“claim”, “call”) comes with what is said"),
    ("reported-object", "the object of a verb like “accuse” or “deny”"),
    ("reported-passive", "a passive verb of saying, what is said behind it"),
    ("reported-preposition", "a verb like “call for” or “warn of”, what is said behind the preposition"),
    ("reported-question", "a question word follows a verb of saying or asking"),
    ("reported-run", "words in marks follow a verb of saying and a comma"),
    ("reported-that", "“that” follows a verb of saying"),
    ("reported-to", "“to” and a verb follow a verb of saying"),
    ("same-paragraph", "the same paragraph quotes somebody already"),
    ("same-paragraph-later", "nothing before it tells: the one quoted later in the paragraph"),
    ("sentence-before-cue", "the sentence before ends in a verb of saying, with its subject"),
    ("sentence-subject", "it stands in a sentence of its own: the subject of that sentence"),
    ("signature", "the next line is signed"),
    ("statement-before", "the line before tells of a statement or letter, whose author it names"),
    ("transcript", "a name in capitals and a colon open the line, as in a transcript"),
    ("verb-before", "a verb and a comma introduce it, whatever the verb says"),
    ("verb-behind", "a subject and a verb stand behind it, whatever the verb says"),
    ("verb-behind-inverted", "a verb stands behind it, whatever it says, then its subject"),
];

/// The rules that trace a mention to somebody.
const MENTIONS: &[(&str, &str)] = &[
    ("age", "“the 44-year-old”: the person of that age, or else the one named last"),
    ("appositive", "the name stands in commas behind the mention"),
    ("described-person", "a person whom the article describes with that noun"),
    ("described-source", "somebody described and not named, under the first and fullest description"),
    ("full-name", "the mention holds a name of two words or more"),
    ("initials", "a surname in capitals, as in a transcript"),
    ("mention", "the words beside the quote, as they are"),
    ("pronoun", "the likeliest person before: near, first in its sentence, of that gender, or the last speaker"),
    ("pronoun-source", "somebody described and not named who was mentioned a moment ago"),
    ("short-name", "a part of a name that the article gives in full, or that stands with a title"),
    ("unresolved", "nobody before is likely enough"),
    ("who", "the name before “who”"),
];

/// Returns what a rule that found a quote or its speaker looks at.
pub fn of_quote(rule: &str) -> Option<&'static str> {
    find(QUOTES, rule)
}

/// Returns what a rule that traced a mention looks at.
pub fn of_mention(rule: &str) -> Option<&'static str> {
    find(MENTIONS, rule)
}

fn find(rules: &[(&'static str, &'static str)], rule: &str) -> Option<&'static str> {
    rules.iter().find(|(name, _)| *name == rule).map(|(_, says)| *says)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_sorted_and_told() {
        for rules in [QUOTES, MENTIONS] {
            assert!(rules.is_sorted_by_key(|(name, _)| name));
            assert!(rules.iter().all(|(_, says)| !says.ends_with('.') && says.len() > 20));
        }
    }
}
