#!/usr/bin/env python3
"""Where lines are broken changes no quote: the long case articles, their paragraphs broken in several ways."""
import glob
import json
import os
import random
import re
import subprocess
import textwrap

HERE = os.path.dirname(os.path.abspath(__file__))
EXTRACT = os.path.join(os.environ.get("B", os.path.join(HERE, "..", "build")), "quotes-extract")


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
    for i, (fine, words) in enumerate(results, 1):
        print("%s %d - %s" % ("ok" if fine else "not ok", i, words))
    print("1..%d" % len(results))


if __name__ == "__main__":
    main()
