#!/usr/bin/env python3
"""t_operators.py -- near words, words with stars and tildes, and filters give what a plain scan of the texts gives. The
archives and histories of t_random.py, with queries of these operators. Prints TAP.

  SEED=N    of the first archive; each after it has the next (1)
  N=N       queries in all (480)
  ROUNDS=N  archives (4)
  SHOW=1    print each query
"""
import os
import random
import re
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import plain_scan
import private
from driven import Drive
from plain_scan import Scan, Unit
from random_archive import OUTLETS, PEOPLE, ROLES, VERBS, Archive
from random_query import Queries
from t_random import Differences, compare_by, compare_search, places_of_quotes, play

SEED, N, ROUNDS = (int(os.environ.get(k, v)) for k, v in (("SEED", 1), ("N", 480), ("ROUNDS", 4)))
WHOLE, PART, REST = 0, 1, 2
SIGNED = ("prefix", "infix", "suffix", "fuzzy")


def apart(a, b):
    """Letters left out, put in, changed, or swapped with their neighbour."""
    rows = [list(range(len(b) + 1))]
    for i in range(1, len(a) + 1):
        row = [i]
        for j in range(1, len(b) + 1):
            best = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                best = min(best, rows[i - 2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


def fits(how, typed, word):
    if how == "prefix":
        return word.startswith(typed)
    if how == "infix":
        return typed in word
    if how == "suffix":
        return word.endswith(typed)
    return apart(typed, word) <= (2 if len(typed) >= 8 else 1 if len(typed) >= 4 else 0)


class Words(Scan):
    """Knows the operators that t_random.py's scan does not."""

    def __init__(self, drive, rows):
        super().__init__(drive, rows)
        self.paths = {}
        for row in rows:
            self.paths.setdefault(row["content"], set()).add(row["path"].lower())
        for article in self.articles.values():
            row = article.row
            article.title = Unit(row["title_words"])
            host = re.match(r"[^:]*://([^/?#]*)", row["url"])
            host = host.group(1).split("@")[-1].split(":")[0] if host else ""
            article.source = Unit(row["outlet_words"] + [[w[0], w[1], w[2] + 10000, w[3], w[4]]
                                                         for w in (drive.do("split", host)["words"] if host else [])])
            article.lang = row["lang"] or row["told"]

    # ---- where words stand -----------------------------------------------------------------------------

    @staticmethod
    def places(unit, key):
        """[(position, width)], of several words perhaps."""
        how, loose, exact = key
        if how not in SIGNED:
            return list(unit.places(key).items())
        return [(pos, width) for word, at in unit.at.items() if fits(how, loose, word) for pos, (width, exacts) in at.items()
                if not exact or any(e.startswith(exact) for e in exacts)]

    def slots(self, text, how):
        """A word with a sign, or a row of words some of which have one."""
        if not isinstance(text, tuple):
            return super().slots(text, how)
        slots = []
        for word, sign in text:
            slots += self.signed(word, sign, how) if sign else super().slots(word, how)
        return slots

    def signed(self, word, sign, how):
        raw, ways, chain, whole = word.encode(), [], [], None
        for loose, exact, _, width, kind, start, end, _, _ in self.drive.do("split", word)["words"]:
            if kind == WHOLE:
                whole = (start, end, width)
                ways = [[(sign, loose, "")]]
                if sign == "prefix":
                    found = []
                    self.umlauts(exact, found)
                    ways += [[("prefix", way[0][1], way[0][2] if way[0][0] == "umlaut" else "")] for way in found]
            elif kind == PART and sign != "fuzzy":
                part = "loose"
                if sign in ("infix", "suffix") and start == whole[0]:
                    part = "suffix"
                elif sign in ("infix", "prefix") and end == whole[1]:
                    part = "prefix"
                chain.append((part, loose, ""))
            elif kind == REST and whole[2] == 1 and how == "word" and start > whole[0]:
                before = raw[whole[0]:start].decode()
                if before[-1] in "'’ʼ" and self.key(before)[1].rstrip("'") in plain_scan.ELIDED:
                    ways = [[(sign, loose, "")]]
        return [ways + ([chain] if chain else [])]

    # ---- near ------------------------------------------------------------------------------------------

    def spans_of(self, unit, thing):
        if thing[0] == "or":
            return set().union(*(self.spans_of(unit, kid) for kid in thing[1]))
        return self.spans(unit, self.slots(thing[1], thing[2]))

    def near(self, unit, node):
        reached = self.spans_of(unit, node[1][0])
        for thing, (most, ordered) in zip(node[1][1:], node[2]):
            reached = {b for b in self.spans_of(unit, thing)
                       if any(0 <= b[0] - a[1] <= most or (not ordered and 0 <= a[0] - b[1] <= most) for a in reached)}
        return bool(reached)

    # ---- filters ---------------------------------------------------------------------------------------

    def of_quote(self, node, quote):
        if node[0] == "near":
            return self.near(quote.unit, node)
        if node[0] in ("role", "cue"):
            return self.stands(getattr(quote, node[0]), node[1], node[2])
        if node[0] in ("title", "source", "lang", "path"):
            return self.of_article(node, quote.article, plain_scan.KINDS)
        return super().of_quote(node, quote)

    def of_article(self, node, article, kinds):
        if node[0] == "near":
            return self.near(article.unit, node)
        if node[0] in ("title", "source"):
            return self.stands(getattr(article, node[0]), node[1], node[2])
        if node[0] == "lang":
            return article.lang == node[1]
        if node[0] == "path":
            return any(map(node[1], self.paths[article.content]))
        return super().of_article(node, article, kinds)


def path_like(pattern):
    """Whether a path is asked for by part:... or by a pattern of names."""
    if "*" not in pattern and "?" not in pattern:
        return lambda path: pattern in path
    expression = re.compile("(?:^|(?<=/))" + "".join("[^/]*" if c == "*" else "[^/]" if c == "?" else re.escape(c) for c in pattern)
                            + "(?=/|$)")
    return lambda path: bool(expression.search(path))


class Operators(Queries):
    def plain(self):
        """One word of letters that are written with spaces, perhaps a chain of several; or none."""
        for _ in range(50):
            word = self.rnd.choice(self.rnd.choice(self.texts))
            split = self.drive_split(word)
            if self.fit(word) and sum(w[4] == WHOLE for w in split) == 1 and not split[0][8] and split[0][6] == len(word.encode()):
                return word
        return "harbour"

    def drive_split(self, word):
        return self.scan.drive.do("split", word)["words"]

    def cut(self, word, sign):
        """What of a word is typed."""
        rnd, n = self.rnd, len(word)
        if sign == "prefix":
            part = word[:rnd.randint(1, n)]
        elif sign == "suffix":
            part = word[-rnd.randint(2, max(2, n)):]
        elif sign == "infix":
            at = rnd.randrange(n)
            part = word[at:at + rnd.randint(2, max(2, n))]
        else:
            part = list(word)
            for _ in range(rnd.choice([0, 1, 1, 2, 3])):
                i = rnd.randrange(len(part) + 1)
                r = rnd.random()
                if r < 0.3 and len(part) > 1:
                    del part[min(i, len(part) - 1)]
                elif r < 0.6:
                    part.insert(i, rnd.choice("aeorst"))
                elif len(part) > 1:
                    i = rnd.randrange(len(part) - 1)
                    part[i], part[i + 1] = part[i + 1], part[i]
            part = "".join(part)
        split = self.drive_split(part)
        good = (self.fit(part) and sum(w[4] == WHOLE for w in split) == 1 and not split[0][8] and split[0][5] == 0 and
                split[0][6] == len(part.encode()) and len(split[0][0]) >= (1 if sign == "prefix" else 2))
        return part if good else None

    def star(self):
        """(word, sign) and how it is typed."""
        for _ in range(50):
            sign = self.rnd.choice(SIGNED)
            word = self.cut(self.plain(), sign)
            if word:
                return (word, sign), {"prefix": f"{word}*", "infix": f"*{word}*", "suffix": f"*{word}", "fuzzy": f"~{word}"}[sign]
        return ("harb", "prefix"), "harb*"

    def signed(self):
        word, typed = self.star()
        return ("words", (word,), "word"), typed

    def signed_row(self):
        """Words that stand in a row, some of them with a sign."""
        text = self.rnd.choice(self.texts)
        at = self.rnd.randrange(max(1, len(text) - 2))
        row, typed = [], []
        for word in text[at:at + self.rnd.choice([2, 2, 3])]:
            split = self.drive_split(word)
            if not self.fit(word) or sum(w[4] == WHOLE for w in split) != 1 or split[0][8]:
                continue
            sign = self.rnd.choice(["prefix", "prefix", "suffix", "fuzzy", None, None])
            part = self.cut(word, sign) if sign else None
            row.append((part, sign) if part else (word, None))
            typed.append(word if not part else f"{part}*" if sign == "prefix" else f"*{part}" if sign == "suffix" else f"~{part}")
        if len(row) < 2:
            return self.signed()
        return ("words", tuple(row), "phrase"), '"' + " ".join(typed) + '"'

    def thing(self):
        r = self.rnd.random()
        if r < 0.15:
            kids = [self.thing() for _ in range(2)]
            return ("or", [k[0] for k in kids]), "(" + " OR ".join(k[1] for k in kids) + ")"
        return self.word() if r < 0.6 else self.phrase() if r < 0.75 else self.spelled() if r < 0.8 else self.signed()

    def near(self):
        things = [self.thing() for _ in range(self.rnd.choice([2, 2, 2, 3, 4]))]
        links, typed = [], things[0][1]
        for _, words in things[1:]:
            most, ordered = self.rnd.choice([0, 1, 2, 3, 5, 10, 30]), self.rnd.random() < 0.4
            links.append((most, ordered))
            typed += f" {'ADJ' if ordered else 'NEAR'}{'' if most == 10 else f'/{most}'} {words}"
        return ("near", [t[0] for t in things], links), typed

    def words_of_filter(self, name, texts, phrase_only=False):
        rnd = self.rnd
        text = rnd.choice(texts).split()
        at = rnd.randrange(len(text))
        row = text[at:at + rnd.choice([1, 1, 2, 3])]
        if len(row) == 1 and self.fit(row[0]) and rnd.random() < 0.7:
            return (name, row[0], "phrase" if phrase_only else "word"), f"{name}:{row[0]}"
        row = " ".join(w for w in row if self.fit(w)) or "harbour"
        return (name, row, "phrase"), f'{name}:"{row}"'

    def role(self):
        return self.words_of_filter("role", ROLES)

    def cue(self):
        return self.words_of_filter("cue", VERBS)

    def source(self):
        return self.words_of_filter("source", [o for o in OUTLETS if o] + ["lindau.example", "hafen", "example"], True)

    def title(self):
        titles = [" ".join(w[1] for w in a.row["title_words"] if w[4] == WHOLE) for a in self.scan.articles.values()]
        return self.words_of_filter("title", [t for t in titles if t.split()] or ["harbour"])

    def lang(self):
        code, name = self.rnd.choice([("en", "English"), ("de", "German"), ("fr", "french"), ("de", "DE"), ("en", "en-GB"), ("xx", "xx")])
        return ("lang", code), f"lang:{name}"

    def path(self):
        pattern = self.rnd.choice(["archive/a", "/x1", "2025/0", ".jsonl", "x*.txt", "*.md", "?1.txt", "a/*", "a/deep", "20??/*",
                                   "deep/?*", "nowhere", "b/y*", "A/Deep", "*2*"])
        return ("path", path_like(pattern.lower())), f"path:{pattern}"

    LEAVES = [(Queries.word, 8), (Queries.phrase, 3), (Queries.speaker, 6), (Queries.kind, 5), (Queries.date, 2), (signed, 18),
              (signed_row, 12), (near, 22), (role, 5), (cue, 4), (source, 4), (title, 6), (lang, 3), (path, 4)]

    def bracketed(self, made):
        tree, typed = made
        return tree, f"({typed})" if tree[0] == "near" and self.rnd.random() < 0.3 else super().bracketed(made)[1]


def round_of(seed, queries, diff):
    rnd = random.Random(seed)
    room = tempfile.mkdtemp(prefix="quoted-operators-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
    log, cut = [], 0
    try:
        archive = Archive(rnd, room + "/archive")
        archive.fill(rnd.choice([5, 20, 60, 60, 150]))
        drive = Drive(room + "/index")
        drive.folder = room + "/index"
        drive.must("add", archive.folder)
        play(archive, drive, 12, log)
        rows = drive.must("scan", archive.folder)["articles"]
        scan, where = Words(drive, rows), places_of_quotes(rows)
        ask = Operators(rnd, scan, PEOPLE)
        for i in range(queries):
            tree, typed = ask.query()
            if os.environ.get("SHOW"):
                print(f"# {typed}", flush=True)
            if len(typed.encode()) > 4000 or sum(typed.count(c) for c in "*~") > 20:
                continue
            if '"cut"' in str(drive.do("search", typed).get("answer", "")).replace("'", '"'):
                cut += 1
            elif i % 3 == 2:
                compare_by(diff, seed, drive, scan, where, rnd.choice(rnd.choice(PEOPLE).split()), tree, typed)
            else:
                compare_search(diff, seed, drive, scan, tree, typed)
        problems = drive.must("verify")["problems"]
        drive.end()
        return problems, cut
    finally:
        if not os.environ.get("KEEP"):
            shutil.rmtree(room, ignore_errors=True)


def controls():
    """The comparison sees a distance of one word less, a prefix that takes one word more, and a title that is not there."""
    rnd = random.Random(SEED)
    room = tempfile.mkdtemp(prefix="quoted-operators-")
    seen = []
    try:
        os.mkdir(room + "/archive")
        with open(room + "/archive/a.txt", "w", encoding="utf-8") as f:
            f.write("Ferry talks begin\n\nThe harbour council met the old minister in the station.\n")
        drive = Drive(room + "/index")
        drive.must("add", room + "/archive")
        scan = Words(drive, drive.must("scan", room + "/archive")["articles"])
        for tree, typed in ((("near", [("words", "harbour", "word"), ("words", "minister", "word")], [(4, False)]), "harbour NEAR/3 minister"),
                            (("words", (("minis", "prefix"),), "word"), "ministry*"),
                            (("title", "ferry", "word"), "title:harbour")):
            diff = Differences()
            compare_search(diff, SEED, drive, scan, tree, typed)
            seen.append(bool(diff.words))
        drive.end()
        return seen
    finally:
        shutil.rmtree(room, ignore_errors=True)


def main():
    tap, diff, problems, cut = private.Tap(), Differences(), [], 0
    for i in range(ROUNDS):
        bad, few = round_of(SEED + i, N // ROUNDS, diff)
        problems += bad
        cut += few
    tap.ok(f"{diff.asked} random queries of near words, stars, tildes and filters (SEED={SEED}): what a plain scan gives",
           not diff.words and diff.asked > N // 2, "\n".join(diff.words[:12]) + f"\n{len(diff.words)} in all")
    tap.ok(f"{diff.found} of them find something, {cut} were cut", diff.found > diff.asked // 4 and cut < N // 4)
    tap.ok("verify finds nothing in the lists of fields", not problems, "\n".join(problems[:5]))
    for what, good in zip(("a word nearer than it is", "a longer beginning", "another title"), controls()):
        tap.ok(f"control: {what} is told", good)
    tap.done()


if __name__ == "__main__":
    main()
