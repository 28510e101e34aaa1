#!/usr/bin/env python3
"""run.py -- `make eval`: runs quotes-extract over gold files and prints one table a file.

  make eval GOLD="first.jsonl second.jsonl"     [RENAMED=1 | RENAMED=plain] [SEED=n]

With RENAMED each file is scored once more with every person under another name (rename.py), and the two are set side by
side. With RENAMED=plain surnames are plain words, and what is lost was found by knowing the name; with RENAMED=1 some are
of harder forms ("van den Loor", "al-Tarek"), and what is lost on top was lost to these.
"""
import argparse
import sys
import textwrap

import gold as files
import measure
import rename
import score

WITHOUT_GOLD = """make eval: which articles? Give files of articles with their quotes marked:

  make eval GOLD="first.jsonl second.jsonl"

Each line is one article: {"id", "text", "quotes": [{"start", "end", "type", "speaker", ...}]}, start and end in characters.
docs/EVAL.md says how to mark articles of your own."""

def speaker_of(figures, source):
    group = figures["by source"].get(source)
    return group["speaker"] if group and group["judged"] else None


# The figures that two runs are compared by, and where they stand.
SIDE_BY_SIDE = [
    ("spans F1", lambda f: f["spans"][2]),
    ("joint P", lambda f: f["joint"][0]),
    ("joint R", lambda f: f["joint"][1]),
    ("joint F1", lambda f: f["joint"][2]),
    ("speaker", lambda f: f["lenient"]),
    ("speaker, named", lambda f: speaker_of(f, "named")),
    ("speaker, nominal", lambda f: speaker_of(f, "nominal")),
    ("speaker, pronoun", lambda f: speaker_of(f, "pronoun")),
    ("sure, share", lambda f: f["sure"]["share"]),
    ("sure, speaker", lambda f: f["sure"]["speaker"]),
]


def evaluate(articles, title):
    """Prints the table of some articles and returns its figures."""
    measured = measure.measure(articles)
    figures = score.score_all(articles, measured.found)
    score.print_table(title, figures)
    measure.print_measured(measured)
    print(flush=True)
    return figures


def print_side_by_side(title, before, after):
    score.head(title, "as it is", "renamed", "change")
    for name, figure in SIDE_BY_SIDE:
        one, two = figure(before), figure(after)
        if one is not None and two is not None:
            score.row(name, score.percent(one), score.percent(two), f"{100 * (two - one):+.1f}")
    print()


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("gold", metavar="GOLD", nargs="*")
    args.add_argument("--renamed", metavar="HOW", default="", help="plain, or anything else for names of every form")
    args.add_argument("--seed", type=int, default=1)
    A = args.parse_args()
    if not A.gold:
        print(WITHOUT_GOLD, file=sys.stderr)
        sys.exit(2)
    for path in A.gold:
        articles = files.read_gold(path)
        before = evaluate(articles, path)
        if A.renamed:
            renamed, told = rename.rename_all(articles, A.seed, A.renamed == "plain")
            after = evaluate(renamed, path + ", renamed")
            print_side_by_side("names", before, after)
            print(textwrap.fill(told, 110) + "\n")


if __name__ == "__main__":
    files.tool(main)
