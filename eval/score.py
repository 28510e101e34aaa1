#!/usr/bin/env python3
"""score.py -- how well quotes and their speakers are found.

  eval/score.py GOLD [FOUND] [--json]    FOUND is what quotes-extract printed for GOLD; without it, it is run now

`make eval` prints the same table for many files, with speed and memory. What each figure means, and why the rules are as
they are, stands in docs/EVAL.md.
"""
import argparse
import json
from collections import defaultdict

import compare
import gold as files
import speakers

MAIN = ("direct", "mixed")
SURE = 9  # the tenth of confidence from which on a reader may take a speaker as given


class Group:
    """The gold quotes of one kind, or with one sort of source."""

    def __init__(self):
        self.gold = self.paired = self.judged = self.right = self.unjudged = self.extra = 0

    def figures(self):
        return {"gold": self.gold, "found": share(self.paired, self.gold), "judged": self.judged,
                "speaker": share(self.right, self.judged), "extra": self.extra,
                "joint recall": share(self.right, self.gold - self.unjudged)}


class Tenth:
    """The quotes found whose speaker was given with one tenth of confidence."""

    def __init__(self):
        self.n = self.right = self.sure = 0


def share(part, whole):
    return part / whole if whole else 0.0


def prf(right, found, gold):
    precision, recall = share(right, found), share(right, gold)
    return [precision, recall, share(2 * precision * recall, precision + recall)]


class Score:
    """Adds up articles. Everything is counted in pieces: one paragraph of one quote."""

    def __init__(self, kinds=MAIN, iou=0.8):
        self.kinds, self.iou = kinds, iou
        self.articles = self.characters = self.absent = 0
        self.gold = self.found = self.ignored = self.repeated = 0
        self.paired = self.exact = self.loose = 0
        self.judged = self.unjudged = self.strict = self.lenient = self.lenient_exact = 0
        self.printed = self.surface = 0  # gold quotes with a printed source, and how often that mention was found
        self.nobody = self.nobody_wrong = 0
        self.by_kind, self.by_source = defaultdict(Group), defaultdict(Group)
        self.tenths = defaultdict(Tenth)

    def add(self, article, quotes):
        """An article, and what was found in it; None when the program gave no answer."""
        c = compare.compare(article, quotes or [], self.kinds, self.iou)
        self.articles += 1
        self.characters += len(article["text"])
        self.absent += quotes is None
        self.gold += len(c.gold)
        self.found += len(c.found)
        self.ignored += c.ignored
        self.repeated += c.repeated
        self.paired += len(c.pairs)
        self.loose += len(compare.pair_up(c.gold, c.found, 0.3))
        self.nobody += sum(not piece.quote.get("speaker") for piece in c.found)
        for piece in c.gold:
            for group in self.groups(piece.quote):
                group.gold += 1
        for piece in c.extra:
            self.by_kind[files.kind(piece.quote)].extra += 1
        for g, f in c.pairs:
            self.pair(c.gold[g], c.found[f])

    def groups(self, quote):
        return self.by_kind[files.kind(quote)], self.by_source[speakers.source(quote)]

    def pair(self, gold, found):
        verdict = speakers.judge(gold.quote, found.quote)
        exact = gold.place == found.place
        self.exact += exact
        if verdict.surface is not None:
            self.printed += 1
            self.surface += verdict.surface
        for group in self.groups(gold.quote):
            group.paired += 1
            group.unjudged += verdict.lenient is None
            group.judged += verdict.lenient is not None
            group.right += bool(verdict.lenient)
        if verdict.lenient is None:
            self.unjudged += 1
            return
        self.judged += 1
        self.strict += verdict.strict
        self.lenient += verdict.lenient
        self.lenient_exact += exact and verdict.lenient
        self.nobody_wrong += not found.quote.get("speaker") and not verdict.lenient
        confidence = found.quote.get("confidence")
        if confidence is not None:
            tenth = self.tenths[min(9, int(10 * confidence))]
            tenth.n += 1
            tenth.right += verdict.lenient
            tenth.sure += confidence

    def figures(self):
        """Every figure under its name. Shares are from 0 to 1. A gold pronoun whose person the gold does not name
        cannot be judged: it leaves both sides of `joint`."""
        found, gold = self.found - self.unjudged, self.gold - self.unjudged
        with_confidence = sum(t.n for t in self.tenths.values())
        return {
            "articles": self.articles, "characters": self.characters, "absent": self.absent,
            "gold": self.gold, "found": self.found, "ignored": self.ignored, "repeated": self.repeated,
            "spans": prf(self.paired, self.found, self.gold),
            "spans exact": prf(self.exact, self.found, self.gold),
            "spans 0.3": prf(self.loose, self.found, self.gold),
            "joint": prf(self.lenient, found, gold),
            "joint exact": prf(self.lenient_exact, found, gold),
            "judged": self.judged, "unjudged": self.unjudged,
            "lenient": share(self.lenient, self.judged),
            "strict": share(self.strict, self.judged),
            "surface": share(self.surface, self.printed),
            "by kind": {k: g.figures() for k, g in sorted(self.by_kind.items())},
            "by source": {s: g.figures() for s, g in sorted(self.by_source.items())},
            "nobody": self.nobody, "nobody wrong": self.nobody_wrong,
            "sure": {"share": share(self.tenths[SURE].n, with_confidence),
                     "speaker": share(self.tenths[SURE].right, self.tenths[SURE].n)},
            "tenths": {f"{t / 10}": {"n": v.n, "share": v.n / with_confidence, "stated": v.sure / v.n,
                                     "speaker": v.right / v.n} for t, v in sorted(self.tenths.items()) if v.n},
        }


def score(articles, found, kinds=MAIN, iou=0.8):
    total = Score(kinds, iou)
    for article in articles:
        total.add(article, found.get(article["id"]))
    return total.figures()


def score_all(articles, found):
    """The figures of direct and mixed quotes; under "indirect" those of indirect ones, where the gold marks them."""
    figures = score(articles, found)
    if any(files.kind(q) == "indirect" for a in articles for q in a["quotes"]):
        figures["indirect"] = {"0.8": score(articles, found, ("indirect",)),
                               "0.5": score(articles, found, ("indirect",), 0.5)}
    return figures


# ---- the table --------------------------------------------------------------------------------------------------

def percent(x):
    return f"{100 * x:.1f}"


def row(name, *cells, note=""):
    print(f"  {name:<22}" + "".join(f"{cell:>10}" for cell in cells) + (f"   {note}" if note else ""))


def head(name, *cells):
    print(f"{name:<24}" + "".join(f"{cell:>10}" for cell in cells))


def print_triples(rows):
    for name, triple, note in rows:
        row(name, *map(percent, triple), note=note)


def print_groups(name, groups):
    head(name, "gold", "found %", "speaker %", "judged", "joint R")
    for group, g in groups.items():
        if g["gold"]:
            row(group, g["gold"], percent(g["found"]), percent(g["speaker"]) if g["judged"] else "-", g["judged"],
                percent(g["joint recall"]) if g["judged"] else "-")


def print_confidence(f):
    if f["tenths"]:
        head("confidence", "n", "share %", "stated", "speaker %")
        sure = f["tenths"].get("0.9", {"n": 0})
        row("0.9 and more", sure["n"], percent(f["sure"]["share"]), "", percent(f["sure"]["speaker"]))
        for tenth, t in reversed(f["tenths"].items()):
            row(f"{tenth} to {float(tenth) + 0.1:.1f}", t["n"], percent(t["share"]), percent(t["stated"]),
                percent(t["speaker"]))
    print(f"nobody named            {f['nobody']} of {f['found']} found; {f['nobody wrong']} of those judged have a "
          "speaker in the gold")


def print_indirect(pair):
    f, half = pair["0.8"], pair["0.5"]
    if not f["found"] and not f["ignored"]:
        print(f"indirect                {f['gold']} in the gold, the program gives none")
        return
    head("indirect", "P", "R", "F1")
    print_triples([("spans", f["spans"], f"{f['gold']} in the gold, {f['found']} found"),
                   ("  exact", f["spans exact"], ""), ("  half (0.5)", half["spans"], ""),
                   ("joint", f["joint"], f"speaker right in {percent(f['lenient'])} % of {f['judged']}"),
                   ("  exact", f["joint exact"], ""),
                   ("  half (0.5)", half["joint"], f"speaker right in {percent(half['lenient'])} % of {half['judged']}")])


def print_table(title, f):
    print(f"{title}: {f['articles']} articles of {f['characters']} characters" +
          (f"; {f['absent']} of them got no answer" if f["absent"] else ""))
    print(f"{f['gold']} quotes in the gold, {f['found']} found; {f['ignored']} more lie on quotes of other kinds, "
          f"{f['repeated']} were found twice")
    head("direct and mixed", "P", "R", "F1")
    print_triples([("spans", f["spans"], "the same words, 0.8 of them"), ("  exact", f["spans exact"], ""),
                   ("  loose (0.3)", f["spans 0.3"], ""), ("joint", f["joint"], "the same words and the right speaker"),
                   ("  exact", f["joint exact"], "")])
    head("speaker", "lenient", "strict", "surface")
    row("of quotes found", *(percent(f[name]) for name in ("lenient", "strict", "surface")),
        note=f"{f['judged']} judged; {f['unjudged']} gold pronouns without a name are not")
    print_groups("by kind", f["by kind"])
    print_groups("by source", f["by source"])
    print_confidence(f)
    if "indirect" in f:
        print_indirect(f["indirect"])


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("gold", metavar="GOLD")
    args.add_argument("found", metavar="FOUND", nargs="?")
    args.add_argument("--json", action="store_true", help="the figures as JSON, whole")
    A = args.parse_args()
    articles = files.read_gold(A.gold)
    found = files.read_found(articles, A.found) if A.found else files.run_program(articles)
    figures = score_all(articles, found)
    if A.json:
        print(json.dumps(figures))
    else:
        print_table(A.gold, figures)


if __name__ == "__main__":
    files.tool(main)
