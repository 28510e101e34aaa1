#!/usr/bin/env python3
"""replicate.py CORPUS OUT ROUNDS [FIRST] -- a corpus many times over, as a large archive would be: JSON lines, a file a round.

In every round but the first all names are others (words that stand with a capital inside sentences and never without), and all dates
and outlets: so vocabulary and people grow with the archive, as they do in life, and the index can merge nothing. The same arguments
give the same bytes. FIRST is the number of the first round (0).
"""
import json
import os
import random
import re
import sys

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
INSIDE = re.compile(r"[a-z,;] ([A-Z][a-z]{2,})\b")
ONSETS = "b br c ch cl d dr f fl g gr h j k kl l m n p pr r s sh st t tr v w y z".split()
VOWELS = "a e i o u ai ea ie oa ou".split()
CODAS = ["", "", "l", "m", "n", "nd", "r", "rt", "s", "ss", "t", "x"]


def texts(corpus):
    for folder, folders, files in os.walk(corpus):
        folders.sort()
        for name in sorted(files):
            if name.endswith(".txt"):
                with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
                    yield file.read()


def names_of(articles):
    small, inside = set(), set()
    for text in articles:
        small.update(w for w in WORD.findall(text) if w[0].islower())
        inside.update(INSIDE.findall(text))
    return sorted(w for w in inside if w.lower() not in small)


def word(rnd):
    return "".join(rnd.choice(ONSETS) + rnd.choice(VOWELS) + rnd.choice(CODAS) for _ in range(rnd.choice((1, 2, 2, 3)))).capitalize()


def main():
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    corpus, out, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    first = int(sys.argv[4]) if len(sys.argv) == 5 else 0
    articles = list(texts(corpus))
    if not articles:
        sys.exit(f"{corpus}: no *.txt files are there")
    names = names_of(articles)
    os.makedirs(out, exist_ok=True)
    for r in range(first, first + rounds):
        rnd = random.Random(r)
        other = {name: word(rnd) for name in names} if r else {}
        outlets = [f"{word(rnd)} {kind}" for kind in ("Courier", "Gazette", "Post", "Tribune", "News", "Herald")]
        with open(f"{out}/round-{r:04}.jsonl", "w", encoding="utf-8") as file:
            for i, text in enumerate(articles):
                changed = WORD.sub(lambda m: other.get(m.group(), m.group()), text) if r else text
                file.write(json.dumps({"id": f"{r}-{i}", "text": changed, "source": rnd.choice(outlets),
                                       "date": f"{rnd.randrange(1990, 2026)}-{rnd.randrange(1, 13):02}-{rnd.randrange(1, 29):02}"},
                                      ensure_ascii=False) + "\n")
        print(f"round {r}: {len(articles)} articles", file=sys.stderr, flush=True)


main()
