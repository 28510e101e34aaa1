#!/usr/bin/env python3
"""bench.py [--corpus DIR] [--n N]: how fast and how large, on one archive.

Indexes DIR (a folder of *.txt; without it, one made from the sample archive) with a private daemon and prints
ingest speed, index size, and p50/p99 of `by` and `search` over a kept socket and as a command. Other engines stand beside
ours in peers.py. Figures of one run compare; figures of two machines do not.
"""
import argparse
import json
import os
import random
import re
import subprocess
import sys
import time

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here + "/../tests")
import private
from bench_socket import Kept

args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
args.add_argument("--corpus")
args.add_argument("--n", type=int, default=100, help="queries of each type")
A = args.parse_args()


def sample_corpus(folder, copies=150):
    """The sample archive many times over, with the sentences of each copy in another order."""
    texts = []
    for root, _, names in os.walk(here + "/../share/sample-archive"):
        texts += [open(os.path.join(root, n), encoding="utf-8").read() for n in sorted(names) if n.endswith((".txt", ".md"))]
    rnd = random.Random(1)
    for c in range(copies):
        for i, text in enumerate(texts):
            paragraphs = text.split("\n")
            rnd.shuffle(paragraphs)
            with open(f"{folder}/{c:03}-{i:03}.txt", "w", encoding="utf-8") as f:
                f.write(f"Copy {c}, article {i}\n\n" + "\n".join(paragraphs))


def draw_queries(corpus, n):
    """TYPE<TAB>words: drawn from the corpus, so that each has a hit."""
    rnd = random.Random(1)
    files = sorted(os.path.join(r, f) for r, _, fs in os.walk(corpus) for f in fs if f.endswith(".txt"))
    df, runs = {}, []
    for f in rnd.sample(files, min(len(files), 3000)):
        words = re.findall(r"[a-z]+", open(f, encoding="utf-8", errors="replace").read().lower())
        runs.append(words)
        for w in set(words):
            df[w] = df.get(w, 0) + 1
    by_df = sorted((w for w in df if len(w) > 2), key=lambda w: (-df[w], w))
    common, middle, rare = by_df[:60], by_df[60:2000], [w for w in by_df if df[w] <= 3] or by_df[-50:]
    runs = [r for r in runs if len(r) > 3]
    for _ in range(n):
        yield "rare", rnd.choice(rare)
        yield "mid", rnd.choice(middle)
        yield "common", rnd.choice(common)
        yield "and2", " ".join(rnd.sample(middle, 2))
        yield "or3", " ".join(rnd.sample(middle, 3))
        r = rnd.choice(runs)
        j = rnd.randrange(len(r) - 2)
        yield "phrase3", " ".join(r[j:j + 3])


def typed(kind, words):
    """The query as a person types it."""
    return {"or3": " OR ".join(words.split()), "phrase3": f'"{words}"'}.get(kind, words)


def p(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))] if values else 0


with private.Private() as q:
    corpus = A.corpus
    if not corpus:
        corpus = q.dir + "/corpus"
        os.mkdir(corpus)
        sample_corpus(corpus)
    sizes = [os.path.getsize(os.path.join(r, f)) for r, _, fs in os.walk(corpus) for f in fs]
    text = sum(sizes)
    q.start()
    t0 = time.time()
    done = q.quotes("add", corpus, timeout=3600)
    build = time.time() - t0
    if done.returncode:
        sys.exit("add failed: " + done.stderr.decode())
    status = q.json("status")
    index = os.stat(q.dir + "/index/data.mdb").st_blocks * 512
    print(f"corpus            {len(sizes)} files, {text / 1e6:.1f} MB")
    print(f"add               {build:.2f} s, {text / 1e6 / build:.1f} MB/s (by the daemon, durable)")
    print(f"index             {index / 1e6:.1f} MB on disk, {index / text:.2f} x text (postings, quotes, stored text)")
    print("status            " + json.dumps({k: v for k, v in (status or {}).items() if isinstance(v, (int, float))}))

    queries = {}
    for kind, words in draw_queries(corpus, A.n):
        queries.setdefault(kind, []).append(words)
    kept = Kept(q.env["QUOTED_SOCKET"])
    print(f"\n{'kept socket, ten best, JSON':28} {'n':>4} {'hits':>9} {'p50 us':>8} {'p99 us':>8}")
    for kind, words in queries.items():
        best, hits = [], 0
        for w in words:
            runs = [kept.ask("search", query=typed(kind, w), limit=10) for _ in range(5)]
            best.append(min(t for t, _ in runs) * 1e6)
            hits += runs[0][1].get("found", 0)
        print(f"search {kind:21} {len(words):4} {hits:9} {p(best, .5):8.0f} {p(best, .99):8.0f}")
    people = [s["name"] for s in (q.json("speakers", "--limit", str(A.n)) or {}).get("speakers", [])]
    best = [min(kept.ask("by", speaker=name, limit=10)[0] for _ in range(5)) * 1e6 for name in people]
    print(f"{'by SPEAKER':28} {len(people):4} {'':9} {p(best, .5):8.0f} {p(best, .99):8.0f}")

    print(f"\n{'as a command':28} {'n':>4} {'':9} {'p50 ms':>8} {'p99 ms':>8}")

    def command(name, *argv):
        times = []
        for a in argv:
            runs = []
            for _ in range(3):
                t0 = time.perf_counter()
                subprocess.run(a, env=q.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                runs.append((time.perf_counter() - t0) * 1e3)
            times.append(min(runs))
        print(f"{name:28} {len(times):4} {'':9} {p(times, .5):8.2f} {p(times, .99):8.2f}")
    
    command("true (fork and exec)", *[["true"]] * 20)
    command("quotes by SPEAKER", *[[private.B + "/quotes", "by", n, "-n", "10"] for n in people[:20]])
    for kind, words in queries.items():
        command("quotes search " + kind, *[[private.B + "/quotes", "search", "-n", "10", "--", typed(kind, w)]
                                               for w in words[:12]])
