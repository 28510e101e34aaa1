"""t_random.py -- the index gives what a plain scan of the texts gives: random archives, random histories of them, random
queries of every operator. Prints TAP.

  SEED=N    of the first archive; each after it has the next (1)
  N=N       queries in all (1200)
  ROUNDS=N  archives, each with a history of its own (6)
  STEPS=N   changes in a history (30)
  SHOW=1    print each query
"""
import os
import random
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import private
from driven import Drive
from plain_scan import Scan
from random_archive import PEOPLE, Archive
from random_query import Queries

SEED, ROUNDS = int(os.environ.get("SEED", 1)), int(os.environ.get("ROUNDS", 6))
N, STEPS = int(os.environ.get("N", 1200)), int(os.environ.get("STEPS", 30))
tap = private.Tap()


class Differences:
    def __init__(self):
        self.asked = self.found = 0
        self.words = []

    def note(self, seed, typed, what, got, wanted):
        self.words.append(f"SEED={seed} {typed!r}: {what}: got {got}, wanted {wanted}")


def compare_search(diff, seed, drive, scan, tree, typed):
    wanted, got = scan.search(tree), drive.do("search", typed)
    diff.asked += 1
    if got is None or got["rc"] < 0:
        diff.note(seed, typed, "search failed", got, len(wanted))
        return
    diff.found += len(wanted) > 0
    listed = got["documents"]
    if len(listed) != len(set(listed)) or set(listed) != wanted:
        diff.note(seed, typed, "articles", f"{len(listed)}, too many {sorted(set(listed) - wanted)[:3]}",
                  f"{len(wanted)}, missing {sorted(wanted - set(listed))[:3]}")
    numbers = (got["total"], got["counted"], got["found"], got["answer"]["total"], len(got["answer"]["documents"]))
    if numbers != (len(wanted),) * 4 + (min(10, len(wanted)),):
        diff.note(seed, typed, "total, counted, found, total and rows of the answer", numbers, len(wanted))


def key_of_quote(row):
    source = row["source"]
    start = source["byte_start"] if "byte_start" in source else source["text_start"]
    return source["path"], source.get("record") or 0, start, row["kind"]


def compare_by(diff, seed, drive, scan, where, speaker, tree, typed):
    wanted = scan.by(speaker, tree)
    got = drive.do("by", speaker, typed)
    diff.asked += 1
    if got is None or got["rc"] < 0:
        diff.note(seed, f"by {speaker} {typed}", "failed", got, len(wanted))
        return
    diff.found += len(wanted) > 0
    listed = sorted(key_of_quote(q) for q in got["answer"]["quotes"])
    hoped = sorted(where(content, i) for content, i in wanted)
    if listed != hoped or got["answer"]["total"] != len(wanted):
        diff.note(seed, f"by {speaker} {typed}", "quotes", f"{len(listed)}, too many {[x for x in listed if x not in hoped][:3]}",
                  f"{len(hoped)}, missing {[x for x in hoped if x not in listed][:3]}")


def places_of_quotes(rows):
    """Where an answer says a quote stands: in the first file, by path, that holds the article."""
    first = {}
    for row in rows:
        best = first.get(row["content"])
        if best is None or (row["path"].encode(), row["n"]) < (best["path"].encode(), best["n"]):
            first[row["content"]] = row

    def where(content, i):
        row = first[content]
        return row["path"], row["record"], row["quotes"][i]["start"], row["quotes"][i]["kind"]
    return where


def play(archive, drive, steps, log):
    """A history: changes, and after some of them the index hears of it, in one way or another."""
    rnd = archive.rnd
    for _ in range(steps):
        log.append(archive.step())
        r = rnd.random()
        if r < 0.45:
            drive.must("add", archive.folder)
            log.append("index_add")
        elif r < 0.55:
            path = rnd.choice(archive.files() + [archive.folder + "/a", archive.folder + "/b"])
            drive.must("add", path)
            log.append(f"index_add {path}")
        elif r < 0.60:
            path = rnd.choice(archive.files() + [archive.folder + "/a"])
            drive.must("remove", path)
            log.append(f"index_remove {path}")
        elif r < 0.62:
            drive.must("keep", archive.folder + "/a")
            log.append("index_keep_only a")
        if rnd.random() < 0.3:
            drive.upkeep(rnd.choice([1, 1, 2, 5, 100]))
            log.append("upkeep")
        if rnd.random() < 0.03:
            drive.must("compact")
            log.append("compact")
        if rnd.random() < 0.05:
            drive.must("open", drive.folder)
            log.append("open")
    drive.must("add", archive.folder)
    for _ in range(rnd.choice([0, 0, 3, 1000])):
        if not drive.upkeep(1):
            break


def first_difference(a, b):
    for x, y in zip(a.splitlines(), b.splitlines()):
        if x != y:
            at = next((i for i, (p, q) in enumerate(zip(x, y)) if p != q), min(len(x), len(y)))
            return f"{x[max(0, at - 60):at + 80]!r} and {y[max(0, at - 60):at + 80]!r}"
    return f"{len(a)} and {len(b)} bytes"


def round_of(seed, queries, steps, diff):
    """One archive with its history. (problems of verify, difference of dumps, log)"""
    rnd = random.Random(seed)
    room = tempfile.mkdtemp(prefix="quoted-random-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
    log = []
    try:
        archive = Archive(rnd, room + "/archive")
        archive.fill(rnd.choice([5, 20, 20, 60, 60, 250]))
        drive, fresh = Drive(room + "/index"), Drive(room + "/fresh")
        drive.folder = room + "/index"
        drive.must("add", archive.folder)
        play(archive, drive, steps, log)
        fresh.must("add", archive.folder)
        problems = drive.must("verify")["problems"] + fresh.must("verify")["problems"]
        here, there = drive.dump(room + "/dump.1"), fresh.dump(room + "/dump.2")
        rows = drive.must("scan", archive.folder)["articles"]
        scan, where = Scan(drive, rows), places_of_quotes(rows)
        ask = Queries(rnd, scan, PEOPLE)
        for i in range(queries):
            tree, typed = ask.query()
            if os.environ.get("SHOW"):
                print(f"# {typed}", flush=True)
            if i % 3 == 2:
                speaker = rnd.choice(rnd.choice(PEOPLE).split() + [rnd.choice(PEOPLE)])
                tree, typed = (None, "") if rnd.random() < 0.1 else (tree, typed)
                compare_by(diff, seed, drive, scan, where, speaker, tree, typed)
            else:
                compare_search(diff, seed, drive, scan, tree, typed)
        drive.end(), fresh.end()
        return problems, None if here == there else first_difference(here, there), log
    finally:
        if not os.environ.get("KEEP"):
            shutil.rmtree(room, ignore_errors=True)


def controls():
    """The comparison sees what it is made to see: a word less in one article, a quote of another kind."""
    rnd = random.Random(SEED)
    room = tempfile.mkdtemp(prefix="quoted-random-")
    try:
        archive = Archive(rnd, room + "/archive")
        archive.fill(30)
        drive = Drive(room + "/index")
        drive.must("add", archive.folder)
        rows = drive.must("scan", archive.folder)["articles"]
        for row in rows:
            row["words"] = [w for w in row["words"] if w[0] != "harbour"]
            for q in row["quotes"]:
                q["kind"] = "pull" if q["kind"] == "direct" else q["kind"]
        scan, where, diff, kinds = Scan(drive, rows), places_of_quotes(rows), Differences(), Differences()
        compare_search(diff, SEED, drive, scan, ("words", "harbour", "word"), "harbour")
        compare_by(kinds, SEED, drive, scan, where, "venn", ("kind", {"pull"}), "kind:pull")
        drive.end()
        return bool(diff.words), bool(kinds.words)
    finally:
        shutil.rmtree(room, ignore_errors=True)


def main():
    diff, problems, dumps = Differences(), [], []
    for i in range(ROUNDS):
        seed = SEED + i
        bad, differs, log = round_of(seed, N // ROUNDS, STEPS, diff)
        if bad:
            problems.append(f"SEED={seed}: {bad[:5]}\n" + "\n".join(log))
        if differs:
            dumps.append(f"SEED={seed}: {differs}\n" + "\n".join(log))
    tap.ok(f"{ROUNDS} histories of {STEPS} changes (SEED={SEED}): verify finds nothing", not problems, "\n".join(problems))
    tap.ok("and the dump is that of an index made afresh, byte for byte", not dumps, "\n".join(dumps))
    tap.ok(f"{diff.asked} random queries: the articles, quotes and counts of a plain scan",
           not diff.words and diff.asked >= N // ROUNDS * ROUNDS, "\n".join(diff.words[:12]) + f"\n{len(diff.words)} in all")
    tap.ok(f"{diff.found} of them find something", diff.found > diff.asked // 4)
    word, kind = controls()
    tap.ok("control: an article without one of its words is told", word)
    tap.ok("control: a quote of another kind is told", kind)
    tap.done()


if __name__ == "__main__":
    main()
