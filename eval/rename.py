#!/usr/bin/env python3
"""rename.py -- the same articles with every person under another name.

  eval/rename.py GOLD [--seed S] [--plain] > RENAMED

Rules that were made on some articles may have learned who speaks in them. Under new names only the sentence can tell:
what is found less there was found by the name. A person keeps one new name through an article, and every place of the
gold is moved with the text. First names become others of the same sex, surnames become invented ones (coin.py).

Who is a person is told by a first name that quotes-extract knows, by a title ("Sen. Kovar"), or by the gold, where a
speaker is two to four capitalised words none of which is a word otherwise. A name that stands in small letters about
as often as capitalised ("Brown", "Young") is left as it is.
"""
import argparse
import json
import random
import re
import sys
from collections import Counter
from typing import NamedTuple

import coin
import gold as files
import speakers
import words

WORD = re.compile(r"[^\W\d_](?:\w|['’](?=[^\W\d_]{2})|-(?=\w))*")
GAP = re.compile(r"\.?[ \u00a0\u202f]+")
INITIAL = re.compile(r"[A-Z]\.(?:-?[A-Z]\.)*")
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f'’-]+")
PARTICLES = set("de del della da di du dos van von der den la le el al bin ben ibn ter zu".split())
TITLES = set("""mr mrs ms miss dr prof professor sen senator rep congressman congresswoman gov governor mayor president
president-elect secretary judge justice sir lord lady dame madam herr frau fräulein kanzler kanzlerin bundeskanzler
bundeskanzlerin präsident präsidentin bundespräsident senatorin premierminister monsieur madame señor señora""".split())

NAMES = words.lists("first_names.words")
MALE, FEMALE = NAMES["first names of men"], NAMES["first names of women"]
NO_NAMES = set(TITLES).union(*(some for file in ("english.words", "organisations.words", "places.words")
                               for section, some in words.lists(file).items()
                               if "verb" not in section and section != "inside names"))
GIVEN = (MALE | FEMALE) - NO_NAMES
NO_NAMES |= {"qaeda", "jazeera", "shabab", "shabaab", "nusra", "arabiya"}  # after "Al"


class Token(NamedTuple):
    start: int
    end: int
    word: str
    joined: bool  # it follows the token before it with nothing but a space, and so may belong to the same name

    @property
    def key(self):
        return self.word.lower()

    @property
    def capital(self):
        return self.word[0].isupper()

    @property
    def initial(self):
        return bool(INITIAL.fullmatch(self.word))


def tokenise(text):
    out, end = [], 0
    at = 0
    while True:
        match = WORD.search(text, at)
        if not match:
            return out
        initial = INITIAL.match(text, match.start())
        match = initial if initial and initial.end() > match.end() else match
        gap = text[end:match.start()]
        # A stop stands inside a name only after a short title: "Sen. Kovar".
        stop_fits = not gap.startswith(".") or bool(out) and out[-1].key in TITLES
        out.append(Token(match.start(), match.end(), match[0], bool(out) and bool(GAP.fullmatch(gap)) and stop_fits))
        at = end = match.end()


class Usage:
    """How often each word stands capitalised and in small letters, in all the articles."""

    def __init__(self, articles):
        self.capital, self.small = Counter(), Counter()
        for article in articles:
            for word in WORD.findall(article["text"]):
                (self.capital if word[0].isupper() else self.small)[word.lower()] += 1

    def is_name(self, key):
        return self.capital[key] >= 3 * self.small[key]

    def never_small(self, key):
        return not self.small[key]


class Cast:
    """The people of an article: {first name: sexes}, {surname: its particles}, and words that stand between."""

    def __init__(self, usage, nouns_capital):
        self.usage, self.nouns_capital = usage, nouns_capital
        self.given, self.surnames, self.middle = {}, {}, set()

    def can_be_surname(self, token):
        return (token.capital and not token.initial and token.key not in NO_NAMES and self.usage.is_name(token.key)
                and bool(LATIN.fullmatch(token.word)) and len(token.word) > 1
                and not (token.word.isupper() and len(token.word) < 4))

    def name_end(self, tokens, at):
        """The index after the surname that begins at `at`, particles first; `at` when there is none."""
        end, last = at, at
        limit = 1 if self.nouns_capital else 3
        while end < len(tokens) and tokens[end].joined and limit:
            if tokens[end].key in PARTICLES and last == at:
                end += 1
                continue
            if tokens[end].initial:
                end += 1
                continue
            if not self.can_be_surname(tokens[end]):
                break
            end += 1
            last = end
            limit -= 1
        return last

    def add_given(self, key):
        sexes = ("f" if key in FEMALE else "") + ("m" if key in MALE else "")
        self.given.setdefault(key, sexes)

    def add_surname(self, tokens):
        """Particles and words up to the surname itself, which is the last."""
        *before, last = [t for t in tokens if not t.initial]
        particles = []
        for token in before:
            if token.key in PARTICLES:
                particles.append(token.key)
            elif token.key in GIVEN:
                self.add_given(token.key)
            else:
                self.middle.add(token.key)
        self.surnames.setdefault(last.key, tuple(particles))

    def find_known(self, text, surnames):
        """People who are named in full only in other articles."""
        for word in set(WORD.findall(text)):
            if word[0].isupper() and word.lower() in surnames:
                self.surnames.setdefault(word.lower(), ())

    def find(self, text):
        """People told by a first name or a title."""
        tokens = tokenise(text)
        at = 0
        while at < len(tokens):
            token = tokens[at]
            if not token.capital:
                at += 1
                continue
            if token.key in GIVEN and LATIN.fullmatch(token.word):
                first = at + 1
                while first < len(tokens) and tokens[first].joined and (tokens[first].initial or tokens[first].key in GIVEN):
                    first += 1
                end = self.name_end(tokens, first)
                # "Paul Ryan": the last of several first names is the surname when nothing comes after them.
                if end == first and first - at > 1 and not tokens[first - 1].initial:
                    first, end = first - 1, first
                if end > first:
                    for given in tokens[at:first]:
                        if not given.initial:
                            self.add_given(given.key)
                    self.add_surname(tokens[first:end])
                    at = end
                    continue
            elif token.key in TITLES:
                end = self.name_end(tokens, at + 1)
                # "Sen. Jeff" and a word that cannot be a name is no Mr. Jeff.
                cut = end < len(tokens) and tokens[end].joined and tokens[end].capital and tokens[end - 1].key in GIVEN
                if end > at + 1 and not cut:
                    *before, last = [t for t in tokens[at + 1:end] if not t.initial]
                    if before and before[0].key not in PARTICLES:  # "President Venn Orla": an unknown first name
                        self.add_given(before[0].key)
                        before = before[1:]
                    self.add_surname(before + [last])
                    at = end
                    continue
            at += 1

    def find_speaker(self, speaker):
        """A person told by the gold: nothing but a name of two to four words, none of which is a word otherwise."""
        tokens = [t for t in tokenise(speakers.core(speaker)) if t.key not in TITLES]
        names = [t for t in tokens if not t.initial and t.key not in PARTICLES]
        if self.nouns_capital or not 2 <= len(names) <= 4 or names[0].key in self.given:
            return
        fine = lambda t: (t.capital and t.key not in NO_NAMES and self.usage.never_small(t.key) and not t.word.isupper()
                          and LATIN.fullmatch(t.word))
        if all(map(fine, names)):
            self.add_given(names[0].key)
            self.add_surname(tokens[tokens.index(names[0]) + 1:])


class Renaming:
    """New names for the people of one article."""

    def __init__(self, cast, make):
        self.usage, self.particles = cast.usage, cast.surnames
        self.given = {key: make.given(sexes) for key, sexes in sorted(cast.given.items())}
        self.surnames = {key: make.surname(key.endswith("s")) for key in sorted(cast.surnames)}
        for key in sorted(cast.middle - set(self.surnames)):
            self.surnames[key] = make.surname(key.endswith("s"), one_word=True)

    def leads_to_surname(self, tokens, at):
        """Whether a surname follows, with nothing but other first names, initials and particles between."""
        for token in tokens[at + 1:]:
            if not token.joined:
                return False
            if token.key in self.surnames and token.capital:
                return True
            if not (token.initial or token.key in self.given or token.key in PARTICLES):
                return False
        return False

    def new_word(self, tokens, at):
        """What stands for tokens[at] now, or None when it stays."""
        token, key = tokens[at], tokens[at].key
        if not token.capital:
            return self.new_parts(token.word)
        if key in self.given and (self.leads_to_surname(tokens, at) or
                                  key not in self.surnames and self.usage.is_name(key)):
            return self.given[key]
        if key in self.surnames:
            return self.surnames[key]
        if key.endswith("s") and key[:-1] in self.surnames:  # the Kovars
            return self.surnames[key[:-1]] + "s"
        return self.new_parts(token.word)

    def new_parts(self, word):
        """"anti-Kovar", "Venn-Kovar"."""
        parts = re.split(r"(-)", word)
        if len(parts) == 1:
            return None
        new = [self.surnames.get(part.lower(), part) if part[:1].isupper() else part for part in parts]
        return "".join(new) if new != parts else None

    def edits(self, text):
        """What changes in a text: (start, end, words) in order."""
        tokens = tokenise(text)
        for at, token in enumerate(tokens):
            if token.start and (text[token.start - 1] in "@#/_" or
                                text[token.start - 1] == "." and token.start > 1 and text[token.start - 2].isalnum()):
                continue  # a part of an address
            new = self.new_word(tokens, at)
            if new is None:
                continue
            first = at
            for particle in reversed(self.particles.get(token.key, ())):
                if tokens[first].joined and first and tokens[first - 1].key == particle:
                    first -= 1
            alone = not tokens[first].joined or not (tokens[first - 1].capital)
            if alone and token.capital:
                new = new[0].upper() + new[1:]
            if token.word.isupper() and len(token.word) > 2:
                new = new.upper()
            yield tokens[first].start, token.end, new

    def text(self, text):
        return Moved(text, self.edits(text)).text


class Moved:
    """A text after edits, and where its places went."""

    def __init__(self, text, edits):
        self.edits, out, done, new_at = [], [], 0, 0
        for start, end, new in edits:
            out += [text[done:start], new]
            new_at += start - done
            self.edits.append((start, end, new_at, new_at + len(new)))
            new_at += len(new)
            done = end
        self.text = "".join(out) + text[done:]

    def place(self, at, is_end):
        """Where a place is now. One inside a changed name goes to its start, or its end."""
        shift = 0
        for start, end, new_start, new_end in self.edits:
            if at <= start:
                break
            if at < end:
                return new_end if is_end else new_start
            shift = new_end - end
        return at + shift


def moved_field(name, value, moved, renaming):
    """A field of a gold quote: places are moved, names changed, and what is neither stays."""
    if isinstance(value, str):
        return renaming.text(value) if name not in ("type", "kind") else value
    if isinstance(value, list):
        if all(isinstance(v, list) and len(v) == 2 for v in value):
            return [[moved.place(v[0], False), moved.place(v[1], True)] for v in value]
        return [moved_field(name, v, moved, renaming) for v in value]
    if name in ("start", "end") or name.endswith(("_start", "_end")):
        return value if value is None else moved.place(value, name.endswith("end"))
    return value


def cast_of(article, usage):
    cast = Cast(usage, article.get("lang") == "de")
    cast.find(article["text"])
    for quote in article["quotes"]:
        for name in (quote.get("speaker"), quote.get("speaker_canonical")):
            if name:
                cast.find_speaker(name)
    return cast


def rename(article, cast, rnd, plain):
    """The article under other names, and how many names were changed."""
    text = article["text"]
    here = {word.lower() for word in WORD.findall(text)}
    apostrophe = "’" if text.count("’") > text.count("'") else "'"
    renaming = Renaming(cast, coin.Coin(rnd, here, LISTED | cast.usage.small.keys(), apostrophe, plain))
    moved = Moved(text, renaming.edits(text))
    quotes = []
    for quote in article["quotes"]:
        new = {name: moved_field(name, value, moved, renaming) for name, value in quote.items() if name != "text"}
        if "text" in quote:
            new["text"] = moved.text[new["start"]:new["end"]]
        quotes.append(new)
    return {**article, "text": moved.text, "quotes": quotes}, len(renaming.given) + len(renaming.surnames)


LISTED = words.all_words()
WELL_KNOWN = 3  # articles that name a person in full, for the surname alone to be that person in every other


def rename_all(articles, seed, plain=False):
    """The renamed articles, and in words how far it went."""
    usage = Usage(articles)
    casts = [cast_of(article, usage) for article in articles]
    known = Counter(key for cast in casts for key in cast.surnames)
    known = {key for key, count in known.items() if count >= WELL_KNOWN}
    out, changed = [], 0
    for article, cast in zip(articles, casts):
        cast.find_known(article["text"], known)
        new, count = rename(article, cast, random.Random(f"{seed} {article['id']}"), plain)
        out.append(new)
        changed += count
    named = [(q["speaker"], n["speaker"]) for a, b in zip(articles, out) for q, n in zip(a["quotes"], b["quotes"])
             if speakers.source(q) == "named"]
    return out, (f"{changed} names changed in {len(articles)} articles; {sum(a != b for a, b in named)} of {len(named)} "
                 "named speakers of the gold have another name now. The others are organisations, roles, and people whom "
                 "neither a first name nor a title gives away")


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("gold", metavar="GOLD")
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--plain", action="store_true", help="no surnames with hyphens, particles, O' and the like")
    A = args.parse_args()
    articles = files.read_gold(A.gold)
    renamed, told = rename_all(articles, A.seed, A.plain)
    for article in renamed:
        print(json.dumps(article, ensure_ascii=False))
    print(told, file=sys.stderr)


if __name__ == "__main__":
    files.tool(main)
