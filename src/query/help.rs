//! The language on one page.

/// What `onrecord help query` prints.
pub const HELP: &str = "\
WORDS
  ceasefire gaza            articles with both words come first, then those with
                            one; `talks` also finds talk, talked, talking, and
                            `British` finds Britain and the U.K.
  \"ceasefire talks\"         these words, side by side, in exactly this spelling;
                            curly, single and « » marks work as well
  =talks                    in exactly this spelling
  -hamas  NOT hamas         not this word
  truce OR ceasefire        at least one; binds tightest
  truce AND hostages        both, or the article is not shown at all
  (truce OR ceasefire) gaza

SPELLINGS
  cease*  *fire  wom?n      any letters, one letter; inside phrases as well
  netanyaho~                this spelling first, then those a letter or two away
  /colou?rs?/               a regular expression for a whole word

NEAR EACH OTHER
  ceasefire w/5 gaza        at most 5 words apart, in any order; NEAR/5 is the same
  ceasefire pre/5 gaza      in this order
  \"ceasefire gaza\"~5        the words of a phrase, in exactly this spelling
  ceasefire w/s gaza        in one sentence; w/p in one paragraph
  (truce OR cease*) w/5 \"prime minister\"
  atleast3(gaza)            so many times; the headline counts once

FIELDS
  headline:ceasefire        in the headline; the same with dek: and body:
  lead:(truce gaza)         in the first 50 words; hlead: in these or the headline
  speaker:official          somebody so named or described speaks in it
  role:official             a source of this class speaks in it
  entity:\"United Nations\"   this person, organisation or place is named in it
  quote:ceasefire           the word stands inside a quote
  said(ceasefire w/10 gaza) by(official)
                            both of one and the same quote
  outlet:post byline:finch section:world dateline:doha lang:en path:2024 id:talks
  date:2024  date:2024-09  date:2024-09-01..2024-09-19  date:2024-09..  date:none
  since:2024-09  until:2024-09-19  since:\"3 weeks ago\"
  headline:(truce OR talks) a field takes a word, a phrase or a group

QUOTES
  onrecord quotes [QUERY] --by WHO --about WORDS
  The words of QUERY and of --about must stand inside the quote; fields say more
  of the article or the speaker. WHO is a class of source (official, expert,
  witness, spokesperson, police …), a name in any form, or a description:
  --by official   --by Calder   --by \"senior administration official\"

WHO IS MEANT
  A name behind speaker: entity: --by or in by(…) finds whoever has its words in
  the name, and, where it can only mean one, that one under the other names that
  the index gives reason for: another form of the name, a short form explained in
  an article. Your own word, identities.toml beside the index or --identities
  FILE, goes first: aliases, names apart, offices with their dates. --explain says
  whom each name was taken for, and why; `onrecord speakers --help` shows the file.

GOOD TO KNOW
  Case and accents do not matter. Words like `the` count only inside phrases, or
  when nothing else is typed; `WHO` in capitals is a name. Hyphenated words are
  phrases: `cross-border`. A dash with spaces around it is punctuation; `-word`
  excludes. Of more than five words, or of a question in a sentence, no word is
  required and the best match comes first. --explain says what a query means and
  how many articles each part finds, --explain-score what each score is made of;
  --fresh ranks newer articles higher. A query that starts with a dash goes after
  `--`: onrecord search -- -gaza
";
