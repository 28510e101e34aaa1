#!/usr/bin/env python3
"""scale.py CORPUS_DIR [--rounds 50] [--work DIR] [--n 30] [--keep]: an archive of a million articles, as people would have it.

Makes the archive (replicate.py: other names, dates and outlets each round), has a daemon of its own bring it in, and prints: time, speed,
size and the greatest memory on the way; memory of the idle daemon; then each kind of question over the kept socket, p50 and p99, the best
of three. Memory is what is private to the process (RssAnon): pages of the mapped index belong to the system. The daemon's settings are the
usual ones. --work is the folder for archive and index (about twice the archive's size); --keep leaves them there, and a second run
then asks only.
"""
import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "tests"))
sys.path.insert(0, HERE)
import peers  # noqa: E402
import private  # noqa: E402
from bench_socket import Kept  # noqa: E402

TEN = {"limit": 10}


def kinds(corpus, n, names, sources):
    """(words, method, [parameters]): a row of the last table each."""
    drawn = {}
    for kind, words in peers.draw(corpus, n):
        drawn.setdefault(kind, []).append(words)
    rnd = random.Random(2)
    mid, common = drawn["mid"], drawn["common"]
    years = [rnd.randrange(1992, 2024) for _ in range(n)]
    pair = [w.split() for w in drawn["and2"]]

    def search(queries, **more):
        return [dict(TEN, query=q, format="json", **more) for q in queries]

    def by(speakers, **more):
        return [dict(TEN, speaker=s, format="json", **more) for s in speakers]

    for kind in peers.TYPES:
        yield peers.SAID[kind] + ", brief", "search", search([peers.typed(kind, w) for w in drawn[kind]], brief=True)
        yield peers.SAID[kind], "search", search([peers.typed(kind, w) for w in drawn[kind]])
    yield "two words, how many", "search", search(drawn["and2"], count=True)
    yield "phrase, how many", "search", search([peers.typed("phrase3", w) for w in drawn["phrase3"]], count=True)
    yield "common word NOT another", "search", search([f"{a} -{b}" for a, b in zip(common, reversed(common))])
    yield "NEAR/5 of two", "search", search([f"{a} NEAR/5 {b}" for a, b in pair])
    yield "ADJ/3 of two", "search", search([f"{a} ADJ/3 {b}" for a, b in pair])
    yield "*part*", "search", search([f"*{w[1:6]}*" for w in mid])
    yield "~word", "search", search([f"~{w}" for w in mid if len(w) > 3])
    yield "common word, sorted by date", "search", search(common, sort="date")
    yield "common word, sorted by speaker", "search", search(common, sort="speaker")
    yield "common word, by month", "search", search(common, facet="month")
    yield "common word, by source", "search", search(common, facet="source")
    yield "common word, by speaker", "search", search(common, facet="speaker")
    yield "word in a year", "search", search([f"{w} date:{y}" for w, y in zip(mid, years)])
    yield "word of a source", "search", search([f'{w} source:"{rnd.choice(sources)}"' for w in mid])
    yield "word below a path", "search", search([f"{w} path:round-{rnd.randrange(1, 9):04}" for w in mid])
    yield "path alone", "search", search([f"path:round-{i % 9:04}" for i in range(n)])
    yield "word, title only", "search", search([f"title:{w}" for w in mid])
    yield "word in statements", "search", search([f"{w} kind:indirect" for w in mid])
    yield "word and speaker", "search", search([f'{w} speaker:"{rnd.choice(names)}"' for w in mid])
    yield "quotes by a name", "by", by(names)
    yield "quotes by a name, how many", "by", by(names, count=True)
    yield "quotes by a name with a word", "by", by(names, query=rnd.choice(common))
    yield "quotes by a name, by month", "by", by(names, facet="month")
    yield "speakers that begin so", "speakers", [dict(TEN, speaker=s[:3], format="json") for s in names]
    yield "how things stand", "status", [{}]


def private_bytes(pid):
    for line in open(f"/proc/{pid}/status", encoding="ascii"):
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) * 1024
    return 0


class Watch(threading.Thread):
    """The most that the daemon holds while something runs."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.most, self.done = pid, 0, threading.Event()
        self.start()

    def run(self):
        while not self.done.wait(0.05):
            self.most = max(self.most, private_bytes(self.pid))

    def end(self):
        self.done.set()
        self.join()
        return self.most


def bring_in(daemon, archive):
    size = sum(os.path.getsize(f"{archive}/{f}") for f in os.listdir(archive))
    watch = Watch(daemon.daemon.pid)
    began = time.monotonic()
    got = daemon.quotes("add", archive, timeout=36000)
    took = time.monotonic() - began
    if got.returncode:
        sys.exit(got.stderr.decode())
    stats = json.loads(daemon.quotes("status", "--json").stdout)
    file = os.path.getsize(stats["index"] + "/data.mdb")
    print(f"brought in: {stats['documents']:,} articles, {stats['quotes']:,} quotes, {size / 1e6:,.0f} MB in {took:,.0f} s, {size / took / 1e6:.1f} MB/s")
    print(f"index: {file / 1e6:,.0f} MB with {stats['stored_bytes'] / 1e6 if 'stored_bytes' in stats else 0:,.0f} MB of stored text, "
          f"{stats['terms']:,} terms, {stats['segments']} segments")
    print(f"most private memory on the way: {watch.end() / 1e6:.0f} MB", flush=True)


def ask_all(daemon, corpus, n):
    kept = Kept(daemon.env["QUOTED_SOCKET"])
    people = kept.ask("speakers", limit=n * 3, format="json")[1]["answer"]["speakers"]
    names = [p["name"] for p in people[::3]]
    sources = [f["value"] for f in kept.ask("search", query="the", facet="source", limit=n, format="json")[1]["answer"]["facets"]]
    rows = []
    for words, method, asked in kinds(corpus, n, names, sources):
        times = sorted(min(kept.ask(method, **params)[0] for _ in range(3)) * 1e3 for params in asked)
        rows.append((words, len(times), f"{peers.at(times, 0.5):.1f}" if times[len(times) // 2] >= 1 else f"{times[len(times) // 2]:.2f}", f"{peers.at(times, 0.99):.1f}"))
        print(*rows[-1], file=sys.stderr, flush=True)
    print(peers.table(["question", "n", "p50 ms", "p99 ms"], rows))


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("corpus")
    args.add_argument("--rounds", type=int, default=50)
    args.add_argument("--work")
    args.add_argument("--n", type=int, default=30)
    args.add_argument("--keep", action="store_true")
    o = args.parse_args()
    work = o.work or tempfile.mkdtemp(prefix="quoted-scale-")
    archive = work + "/archive"
    if not os.path.isdir(archive):
        subprocess.run([sys.executable, HERE + "/replicate.py", o.corpus, archive, str(o.rounds)], check=True, stderr=subprocess.DEVNULL)
    with private.Private() as daemon:
        daemon.env["QUOTED_INDEX"] = work + "/index"
        new = not os.path.isdir(work + "/index")
        daemon.start()
        if new:
            bring_in(daemon, archive)
        time.sleep(20)
        print(f"private memory of the idle daemon: {private_bytes(daemon.daemon.pid) / 1e6:.0f} MB", flush=True)
        ask_all(daemon, o.corpus, o.n)
        time.sleep(10)
        print(f"private memory ten seconds after these questions: {private_bytes(daemon.daemon.pid) / 1e6:.0f} MB")
        daemon.end()
    if not o.keep:
        shutil.rmtree(work)


main()
