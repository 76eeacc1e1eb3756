//! What is a copy and what only looks like one. The texts are invented.

use super::*;

const HARBOUR: &str = "PORT MARROW, March 4 (Harbour Press) — The harbour board will close the eastern pier for 14 months \
from the first of May, after divers found that 31 of its 88 piles had rotted below the water line. Two shipping lines \
and a school of rowing use the pier, which was built in 1911 and last repaired in 1974. The board put the cost at 9.4 \
million crowns and said that it had 6.2 million. \"Nobody is going to fall into the sea this week,\" said Hanne Orlo, who \
chairs the board. \"I would not promise the same for next winter.\" Fishermen will land their catch at the coal quay in \
the meantime, where the cranes are older and the road is narrow. Their association asked for a second ice house and was \
told that it would have an answer by Friday. The rowing school has 240 pupils and no other slip. Its head, Peder Lunt, \
said that he had written to three towns along the coast and heard from one. The divers, who worked for six days in \
February, sent the board a film of what they had seen. It lasts forty minutes, and two members left before the end.";

fn signature(text: &str) -> Option<Signature> {
    let mut signer = Signer::default();
    analyzer::words(text).for_each(|word| signer.add(text, word));
    signer.finish()
}

/// Signatures are kept: a word has the same hash for ever, wherever it stands.
#[test]
fn a_word_has_one_hash() {
    let text = "a Boat BOATS harbour harbours internationalisation of the \u{e9}t\u{e9} Caf\u{e9} 1,000.5 boat";
    for word in analyzer::words(text) {
        let alone = &text[word.clone()];
        let mut hash = KEYS[0] ^ alone.len() as u64;
        let (eights, tail) = alone.as_bytes().as_chunks::<8>();
        for eight in eights {
            hash = mixed(hash ^ u64::from_le_bytes(eight.map(|byte| byte | 0x20)), KEYS[1]);
        }
        let tail = tail.iter().fold(0, |tail, byte| tail << 8 | u64::from(byte | 0x20));
        let expected = (mixed(hash ^ tail, KEYS[0]), alone.is_ascii());
        assert_eq!(hash_of(text.as_bytes(), word), expected, "{alone}");
        assert_eq!(hash_of(alone.as_bytes(), 0..alone.len()), expected, "{alone}, alone");
    }
}

fn check(one: &str, other: &str, copies: bool) {
    let (first, second) = (signature(one), signature(other));
    let found = first.zip(second).is_some_and(|(first, second)| first.is_copy_of(&second));
    assert_eq!(found, copies, "{one}\n\n{other}");
}

#[test]
fn a_signature_is_kept_as_numbers() {
    let signature = signature(HARBOUR).expect("a signature");
    assert_eq!(Signature::from_columns(signature.columns()), signature);
    assert!(signature.columns().iter().all(|column| *column <= MASK));
    assert_eq!(signature.name(), signature.columns()[0]);
}

#[test]
fn copies_are_copies() {
    check(HARBOUR, HARBOUR, true);
    check(HARBOUR, &HARBOUR.to_uppercase().replace('"', "“"), true);
    let credited = HARBOUR.replace("PORT MARROW, March 4 (Harbour Press) — ", "By our own staff. ");
    check(HARBOUR, &credited.replace("said Hanne Orlo", "Hanne Orlo told the Courier"), true);
    let (start, _) = HARBOUR.split_once(" The divers, who").expect("the last sentences");
    check(HARBOUR, start, true);
    check(HARBOUR, &format!("{start} Sund, forty miles up the coast, closed a pier of its own two years ago."), true);
}

#[test]
fn briefs_are_never_copies() {
    let brief = "The council of Sund meets on Tuesday at seven in the old school. The public may attend and speak.";
    assert_eq!(signature(brief), None);
    check(brief, brief, false);
}

#[test]
fn another_report_in_the_same_frame_is_no_copy() {
    let market = |day: &str, index: &str, rise: &str, banks: &str, oil: &str, crown: &str, turnover: &str| {
        format!(
            "Shares in Norvika closed higher on {day}. The main index of the exchange rose {rise} per cent to {index} \
             points, with banks up {banks} per cent and shippers little changed. Brent oil traded at {oil} dollars a \
             barrel. The crown stood at {crown} to the dollar at the close of trading in the capital. Turnover was \
             {turnover} million crowns, dealers at two brokerages said. Analysts expect quiet trading before the \
             central bank meets next week."
        )
    };
    let monday = market("Monday", "1,204.3", "0.4", "1.1", "81.20", "9.34", "612");
    let tuesday = market("Tuesday", "1,219.8", "1.3", "2.6", "80.05", "9.29", "744");
    check(&monday, &monday.replace("Norvika", "the country"), true);
    check(&monday, &tuesday, false);
    let match_report = |home: &str,
                        away: &str,
                        score: &str,
                        scorer: &str,
                        minute: &str,
                        crowd: &str,
                        points: u32,
                        games: u32| {
        format!(
            "{home} beat {away} {score} in the coastal league on Saturday. {scorer} scored the winner in the {minute} \
             minute before a crowd of {crowd}. The result leaves {home} with {points} points from {games} matches and {away} \
             with a game in hand. Both sides play again on Wednesday evening."
        )
    };
    let first = match_report("Hallow Rovers", "Sund Town", "2-1", "Ivo Brandt", "71st", "2,140", 31, 14);
    check(&first, &match_report("Port Marrow", "Millgate", "3-0", "Ola Reth", "12th", "918", 27, 15), false);
    let weather = |place: &str, low: &str, high: &str, wind: &str, rain: &str| {
        format!(
            "{place}: cloudy at first with sunny spells in the afternoon. Lows of {low} and highs of {high} degrees, wind \
             from the west at {wind} kilometres an hour. Chance of rain {rain} per cent. Sea moderate, good visibility. \
             The outlook for the rest of the week is for settled and dry conditions along the coast."
        )
    };
    check(&weather("Sund", "4", "11", "20", "30"), &weather("Hallow", "7", "15", "35", "60"), false);
}

#[test]
fn pages_with_the_same_notice_are_no_copies() {
    let notice = "The Marrow Courier depends on readers like you. If you value what we do, consider a subscription from \
        five crowns a month. All rights reserved; no part of this page may be copied, broadcast or published elsewhere \
        without permission of the editor. Send corrections to the desk, and letters of no more than two hundred words to \
        the same address.";
    let one = "A barge with gravel ran aground below the lock on Sunday night. Nobody was hurt, and the crew of four \
        stayed aboard until the morning. A tug from Sund is due at noon.";
    let other = "The library in Millgate opens again after repairs to its roof. Children of the lower school carried the \
        last of the books back on foot, in a line three streets long.";
    check(&format!("{one} {notice}"), &format!("{other} {notice}"), false);
}

#[test]
fn stories_do_not_depend_on_chains() {
    // Each text shares most with the next, the first nothing with the last.
    let sentences: Vec<&str> = HARBOUR.split_inclusive(". ").collect();
    let filler: Vec<String> = (0..12)
        .map(|n| format!("Item {n} of the list was put off by vote number {} of clerk {}. ", n * 17, n * 31))
        .collect();
    let mut texts = Vec::new();
    for step in 0..=sentences.len() {
        let kept = sentences[step..].concat();
        texts.push(format!("{kept}{}", filler[..step.min(filler.len())].concat()));
    }
    let signatures: Vec<Signature> = texts.iter().filter_map(|text| signature(text)).collect();
    let stories = stories(&signatures);
    assert_ne!(stories.first(), stories.last(), "{stories:?}");
    for (article, story) in signatures.iter().zip(&stories) {
        assert!(article.is_copy_of(&signatures[*story as usize]), "{stories:?}");
    }
}

#[test]
fn the_earliest_stands_for_a_story() {
    let other = HARBOUR.replace(" The rowing school has 240 pupils and no other slip.", "");
    let alone = "A dog that had lived at the station for eleven years was given a medal by the railway on Thursday. It \
        had met 14,000 trains, the master said, and bitten one inspector, who spoke at the ceremony and asked for no \
        apology. The medal is of tin and hangs above the stove, out of reach of the dog.";
    let texts = [alone, HARBOUR, &other, HARBOUR];
    let signatures: Vec<Signature> = texts.into_iter().filter_map(signature).collect();
    assert_eq!(stories(&signatures), [0, 1, 1, 1]);
    assert!(stories(&[]).is_empty());
}
