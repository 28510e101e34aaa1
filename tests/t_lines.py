#!/usr/bin/env python3
"""Where lines are broken changes no quote: the long case articles, their paragraphs broken in several ways; and two files
that are indexed, asked for and shown.
"""
import glob
import json
import os
import random
import re
import subprocess
import sys
import textwrap

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import private

EXTRACT = os.path.join(os.environ.get("B", os.path.join(HERE, "..", "build")), "quotes-extract")


RAGGED = """Pier

“The harbour pays for itself and
it always will,” said Orla Venn. The council met on Monday.

Marta Oyelaran said: “We wait for the harbour as we
wait for spring, and nobody
complains.”
"""
QUOTED = """# Mail

> “The ferry is late and
> nobody complains,” said Jonas Reet.

Rosa Amadi said: “There were nine boxes in the cellar.

The police took them away. Ada Kovar said: “It pays for itself.

“It always will.”
"""


def articles():
    """Lists of paragraphs."""
    for path in sorted(glob.glob(os.path.join(HERE, "cases", "quote", "long-*.case"))):
        with open(path, encoding="utf-8") as file:
            text = file.read().split("--- article\n", 1)[1].split("\n--- quotes", 1)[0].strip("\n")
        yield re.split(r"\s*\n\s*", text)


def column(width):
    return lambda text, chance: textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)


def by_hand(text, chance):
    """Lines of thirty to seventy letters."""
    lines, room = [""], chance.randint(30, 70)
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append(word)
            room = chance.randint(30, 70)
        else:
            lines[-1] = (lines[-1] + " " + word).strip()
    return "\n".join(lines)


def by_thought(text, chance):
    """A line ends with a sentence or after a comma."""
    return re.sub(r"(?:(?<=[.!?,])|(?<=[.!?,][”“\"»])) (?=\S)", lambda space: "\n" if chance.random() < 0.8 else " ", text)


def quotes(texts):
    """For each text: who said what, white space made one."""
    lines = "".join(json.dumps({"id": str(i), "text": t}) + "\n" for i, t in enumerate(texts))
    out = subprocess.run([EXTRACT], input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout
    return [{" ".join(q["text"].split()): " ".join((q["speaker"] or "").split()) for q in json.loads(line)["quotes"]}
            for line in out.decode().splitlines()]


def broken(paragraphs, way):
    chance = random.Random(5)
    return quotes(["\n\n".join(way(p, chance) for p in article) for article in paragraphs])


def shown():
    """What the index gives of the two files."""
    with private.Private() as a:
        for name, text in (("ragged.txt", RAGGED), ("ragged.md", "# The\n\n" + RAGGED), ("quoted.md", QUOTED)):
            with open(a.dir + "/" + name, "w", encoding="utf-8") as file:
                file.write(text)
        a.start()
        a.quotes("add", *(a.dir + "/" + name for name in ("ragged.txt", "ragged.md", "quoted.md")))
        said = lambda who: [" ".join(q["text"].split()) for q in a.json("by", who)["quotes"]]
        text = lambda who: " ".join(a.quotes("by", who).stdout.decode().split())
        still_open = lambda who: [q.get("open") for q in a.json("by", who)["quotes"]]
        return [
            (said("venn") == ["The harbour pays for itself and it always will,"] * 2, "a text and Markdown give the whole quote"),
            (said("oyelaran") == ["We wait for the harbour as we wait for spring, and nobody complains."] * 2,
             "to its last word"),
            ("“The ferry is late and nobody complains,”" in text("reet"), "the signs of quoted lines are not shown"),
            ("in the cellar." in text("amadi") and "”" not in text("amadi"),
             "what nothing closes is shown without a closing mark"),
            (still_open("amadi") == [True], "and JSON says so"),
            (sorted(still_open("kovar"), key=str) == [None, True], "of two paragraphs the first is open, and the second is not"),
            (still_open("reet") == [None], "control: a quote that is closed is not open"),
        ]


def main():
    texts = list(articles())
    whole = quotes(["\n\n".join(t) for t in texts])
    total = sum(map(len, whole))
    results = [(total > 150, "there are quotes to break: %d" % total)]
    for words, way, most in (("at column 72", column(72), 0), ("at column 40", column(40), 0),
                             ("by hand", by_hand, 0.01), ("by sentences and commas", by_thought, 0)):
        found = broken(texts, way)
        lost = sum(q not in b for a, b in zip(whole, found) for q in a)
        other = sum(b.get(q, a[q]) != a[q] for a, b in zip(whole, found) for q in a)
        results.append((lost <= most * total and other <= 0.04 * total,
                        "broken %s: %d of them lost words, %d have another speaker" % (words, lost, other)))
    apart = broken(texts, lambda text, chance: by_hand(text, chance).replace("\n", "\n\n"))
    lost = sum(q not in b for a, b in zip(whole, apart) for q in a)
    results.append((lost > total / 4, "control: were these lines paragraphs, %d would lose words" % lost))
    results += shown()
    for i, (fine, words) in enumerate(results, 1):
        print("%s %d - %s" % ("ok" if fine else "not ok", i, words))
    print("1..%d" % len(results))


if __name__ == "__main__":
    main()
