#!/usr/bin/env python3
"""errors.py -- what quotes-extract gets wrong, sorted by the rule that did it.

  eval/errors.py GOLD [FOUND]     FOUND is what quotes-extract printed for GOLD; without it, it is run now
  eval/errors.py GOLD FOUND --rule sentence-subject --what speaker --n 20

First a table: how often each rule was used on a quote of the gold, how often it named the right speaker, and how
sure it said it was. Then the errors, grouped by rule, each in its place: [[the quote]], {the mention found}, <the
mention of the gold>.

  speaker   the quote was found, its speaker is not the one of the gold
  miss      a quote of the gold that was not found, or was cut differently
  extra     a find that is no quote of the gold, or was cut differently

With --than, only those errors that another run did not make; so try a change of the rules:

  build/quotes-extract GOLD > before;  (change, make);  eval/errors.py GOLD --than before

The errors shown are drawn at random, the same for the same seed; --n 0 shows the table alone, --n all everything.
"""
import argparse
import os
import random
import shutil
import sys
import textwrap
from collections import Counter, defaultdict
from typing import NamedTuple, Optional

import compare
import gold as files
import speakers

WHAT = {"speaker": "wrong speaker", "miss": "missed", "extra": "extra"}
AROUND = 300   # characters of context on each side
LONG = 700     # a quote longer than this is shown by its two ends
INDENT = "    "


class Error(NamedTuple):
    what: str
    group: str
    article: dict
    gold: Optional[files.Piece]
    found: Optional[files.Piece]
    near: list  # for a miss the finds that touch it, for an extra the gold quotes that do


class Row:
    """What the table says of a rule."""

    def __init__(self):
        self.n = self.right = self.nobody = self.extra = self.sure_n = 0
        self.sure = 0.0

    def add(self, right, quote):
        self.n += 1
        self.right += right
        self.nobody += not right and not quote.get("speaker")
        if quote.get("confidence") is not None:
            self.sure += quote["confidence"]
            self.sure_n += 1

    def plus(self, other):
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    def cells(self):
        accuracy = f"{100 * self.right / self.n:.1f}" if self.n else "-"
        sure = f"{100 * self.sure / self.sure_n:.1f}" if self.sure_n else "-"
        return [self.n, self.right, self.n - self.right, self.nobody, accuracy, sure, self.extra]


def group_by(by):
    """What an error is sorted under: a function of the gold quote and the found one, either of which may be None."""
    if by == "kind":
        return lambda gold, found: files.kind(gold or found)
    if by == "source":
        return lambda gold, found: speakers.source(gold) if gold else "no gold quote"
    return lambda gold, found: (found.get(by) or f"no {by} given") if found else "not found"


def collect(articles, found, kind, by):
    """The rows of the table, the errors, and how many gold pronouns nobody can judge. A kind of None is direct and
    mixed; what was found counts as of the kind of its gold quote."""
    kinds = {"indirect"} if kind == "indirect" else {"direct", "mixed"}
    of_kind = lambda piece: kind in (None, files.kind(piece.quote))
    name, rows, errors, unjudged = group_by(by), defaultdict(Row), [], 0
    for article in articles:
        c = compare.compare(article, found.get(article["id"], []), kinds)
        touching = lambda piece, others: [o for o in others if compare.overlap(piece, o) > 0]
        for g, f in c.pairs:
            piece, find = c.gold[g], c.found[f]
            if not of_kind(piece):
                continue
            right = speakers.judge(piece.quote, find.quote).lenient
            if right is None:
                unjudged += 1
                continue
            group = name(piece.quote, find.quote)
            rows[group].add(right, find.quote)
            if not right:
                errors.append(Error("speaker", group, article, piece, find, []))
        for piece in filter(of_kind, c.missed):
            errors.append(Error("miss", name(piece.quote, None), article, piece, None, touching(piece, c.found)))
        for find in filter(of_kind, c.extra):
            group = name(None, find.quote)
            rows[group].extra += 1
            errors.append(Error("extra", group, article, None, find, touching(find, c.gold)))
    return rows, errors, unjudged


def mark(error):
    """What makes two errors of two runs the same."""
    piece = error.gold or error.found
    return error.what, error.article["id"], piece.place


def print_change(errors, before):
    """Says how many errors came and went, by sort, and returns those that came."""
    was, now = set(map(mark, before)), set(map(mark, errors))
    for what, name in WHAT.items():
        gone, new = (sum(m[0] == what for m in some) for some in (was - now, now - was))
        print(f"{name:<14} {gone:>5} gone {new:>5} new")
    print("\nOnly new ones are shown.\n")
    return [e for e in errors if mark(e) not in was]


def print_table(rows, by):
    head = [by, "n", "right", "wrong", "nobody", "accuracy", "confidence", "extra"]
    total = Row()
    for row in rows.values():
        total.plus(row)
    ordered = sorted(rows.items(), key=lambda r: (r[1].right - r[1].n, -r[1].n, r[0]))
    lines = [head] + [[group, *row.cells()] for group, row in ordered] + [["all", *total.cells()]]
    width = [max(len(str(line[i])) for line in lines) for i in range(len(head))]
    for line in lines:
        print("  ".join(f"{cell:<{w}}" if i == 0 else f"{cell:>{w}}" for i, (cell, w) in enumerate(zip(line, width))))


class Page:
    """Prints an error so that it can be read: wrapped to the terminal, and bold there."""

    def __init__(self):
        tty = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self.width = min(shutil.get_terminal_size((110, 24)).columns, 120)
        self.bold, self.end = ("\033[1m", "\033[0m") if tty else ("", "")

    def strong(self, text):
        return self.bold + text + self.end

    def text(self, text):
        """Each paragraph wrapped by itself. The marks of terminals come last, so that they do not count."""
        for paragraph in text.split("\n"):
            if paragraph.strip():
                wrapped = textwrap.fill(" ".join(paragraph.split()), self.width, initial_indent=INDENT,
                                        subsequent_indent=INDENT, break_on_hyphens=False)
                print(wrapped.replace("[[", self.bold + "[[").replace("]]", "]]" + self.end))
        print()

    def fact(self, name, text):
        print(textwrap.fill(f"{name:<6} {text}", self.width, initial_indent=INDENT, subsequent_indent=INDENT + " " * 7))


def marked(text, marks, start, end):
    """text[start:end] with the marks written in. A mark is (start, end, before, after); they may nest or cross."""
    at = defaultdict(lambda: ["", ""])
    for first, last, before, after in marks:
        if start <= first and last <= end:
            at[first][1] += before
            at[last][0] = after + at[last][0]
    out, done = [], start
    for place in sorted(at):
        out += [text[done:place], *at[place]]
        done = place
    return "".join(out) + text[done:end]


def excerpt(text, piece, marks):
    """The piece with its context, cut at words, its own middle left out when it is long."""
    start, end = max(0, piece.start - AROUND), min(len(text), piece.end + AROUND)
    while 0 < start < piece.start and not text[start - 1].isspace():
        start += 1
    while piece.end < end < len(text) and not text[end].isspace():
        end -= 1
    if piece.end - piece.start > LONG:
        half = LONG // 2
        left, right = piece.start + half, piece.end - half
        shown = (marked(text, [(piece.start, left, "[[", "")] + marks[1:], start, left) +
                 f" … {right - left} characters … " + marked(text, [(right, piece.end, "", "]]")] + marks[1:], right, end))
    else:
        shown = marked(text, marks, start, end)
    return ("… " if start else "") + shown + (" …" if end < len(text) else "")


def mention_of(quote):
    if quote and quote.get("speaker_start") is not None:
        return quote["speaker_start"], quote["speaker_end"]
    return None


def why_of(quote):
    """The reasons in words: the "explanation" that quotes-extract --why prints, or what another program gives."""
    why = quote.get("why")
    return why.get("explanation") if isinstance(why, dict) else why


def said_by_found(quote):
    who = quote.get("speaker") or "nobody"
    out = [who if quote.get("mention") in (None, quote.get("speaker")) else f"{who} (printed: {quote['mention']})"]
    out.append(f"rule {quote.get('rule')}")
    if quote.get("cue"):
        out.append(f"cue {quote['cue']}")
    if quote.get("confidence") is not None:
        out.append(f"confidence {quote['confidence']:.3f}")
    if quote.get("why"):
        out.append(f"why: {why_of(quote)}")
    return ", ".join(out)


def said_by_gold(quote):
    printed, canonical = quote.get("speaker"), quote.get("speaker_canonical")
    who = canonical or printed or "nobody"
    if canonical and printed and canonical != printed:
        who += f" (printed: {printed})"
    return f"{who}, {speakers.source(quote)}" + (f", cue {quote['cue']}" if quote.get("cue") else "")


def far_mention(text, span, piece, before, after):
    """A mention too far away to stand in the excerpt: where it is, and its surroundings."""
    if not span or piece.start - AROUND <= span[0] and span[1] <= piece.end + AROUND:
        return None
    gap, way = (piece.start - span[1], "before") if span[0] < piece.start else (span[0] - piece.end, "after")
    around = marked(text, [(*span, before, after)], max(0, span[0] - 60), min(len(text), span[1] + 60))
    return f"{gap} characters {way}: … {' '.join(around.split())} …"


def show(page, error, number, of):
    text, piece = error.article["text"], error.gold or error.found
    gold, found = error.gold and error.gold.quote, error.found and error.found.quote
    kind = files.kind(gold or found)
    print(page.strong(f"{number}/{of} {WHAT[error.what]}, {kind}") + f"  {error.article['id']}, character {piece.start}")
    marks = [(piece.start, piece.end, "[[", "]]")]
    for quote, before, after in ((gold, "<", ">"), (found, "{", "}")):
        if mention_of(quote):
            marks.append((*mention_of(quote), before, after))
    page.text(excerpt(text, piece, marks))
    for name, quote, said, marks in (("found", found, said_by_found, "{}"), ("gold", gold, said_by_gold, "<>")):
        if quote:
            page.fact(name, said(quote))
            far = far_mention(text, mention_of(quote), piece, *marks)
            if far:
                page.fact("", far)
    for other in error.near:
        name = "found" if error.what == "miss" else "gold"
        page.fact(name, f"cut differently, {100 * compare.overlap(piece, other):.0f} % shared: "
                        + textwrap.shorten(text[other.start:other.end], 200, placeholder=" …"))
    print()


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("gold", metavar="GOLD")
    args.add_argument("found", metavar="FOUND", nargs="?", help="what quotes-extract printed; without it, it is run")
    args.add_argument("--rule", action="append", help="only this group, by its name in the table (may be repeated)")
    args.add_argument("--kind", choices=["direct", "mixed", "indirect"], help="only quotes of this kind")
    args.add_argument("--what", choices=list(WHAT), help="only these errors")
    args.add_argument("--by", choices=["rule", "why", "kind", "source"], default="rule", help="what to group by")
    args.add_argument("--than", metavar="FOUND", help="what another run found: only new errors are shown")
    args.add_argument("--n", default="5", help="errors shown of each group and sort (5), or all")
    args.add_argument("--seed", type=int, default=1)
    A = args.parse_args()
    shown = sys.maxsize if A.n == "all" else int(A.n) if A.n.isdigit() else args.error("--n is a number or all")
    articles = files.read_gold(A.gold)
    found = files.read_found(articles, A.found) if A.found else files.run_program(articles)
    before = A.than and collect(articles, files.read_found(articles, A.than), A.kind, A.by)[1]
    rows, errors, unjudged = collect(articles, found, A.kind, A.by)

    page = Page()
    print_table(rows, A.by)
    count = Counter(e.what for e in errors)
    print(f"\n{count['speaker']} wrong speakers, {count['miss']} missed, {count['extra']} extra; "
          f"{unjudged} gold pronouns whose person the gold does not name are left out\n")
    if A.than:
        errors = print_change(errors, before)
    groups = defaultdict(list)
    for error in errors:
        if (not A.rule or error.group in A.rule) and A.what in (None, error.what):
            groups[error.group].append(error)

    rnd = random.Random(A.seed)
    for group in sorted(groups, key=lambda g: (-len(groups[g]), g)):
        for what in WHAT:
            some = [e for e in groups[group] if e.what == what]
            rnd.shuffle(some)
            if some and shown:
                print(page.strong(f"==== {group}: {len(some)} {WHAT[what]}" +
                                  (f", {shown} of them shown" if shown < len(some) else "")) + "\n")
            for number, error in enumerate(some[:shown], 1):
                show(page, error, number, len(some))


if __name__ == "__main__":
    files.tool(main)
