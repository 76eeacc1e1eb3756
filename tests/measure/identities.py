"""Are the speakers of a corpus one identity each? Measured against quotes whose speakers were read by hand.

    onrecord index TEXTS
    onrecord quotes --kind all --json > quotes.jsonl
    onrecord speakers --described --json > speakers.jsonl
    python3 tests/measure/identities.py resolved.jsonl quotes.jsonl speakers.jsonl

`resolved.jsonl` holds, for each article `id`, `quotes` with `content` (offsets in code points) and the acceptable
`speaker_names`. A person is a set of acceptable names that share one. A quote counts where the name found is one of
them, in any spelling, or a surname of theirs: a wrong speaker is another matter. Printed: how many pairs of names that
stand for one person are one identity, and the identities that hold two people.
"""

import itertools
import json
import sys
import unicodedata
from collections import Counter, defaultdict


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def fold(name):
    name = unicodedata.normalize("NFKD", name.lower().replace("’", "'"))
    return " ".join("".join(c for c in name if c.isalnum() or c in " '").split())


def is_name(name):
    return len(name.split()) > 1 and name.split()[-1][0].isupper()


resolved, quotes, speakers = (lines(path) for path in sys.argv[1:4])
found = defaultdict(list)
for row in quotes:
    if row["type"] == "quote" and row["speaker"]:
        found[row["id"]].append((row["spans"], row["speaker"]["name"]))
identity = {}
for number, row in enumerate(speakers):
    if row["type"] == "speaker":
        for name in [row["name"]] + [variant["name"] for variant in row["variants"]]:
            identity[name] = number

# Names that stand side by side once are one person everywhere.
parent = {}


def root(name):
    parent.setdefault(name, name)
    while parent[name] != name:
        name = parent[name]
    return name


people = [[name for name in quote["speaker_names"] if is_name(name)] for row in resolved for quote in row["quotes"]]
for names in people:
    # Two speakers at once, or a paper and who signed it, say nothing about names.
    if len({fold(name).split()[-1] for name in names}) == 1:
        for name in names[1:]:
            parent[root(fold(name))] = root(fold(names[0]))

names_of = defaultdict(Counter)
for row in resolved:
    for quote in row["quotes"]:
        wanted = [name for name in quote["speaker_names"] if is_name(name)]
        if len({fold(name).split()[-1] for name in wanted}) != 1:
            continue
        start, end = quote["content"][0][0], quote["content"][-1][1]
        best = max(
            found[row["id"]],
            key=lambda pair: sum(max(0, min(end, b) - max(start, a)) for a, b in pair[0]),
            default=None,
        )
        if best is None or not any(a < end and start < b for a, b in best[0]):
            continue
        name = best[1]
        words = fold(name).split()
        last = fold(wanted[0]).split()
        surname = [word for word in last if word not in ("jr", "iii")][-1]
        if fold(name) in map(fold, wanted) or surname in words and (len(words) == 1 or words[0] in {fold(w).split()[0] for w in wanted}):
            names_of[root(fold(wanted[0]))][name] += 1

pairs = joined = 0
holders = defaultdict(set)
for person, names in names_of.items():
    for one, other in itertools.combinations(sorted(names), 2):
        pairs += 1
        joined += identity.get(one) == identity.get(other)
        if identity.get(one) != identity.get(other):
            print("not joined:", one, "|", other)
    for name in names:
        holders[identity.get(name)].add(person)
several = {number: people for number, people in holders.items() if len(people) > 1}
variants = sum(len(names) for names in names_of.values())
kept = sum(max(Counter(identity.get(name) for name in names).values()) for names in names_of.values())
print(f"{len(names_of)} people, {variants} names, {sum(sum(names.values()) for names in names_of.values())} quotes")
print(f"variants in the person's main identity: {kept} of {variants} ({100 * kept / max(1, variants):.1f} %)")
print(f"pairs of variants joined: {joined} of {pairs}")
print(f"identities that hold two people: {len(several)}")
for number, people in several.items():
    print("  ", number, sorted(people))
