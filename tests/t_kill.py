#!/usr/bin/env python3
"""t_kill.py -- the daemon is killed in the middle of indexing, again and again: after each restart the index is in
order, and the run that is allowed to finish gives the same content, byte for byte, as one never disturbed.

  KILL_ROUNDS=N       how often (8)
  KILL_CORPUS=FILE    JSON lines to index instead of articles of our own (plain or .gz); KILL_COUNT of them (2000)
"""
import gzip
import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import private

rounds = int(os.environ.get("KILL_ROUNDS", 8))
corpus = os.environ.get("KILL_CORPUS")
random.seed(int(os.environ.get("KILL_SEED", 1)))
tap = private.Tap()


def fill(folder):
    """Half of the articles as files of their own, half in one file of JSON lines."""
    if corpus:
        opener = gzip.open if corpus.endswith(".gz") else open
        with opener(corpus, "rt", encoding="utf-8") as f:
            texts = [json.loads(line)["text"] for line in itertools.islice(f, int(os.environ.get("KILL_COUNT", 2000)))]
    else:
        texts = [private.article(i) for i in range(1200)]
    half = len(texts) // 2
    for i, text in enumerate(texts[:half]):
        os.makedirs(f"{folder}/{i // 100:03}", exist_ok=True)
        with open(f"{folder}/{i // 100:03}/{i:06}.txt", "w", encoding="utf-8") as f:
            f.write(text)
        os.utime(f.name, (1700000000 + i, 1700000000 + i))
    with open(folder + "/rest.jsonl", "w", encoding="utf-8") as f:
        for i, text in enumerate(texts[half:]):
            f.write(json.dumps({"id": f"rest/{i}", "title": f"Article {i}", "date": "2024-05-01", "text": text}) + "\n")
    return len(texts)


def dump(p):
    return p.quotes("dump").stdout


with private.Private() as calm, private.Private() as p:
    archive = calm.dir + "/archive"
    os.mkdir(archive)
    count = fill(archive)
    calm.start()
    t0 = time.time()
    got = calm.quotes("add", archive)
    took = time.time() - t0
    tap.ok(f"an undisturbed run indexes {count} articles", got.returncode == 0, got.stderr)
    wanted = dump(calm)
    tap.ok("its dump holds terms and quotes", len(wanted) > 100 * count)
    calm.end()

    met = tries = clean = same = 0
    problems = ""
    while met < rounds and tries < 4 * rounds:
        tries += 1
        p.start()
        add = subprocess.Popen([private.B + "/quotes", "add", archive], env=p.env, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        time.sleep(random.random() * took)
        p.end(signal.SIGKILL)
        words = add.stderr.read().decode(errors="replace")
        status = add.wait(60)
        if status == 75 and "again" in words:
            met += 1
            p.start()
            verify = p.quotes("verify")
            clean += verify.returncode == 0
            finish = p.quotes("add", archive)
            same += finish.returncode == 0 and p.quotes("verify").returncode == 0 and dump(p) == wanted
            problems += verify.stdout.decode() if verify.returncode else ""
            p.end()
        elif status != 0:
            problems += f"exit {status}: {words}\n"
        shutil.rmtree(p.dir + "/index", ignore_errors=True)
    tap.ok(f"{met} kills met a running add, and each time the client said so and exited 75", met == rounds, problems)
    tap.ok("after each restart `verify` is clean", clean == met, problems)
    tap.ok("and the add that may finish gives the undisturbed dump, byte for byte", same == met, f"{same} of {met}\n" + problems)

    # The controls: what would have been wrong is seen as wrong.
    p.start()
    p.quotes("add", archive)
    os.rename(archive + "/rest.jsonl", calm.dir + "/rest.jsonl")
    p.quotes("reindex")
    tap.ok("control: with a file less the dump differs", dump(p) != wanted)
    p.end()
    with open(p.dir + "/index/data.mdb", "r+b") as f:
        size = os.path.getsize(f.name)
        for page in range(8, size // 4096, 3):
            f.seek(page * 4096 + 4096 - 40)
            f.write(b"\xa5" * 8)
    p.start()
    got = p.quotes("verify")
    tap.ok("control: damaged pages do not pass `verify`", got.returncode != 0 or b"rebuilt" in got.stdout + got.stderr
           or p.json("status") is None or b"set aside" in open(p.dir + "/log", "rb").read(), got.stdout)
tap.done()
