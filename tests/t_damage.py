"""t_damage.py -- a damaged index is said to be damaged: it never answers wrong without a word, and never hangs or crashes.

  SEED=N (1)   N=N damaged indexes asked by the library (400)   DAEMONS=N by the daemon (20)   KEEP=DIR: those that went wrong

Half of the indexes were closed in order and have their seal; half have none, as after a crash. Prints TAP.
"""
import hashlib
import json
import os
import random
import shutil
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import damage
import private
from driven import Drive
from random_archive import PEOPLE, Archive

SEED, N, DAEMONS = (int(os.environ.get(k, v)) for k, v in (("SEED", 1), ("N", 400), ("DAEMONS", 20)))
BOUND = 10
CORRUPT, VERSION = -10004, -10012 # of err.h; the number of the version is a byte like others
QUESTIONS = [("search", q) for q in ("harbour", "the", "ferry", "müller", '"of the"', "al-nadim", "budget OR bridge", "=resume",
                                     "harbour -water", "speaker:venn", "date:2025", "kind:indirect talks", "e-mail", "secretary",
                                     "zzz")] + [("by", p.split()[-1]) for p in PEOPLE[:5]]
tap = private.Tap()


def ask(drive):
    return [json.dumps(drive.do(*q)) for q in QUESTIONS]


class Specimen:
    """An index that is in order, what it answers, and how its file looked some commits before."""

    def __init__(self, room, rnd):
        self.archive = Archive(rnd, room + "/archive")
        self.archive.fill(120)
        drive = Drive(room + "/index")
        drive.must("add", self.archive.folder)
        with open(room + "/index/data.mdb", "rb") as f:
            self.old = f.read()
        for _ in range(12):
            self.archive.step()
            drive.must("add", self.archive.folder)
        drive.upkeep(20)
        self.answers = ask(drive)
        drive.end()
        with open(room + "/index/data.mdb", "rb") as f:
            self.data = f.read()
        with open(room + "/index/seal", "rb") as f:
            self.seal = f.read()

    def damaged(self, rnd, kind, folder, sealed):
        """Writes a damaged copy; false when nothing came of it."""
        shutil.rmtree(folder, ignore_errors=True)
        os.mkdir(folder)
        data = bytearray(self.data)
        kind(rnd, data, self.old)
        with open(folder + "/data.mdb", "wb") as f:
            f.write(data)
        if sealed:
            with open(folder + "/seal", "wb") as f:
                f.write(self.seal)
        return data != self.data


def outcome(folder, wanted):
    """"told", "right", or what is wrong: "wrong", "crash" or "hang"."""
    drive, late = Drive(), []
    timer = threading.Timer(BOUND, lambda: (late.append(1), drive.process.kill()))
    timer.start()
    try:
        opened = drive.do("open", folder)
        if opened is None:
            return "hang" if late else "crash"
        if opened["rc"] < 0:
            return "told" if opened["rc"] in (CORRUPT, VERSION) and opened["detail"] else f"another error: {opened}"
        answers = ask(drive)
        for got, right in zip(answers, wanted):
            if got == "null":
                return "hang" if late else "crash"
            if got != right and json.loads(got)["rc"] != CORRUPT:
                return "wrong"
        return "right" if answers == wanted else "told"
    finally:
        timer.cancel()
        drive.process.kill()
        drive.process.wait()
        drive.process.stdin.close(), drive.process.stdout.close()


def by_library(room, specimen):
    counts, faults, unchanged = {}, [], 0
    for i in range(N):
        kind, sealed = damage.DAMAGES[i % len(damage.DAMAGES)], i // len(damage.DAMAGES) % 2 == 0
        rnd = random.Random(SEED * 1000003 + i)
        changed = specimen.damaged(rnd, kind, room + "/damaged", sealed)
        got = outcome(room + "/damaged", specimen.answers)
        unchanged += not changed
        counts[got] = counts.get(got, 0) + 1
        if got not in ("told", "right") or (sealed and changed and got != "told"):
            faults.append(f"SEED={SEED} number {i}: {kind.__name__}, {'sealed' if sealed else 'without seal'}: {got}")
            if os.environ.get("KEEP"):
                shutil.copytree(room + "/damaged", f"{os.environ['KEEP']}/{SEED}-{i}", dirs_exist_ok=True)
    said = ", ".join(f"{n} {what}" for what, n in sorted(counts.items()))
    tap.ok(f"{N} damaged indexes are told or answer right ({said}; SEED={SEED})", not faults, "\n".join(faults))
    tap.ok("most of them are told", counts.get("told", 0) > N // 2, said)
    same = outcome(whole(room, specimen, True), specimen.answers), outcome(whole(room, specimen, False), specimen.answers)
    tap.ok("one that is whole answers right, with and without its seal", same == ("right", "right"), same)


def whole(room, specimen, sealed):
    specimen.damaged(random.Random(1), lambda *_: None, room + "/whole", sealed)
    return room + "/whole"


def control(room, specimen):
    """What no checksum sees, the comparison does."""
    folder = whole(room, specimen, True)
    drive = Drive(folder)
    forged = drive.do("forge", "harbour", "ferry")["rc"]
    drive.end()
    got = outcome(folder, specimen.answers)
    tap.ok("control: a list under another term, sealed and with a good checksum, is seen as a wrong answer",
           forged == 1 and got == "wrong", f"{forged} {got}")
    drive = Drive(whole(room, specimen, True))
    drive.must("add", specimen.archive.folder + "/a")
    drive.process.kill(), drive.process.wait()
    tap.ok("an index that is killed after its seal was broken opens", outcome(room + "/whole", specimen.answers) in ("right", "wrong"))


def tree_hash(folder):
    h = hashlib.sha256()
    for root, dirs, names in sorted(os.walk(folder)):
        for name in sorted(names):
            path = os.path.join(root, name)
            h.update(path.encode() + str(os.stat(path).st_mtime_ns).encode())
            with open(path, "rb") as f:
                h.update(f.read())
    return h.hexdigest()


def answer_of(p):
    got = p.quotes("search", "harbour OR the", "--json", "-n", "0")
    return got.returncode, got.stdout


def by_daemon():
    kinds = [k for k in damage.DAMAGES if k is not damage.lost_write] # which needs an older file
    told = named = crashed = 0
    problems = []
    with private.Private() as p:
        archive = Archive(random.Random(SEED), p.dir + "/archive")
        archive.fill(40)
        p.start()
        p.quotes("add", archive.folder)
        wanted = sorted(d["id"] for d in json.loads(answer_of(p)[1])["documents"])
        before = tree_hash(archive.folder)
        p.end()
        with open(p.dir + "/index/data.mdb", "rb") as f:
            data = f.read()
        for i in range(DAEMONS):
            kind, spoilt = kinds[i * 4 % len(kinds)], bytearray(data)
            rnd = random.Random(SEED * 77 + i)
            while spoilt == data:
                kind(rnd, spoilt, data)
            if i % 2:
                os.remove(p.dir + "/index/seal")
            with open(p.dir + "/index/data.mdb", "wb") as f:
                f.write(spoilt)
            t0 = time.time()
            p.start()
            while time.time() - t0 < BOUND:
                code, out = answer_of(p)
                if code == 0 and sorted(d["id"] for d in json.loads(out)["documents"]) == wanted:
                    break
                time.sleep(0.05)
            else:
                problems.append(f"{kind.__name__}: after {BOUND} s: exit {code}, {out[:200]}")
            aside = [n for n in os.listdir(p.dir + "/index") if "damaged-" in n]
            told += bool(aside)
            crashed += p.daemon.poll() is not None
            for n in aside:
                os.remove(p.dir + "/index/" + n)
            p.end()
            with open(p.dir + "/index/data.mdb", "rb") as f:
                data = f.read()
        with open(p.dir + "/log", "rb") as f:
            named = f.read().count(b"set aside and is made anew")
        tap.ok(f"{DAEMONS} damaged indexes under the daemon: each answers right within {BOUND} s", not problems, "\n".join(problems))
        tap.ok(f"{told} were set aside, each with a line of the log that says why", named == told and told >= DAEMONS // 2, named)
        tap.ok("no daemon went away", crashed == 0, crashed)
        tap.ok("the archive was only read", tree_hash(archive.folder) == before)


def main():
    room = tempfile.mkdtemp(prefix="quoted-damage-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
    try:
        specimen = Specimen(room, random.Random(SEED))
        by_library(room, specimen)
        control(room, specimen)
    finally:
        shutil.rmtree(room, ignore_errors=True)
    if DAEMONS:
        by_daemon()
    tap.done()


if __name__ == "__main__":
    main()
