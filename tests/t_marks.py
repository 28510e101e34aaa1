#!/usr/bin/env python3
"""t_marks.py -- the quotation marks of every locale of Unicode's CLDR: exactly the words between them come out.

For each locale an article is made up of words over the locale's own alphabet, in its own marks: a quotation at the
start, in the middle and at the end of a paragraph, one with another inside it, one of several sentences, and one that
goes on over a paragraph. One line of TAP for each distinct set of marks.

Then articles with a single quotation, so that little shows the document's habit, in the hard places: in brackets, before
a dash, with a word written on to it, without an end. One line of TAP for each place.
"""
import glob
import json
import os
import random
import re
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ET

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import private

CLDR = "/usr/share/unicode/cldr/common/"
LOCALES = 803  # of CLDR 41, which Debian 12 packages
MARKS = ["quotationStart", "alternateQuotationStart", "alternateQuotationEnd", "quotationEnd"]
# Scripts written without spaces between words.
DENSE = re.compile("CJK|HIRAGANA|KATAKANA|THAI|LAO|KHMER|MYANMAR")

tap = private.Tap()


class Locales:
    """What the locales say of themselves, or inherit."""

    def __init__(self):
        self.own = {}
        self.parents = {}
        for e in ET.parse(CLDR + "supplemental/supplementalData.xml").getroot().iter("parentLocale"):
            for name in e.get("locales").split():
                self.parents[name] = e.get("parent")
        for path in glob.glob(CLDR + "main/*.xml"):
            root = ET.parse(path).getroot()
            own = self.own[os.path.basename(path)[:-4]] = {}
            for key in MARKS:
                own[key] = root.findtext("delimiters/" + key)
            for e in root.findall("characters/exemplarCharacters"):
                if e.get("type") is None:
                    own["alphabet"] = e.text

    def parent(self, name):
        return self.parents.get(name) or (name.rsplit("_", 1)[0] if "_" in name else "root" if name != "root" else None)

    def get(self, name, key):
        while name:
            value = self.own.get(name, {}).get(key)
            if value and value != "↑↑↑":
                return value
            name = self.parent(name)
        return None

    def marks(self, name):
        return tuple(self.get(name, key) for key in MARKS)

    def letters(self, name):
        text = re.sub(r"\\u([0-9A-F]{4})", lambda m: chr(int(m[1], 16)), self.get(name, "alphabet") or "")
        letters = [c for c in re.sub(r"\{.*?\}", "", text) if c.isalpha()]
        return letters if len(letters) > 5 else list("abdefghiklmnoprstu")


class Writer:
    """An article that knows where its quotations stand."""

    def __init__(self, name, locales):
        self.rnd = random.Random(name)
        self.letters = locales.letters(name)
        self.open, self.inner_open, self.inner_close, self.close = locales.marks(name)
        script = unicodedata.name(self.letters[0], "")
        self.dense = bool(DENSE.search(script))
        self.space = "" if self.dense else " "
        self.comma, self.stop = ("、", "。") if re.search("CJK|KANA", script) else (", ", ". ")
        # French printers set a space inside the guillemets, of one kind or another.
        self.pad = self.rnd.choice(["\u202f", "\u00a0", " ", "\u2009", ""]) if name.split("_")[0] == "fr" else ""
        self.new()

    def new(self):
        self.text, self.want = "", []

    def words(self, n, capital=False):
        text = self.space.join("".join(self.rnd.choice(self.letters) for _ in range(self.rnd.randint(3, 8)))
                               for _ in range(n))
        return text[0].upper() + text[1:] if capital else text

    def put(self, text):
        self.text += text

    def quote(self, words, opened=True, closed=True):
        self.put(self.open + self.pad if opened else "")
        start = len(self.text.encode())
        self.put(words)
        self.want.append((start, len(self.text.encode())))
        self.put(self.pad + self.close if closed else "")

    def sentence(self, n):
        return self.words(n, True) + self.stop.strip()

    def nested(self):
        pad = self.pad if self.inner_open == "«" else ""
        return (self.words(3, True) + self.space + self.inner_open + pad + self.words(3) + pad + self.inner_close +
                self.space + self.words(3) + self.stop.strip())

    def article(self):
        sentence, gap = self.sentence, self.space
        self.put(sentence(9) + gap + sentence(11) + "\n\n")
        self.quote(sentence(8))
        self.put(gap + sentence(6) + "\n\n")
        self.put(self.words(4, True) + self.comma)
        self.quote(self.words(9))
        self.put(self.comma + self.words(5) + self.stop)
        self.quote(self.nested())
        self.put(gap + sentence(7) + "\n\n" + self.words(4, True) + ":" + gap)
        self.quote(gap.join(sentence(self.rnd.randint(3, 9)) for _ in range(4)))
        self.put("\n\n" + self.words(5, True) + ":" + gap)
        self.quote(sentence(8) + gap + sentence(6), closed=False)
        self.put("\n\n")
        self.quote(sentence(7))
        self.put("\n\n" + sentence(12) + "\n")
        return self.text


    def alone(self):
        """The places of a quotation that is the only one, each with its article."""
        gap = self.space
        inner = self.words(5, True) + ":" + gap + self.inner_open + self.words(4) + self.inner_close + self.stop.strip()
        places = {
            "at the start of a paragraph": ("", self.sentence(8), True, gap + self.sentence(6)),
            "between commas": (self.words(4, True) + self.comma, self.words(9), True, self.comma + self.words(5) + self.stop),
            "after a colon": (self.words(4, True) + ":" + gap, self.sentence(9), True, ""),
            "in brackets": (self.words(4, True) + " (", self.sentence(9), True, ")" + gap + self.sentence(5)),
            "with a word written on to it": (self.words(4, True) + gap, self.words(9), True,
                                             ("" if self.dense else "-") + self.words(5) + self.stop),
            "before a dash": ("", self.words(9, True) + "!", True, " – " + self.words(5) + self.stop),
            "with another in its middle": (self.words(4, True) + ":" + gap, self.nested(), True, ""),
            "with another at its end": (self.words(4, True) + ":" + gap, inner, True, gap + self.sentence(5)),
            "without an end": (self.words(4, True) + ":" + gap, self.sentence(9), False, ""),
        }
        for place, (before, words, closed, after) in places.items():
            self.new()
            self.put(self.sentence(9) + "\n\n" + before)
            self.quote(words, closed=closed)
            self.put(after + "\n\n" + self.sentence(5) + "\n")
            yield place, self.text, self.want


def extract(texts):
    """The ranges found in each text, by its id."""
    lines = "".join(json.dumps({"id": i, "text": text}) + "\n" for i, text in texts.items())
    run = subprocess.run([private.B + "/quotes-extract"], input=lines.encode(), stdout=subprocess.PIPE, check=True)
    records = map(json.loads, run.stdout.splitlines())
    return {r["id"]: [(q["start"], q["end"]) for q in r["quotes"]] for r in records}


def compare(fact, names, texts, want, found):
    """One line of TAP: every name's text gave what it should; else the first that did not are shown."""
    bad = [name for name in names if found.get(name) != want[name]]
    tap.ok(fact, not bad)
    for name in bad[:3]:
        data = texts[name].encode()
        cut = lambda ranges: [data[s:e].decode(errors="replace") for s, e in ranges]
        print(f"# {name}: {len(bad)} of {len(names)} differ\n#   wanted {cut(want[name])}\n#   found  {cut(found.get(name, []))}")


def main():
    if not os.path.isdir(CLDR + "main"):
        tap.ok("the locales are here (they are not: apt-get install unicode-cldr-core)", False)
        return
    locales = Locales()
    names = sorted(locales.own)
    tap.ok(f"the package holds {len(names)} locales, of {LOCALES} in CLDR 41", len(names) == LOCALES)
    groups, texts, want, places = {}, {}, {}, {}
    for name in names:
        groups.setdefault(locales.marks(name), []).append(name)
        writer = Writer(name, locales)
        texts[name], want[name] = writer.article(), writer.want
        for place, text, ranges in writer.alone():
            key = name + " " + place
            places.setdefault(place, []).append(key)
            texts[key], want[key] = text, ranges
    found = extract(texts)
    for marks, members in sorted(groups.items(), key=lambda g: (-len(g[1]), g[0])):
        languages = sorted({name.split("_")[0] for name in members})
        shown = " ".join(languages[:8]) + (" …" if len(languages) > 8 else "")
        compare(f"{' '.join(marks)} in {len(members)} locales ({shown})", members, texts, want, found)
    covered = sum(len(members) for members in groups.values())
    tap.ok(f"{covered} locales in {len(groups)} sets of marks, each exactly", covered == LOCALES and not tap.bad)
    for place, keys in places.items():
        compare(f"one quotation alone, {place}, in {len(keys)} locales", keys, texts, want, found)


main()
tap.done()
