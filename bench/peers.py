#!/usr/bin/env python3
"""peers.py CORPUS_DIR [--sizes 1,10,30] [--n 100] [--work DIR] [--svg FILE] [--json FILE]: our index beside FTS5, Xapian and Groonga.

All in one run on one machine: build, size, one article at a time, and each kind of question, in process, warm, best of five. Ours also
over the kept socket and as a command. Engines that are not installed are left out, with a word. The engines must agree on how many
documents match, within two in a hundred, or the run fails: what is fast and wrong is not fast. Prints tables of Markdown.

The corpus is any tree of *.txt. Larger sizes are the same texts several times, in another order.
"""
import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "tests"))
B = os.path.abspath(os.environ.get("B", "build"))
TYPES = ["rare", "mid", "common", "and2", "phrase3", "prefix", "or3"]
SAID = {"rare": "rare word", "mid": "word", "common": "common word", "and2": "two words", "phrase3": "phrase of three",
        "prefix": "beginning*", "or3": "one of three"}
PEERS = [("FTS5", "peer_fts5", "libsqlite3-dev"), ("Xapian", "peer_xapian", "libxapian-dev g++"),
         ("Groonga", "peer_groonga", "libgroonga-dev")]
AGREE = 0.02


# ---- questions ----------------------------------------------------------------------------------------------------


def draw(corpus, n):
    """(type, words) out of the corpus itself, of small letters alone, so that every engine cuts them alike."""
    rnd = random.Random(1)
    files = sorted(os.path.join(r, f) for r, _, fs in os.walk(corpus) for f in fs if f.endswith(".txt"))
    df, texts = {}, []
    for path in rnd.sample(files, min(len(files), 4000)):
        with open(path, encoding="utf-8", errors="replace") as f:
            text = f.read().lower()
        words = set(re.findall(r"(?<![\w'’.-])[a-z]{3,}(?![\w'’-]|\.\w)", text))
        texts.append((sorted(words), [r.split() for r in re.findall(r"(?<=\s)[a-z]{2,}(?: [a-z]{2,}){2,}(?=\s)", text)]))
        for w in words:
            df[w] = df.get(w, 0) + 1
    by_df = sorted(df, key=lambda w: (-df[w], w))
    rare = [w for w in by_df if df[w] <= 3]
    mid = [w for w in by_df if len(texts) * 0.005 <= df[w] <= len(texts) * 0.1] or by_df[60:]
    known = set(mid) | set(w for w in by_df if df[w] >= len(texts) * 0.02)

    def together(count):
        while True:
            words = [w for w in rnd.choice(texts)[0] if w in known]
            if len(words) >= count:
                return " ".join(rnd.sample(words, count))

    def row():
        while True:
            rows = rnd.choice(texts)[1]
            if rows:
                words = rnd.choice(rows)
                at = rnd.randrange(len(words) - 2)
                return " ".join(words[at:at + 3])

    make = {"rare": lambda: rnd.choice(rare), "mid": lambda: rnd.choice(mid), "common": lambda: rnd.choice(by_df[:60]),
            "and2": lambda: together(2), "or3": lambda: together(3), "phrase3": row,
            "prefix": lambda: rnd.choice(mid)[:rnd.choice([3, 4])]}
    return [(kind, make[kind]()) for kind in TYPES for _ in range(n)]


def typed(kind, words):
    return {"or3": " OR ".join(words.split()), "phrase3": f'"{words}"', "prefix": words + "*"}.get(kind, words)


# ---- engines ------------------------------------------------------------------------------------------------------


def records(command, rep=1):
    done = subprocess.run(command, env=dict(os.environ, REP=str(rep)), stdout=subprocess.PIPE, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}")
    return [json.loads(line) for line in done.stdout.decode().splitlines() if line.startswith("{")]


def programs():
    """(name, program) of what can be measured here; ours first."""
    def made(target):
        return subprocess.run(["make", "-s", f"B={B}", "DEPS=no", f"{B}/{target}"], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=False).returncode == 0

    if not made("bench-index"):
        sys.exit("bench-index cannot be built")
    found = [("ours", B + "/bench-index")]
    for name, program, packages in PEERS:
        if made("bench/" + program):
            found.append((name, f"{B}/bench/{program}"))
        else:
            print(f"{name} is left out: it needs {packages}", file=sys.stderr)
    return found


def measure(corpus, questions, sizes, work):
    """A list of records, each with its size."""
    out = []
    for rep in sizes:
        for name, program in programs():
            index = f"{work}/{name}-{rep}"
            shutil.rmtree(index, ignore_errors=True)
            print(f"x{rep} {name}", file=sys.stderr, flush=True)
            if name == "ours" and rep == 1:
                for words, more in (("ours, words alone", ["--index-only"]), ("ours, two threads", ["--threads", "2"])):
                    out += [dict(r, engine=words, rep=rep) for r in records([program, "build", corpus, index + "-other"] + more)]
                    shutil.rmtree(index + "-other")
            got = records([program, "build", corpus, index], rep) + records([program, "query", index, questions])
            if rep == 1:
                got += records([program, "update", corpus, index])
            out += [dict(r, engine=name, rep=rep) for r in got]
            shutil.rmtree(index)
    return out


def ask_daemon(corpus, questions):
    """Ours as people have it: a kept socket, and a command."""
    import private
    from bench_socket import Kept
    out = []
    with private.Private() as p:
        p.start()
        if p.quotes("add", corpus, timeout=3600).returncode:
            sys.exit("quotes add failed")
        kept = Kept(p.env["QUOTED_SOCKET"])
        for kind in TYPES:
            asked = [typed(k, w) for k, w in questions if k == kind]
            ways = (("socket, ten hits, brief", {"limit": 10, "brief": True}), ("socket, ten hits with passages", {"limit": 10}), ("socket, how many", {"count": True}))
            for words, params in ways:
                times = sorted(min(kept.ask("search", query=q, format="json", **params)[0] for _ in range(5)) * 1e6 for q in asked)
                out.append({"engine": words, "type": kind, "mode": "ways", "n": len(times), "p50_us": at(times, 0.5), "p99_us": at(times, 0.99)})
            times = []
            for q in asked[:15]:
                t0 = time.perf_counter()
                p.quotes("search", "-n", "10", "--", q)
                times.append((time.perf_counter() - t0) * 1e6)
            times.sort()
            out.append({"engine": "command", "type": kind, "mode": "ways", "n": len(times), "p50_us": at(times, 0.5),
                        "p99_us": at(times, 0.99)})
    return [dict(r, rep=1) for r in out]


def at(values, share):
    return round(values[min(len(values) - 1, int(len(values) * share))], 1)


# ---- do they agree? -----------------------------------------------------------------------------------------------


def disagreements(rows):
    """Kinds of question of which some engine counts more than two in a hundred differently from ours."""
    out = []
    for rep in sorted({r["rep"] for r in rows}):
        for kind in TYPES:
            hits = {r["engine"]: r["hits"] for r in rows if r.get("mode") == "count" and r.get("type") == kind and r["rep"] == rep}
            ours = hits.get("ours", 0)
            out += [f"x{rep} {kind}: {name} counts {n}, ours {ours}" for name, n in hits.items() if abs(n - ours) > AGREE * max(n, ours)]
    return out


# ---- tables -------------------------------------------------------------------------------------------------------


def table(head, rows):
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head)] + ["| " + " | ".join(map(str, r)) + " |" for r in rows]) + "\n"


def time_of(r):
    return f"{r['p50_us']:.0f} / {r['p99_us']:.0f}" if r else ""


def find(rows, **wanted):
    return next((r for r in rows if all(r.get(k) == v for k, v in wanted.items())), None)


def print_tables(rows, sizes):
    engines = [e for e in ["ours"] + [p[0] for p in PEERS] if find(rows, engine=e)]
    built = [r for r in rows if "build_s" in r]
    print("### Build\n")
    print(table(["size", "engine", "seconds", "MB/s", "index, of the text", "stored text besides"],
                [[f"×{r['rep']}", r["engine"], r["build_s"], r["mb_s"], f"{r['bytes'] / r['corpus_bytes']:.2f}",
                  f"{r['text_bytes'] / r['corpus_bytes']:.2f}" if "text_bytes" in r else "none or within"] for r in built]))
    for mode, words in (("top10", "ten best"), ("count", "how many")):
        for rep in sizes:
            print(f"### {words.capitalize()}, ×{rep}: µs, p50 / p99\n")
            print(table(["question"] + engines + ["best peer / ours"],
                        [[SAID[kind]] + [time_of(find(rows, engine=e, mode=mode, type=kind, rep=rep)) for e in engines]
                         + [advantage(rows, engines, mode, kind, rep)] for kind in TYPES]))
    ways = [r["engine"] for r in rows if r.get("mode") == "ways" and r["type"] == TYPES[0]]
    if ways:
        print("### Ours over the socket and as a command, ×1: µs, p50 / p99\n")
        print(table(["question"] + ways, [[SAID[k]] + [time_of(find(rows, engine=w, mode="ways", type=k)) for w in ways] for k in TYPES]))
    print("### One article a commit, durable: ms, p50 / p99\n")
    print(table(["engine", "ms"], [[r["engine"], f"{r['p50_ms']:.2f} / {r['p99_ms']:.2f}"] for r in rows if "p50_ms" in r]))


def advantage(rows, engines, mode, kind, rep):
    times = {e: r["p50_us"] for e in engines if (r := find(rows, engine=e, mode=mode, type=kind, rep=rep))}
    others = [t for e, t in times.items() if e != "ours"]
    return f"{min(others) / times['ours']:.1f}" if others and times.get("ours") else ""


# ---- the picture --------------------------------------------------------------------------------------------------

COLOURS = {"ours": "#b3261e", "FTS5": "#3b6ea5", "Xapian": "#4f8a4f", "Groonga": "#8a6fb0"}


def svg(rows, sizes):
    """Ten best, p50: a row a question, a mark an engine, a column a size; time grows tenfold from line to line."""
    import math
    engines = [e for e in COLOURS if find(rows, engine=e, mode="top10")]
    times = [r["p50_us"] for r in rows if r.get("mode") == "top10" and r["p50_us"] > 0]
    low, high = math.floor(math.log10(min(times))), math.ceil(math.log10(max(times)))
    left, top, wide, step, gap = 130, 64, 240, 26, 30
    width, height = left + len(sizes) * (wide + gap), top + step * len(TYPES) + 46
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
           'font-family="sans-serif" font-size="12" fill="#222">',
           f'<rect width="{width}" height="{height}" fill="#fff"/>',
           '<text x="10" y="20" font-size="14">Ten best of a question: median time, in process, warm</text>']
    for i, e in enumerate(engines):
        out.append(f'<circle cx="{16 + i * 90}" cy="38" r="5" fill="{COLOURS[e]}"/><text x="{26 + i * 90}" y="42">{e}</text>')
    for column, rep in enumerate(sizes):
        x0 = left + column * (wide + gap)

        def x_of(us, x0=x0):
            return x0 + (math.log10(max(us, 10 ** low)) - low) / (high - low) * wide

        out.append(f'<text x="{x0}" y="{top - 6}" fill="#666">corpus ×{rep}</text>')
        for power in range(low, high + 1):
            us = 10 ** power
            words = f"{us:g} µs" if us < 1000 else f"{us // 1000:g} ms"
            out.append(f'<line x1="{x_of(us):.1f}" x2="{x_of(us):.1f}" y1="{top}" y2="{top + step * len(TYPES)}" stroke="#ddd"/>'
                       f'<text x="{x_of(us):.1f}" y="{top + step * len(TYPES) + 16}" text-anchor="middle" fill="#666" font-size="10">{words}</text>')
        for i, kind in enumerate(TYPES):
            y = top + step * i + step / 2
            if column == 0:
                out.append(f'<text x="{left - 12}" y="{y + 4}" text-anchor="end">{SAID[kind]}</text>')
            out.append(f'<line x1="{x0}" x2="{x0 + wide}" y1="{y}" y2="{y}" stroke="#f0f0f0"/>')
            for e in reversed(engines):
                r = find(rows, engine=e, mode="top10", type=kind, rep=rep)
                if r:
                    out.append(f'<circle cx="{x_of(r["p50_us"]):.1f}" cy="{y}" r="5" fill="{COLOURS[e]}"><title>{e}: {r["p50_us"]} µs</title></circle>')
    out.append(f'<text x="10" y="{height - 8}" fill="#666" font-size="10">made by bench/peers.py; further left is faster, each line ten times</text></svg>')
    return "\n".join(out) + "\n"


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("corpus")
    args.add_argument("--sizes", default="1,10,30")
    args.add_argument("--n", type=int, default=100, help="questions of each kind")
    args.add_argument("--work", help="a folder with room for the indexes, on the disk that is to be measured")
    args.add_argument("--svg")
    args.add_argument("--json")
    a = args.parse_args()
    sizes = [int(s) for s in a.sizes.split(",")]
    questions = draw(a.corpus, a.n)
    with tempfile.TemporaryDirectory(prefix="quoted-peers-", dir=a.work) as work:
        with open(work + "/questions", "w", encoding="utf-8") as f:
            f.writelines(f"{kind}\t{words}\n" for kind, words in questions)
        rows = measure(a.corpus, work + "/questions", sizes, work)
    rows += ask_daemon(a.corpus, questions)
    if a.json:
        with open(a.json, "w", encoding="utf-8") as f:
            json.dump(rows, f, indent=1)
    print_tables(rows, sizes)
    if a.svg:
        with open(a.svg, "w", encoding="utf-8") as f:
            f.write(svg(rows, sizes))
    wrong = disagreements(rows)
    print("The engines agree on how many match, within 2 %." if not wrong else "The engines do not agree:\n" + "\n".join(wrong))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
