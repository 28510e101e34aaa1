"""t_faults.py -- killed at every commit, cut off from power between any two writes, the disk full, memory refused: afterwards the
index is in order, nothing that was acknowledged is lost, and the same run goes on to the same dump. Prints TAP.

  SEED=N (1)   CUTS=N power cuts (200)   ONLY=kill|power|full|memory

Each with a control that must fail. The faults come from tests/shim.c, but for the full disk: that is a small tmpfs.
"""
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import private
from driven import B, Drive, Failed
from random_archive import Archive

SEED, CUTS, ONLY = int(os.environ.get("SEED", 1)), int(os.environ.get("CUTS", 200)), os.environ.get("ONLY", "")
SHIM = {"LD_PRELOAD": B + "/tests/shim.so"}
FULL, NOMEM = -10003, -10001
tap = private.Tap()


def room():
    return tempfile.mkdtemp(prefix="quoted-faults-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)


def make_archive(folder, count):
    archive = Archive(random.Random(SEED), folder)
    archive.fill(count)
    return archive


def run(drive, folder):
    """Everything that commits: single files, all of them, merges, a file gone, compaction."""
    files = sorted(os.path.join(r, f) for r, _, names in os.walk(folder) for f in names)
    for path in files[:12]:
        drive.must("add", path)
    drive.must("add", folder)
    drive.upkeep(8)
    drive.must("remove", files[3])
    drive.must("add", files[3])
    drive.must("compact")
    drive.upkeep(8)


def problems_of(index):
    drive = Drive()
    try:
        opened = drive.do("open", index)
        if opened["rc"] < 0:
            return [f"open: {opened}"]
        return drive.must("verify")["problems"]
    finally:
        drive.end()


# ---- killed ------------------------------------------------------------------------------------------------


def first_build(drive, folder):
    """All of it into an index that holds nothing yet: that goes to a file of its own."""
    drive.must("add", folder)
    drive.upkeep()


def kills(words, run, least):
    home = room()
    try:
        archive = make_archive(home + "/archive", 20)
        calm = Drive(home + "/calm")
        run(calm, archive.folder)
        wanted = calm.dump(home + "/dump.0")
        calm.end()
        faults, met, n = [], 0, 0
        while True:
            n += 1
            shutil.rmtree(home + "/index", ignore_errors=True)
            drive = Drive(env=dict(SHIM, SHIM_KILL=str(n), **({"SHIM_AFTER": "1"} if n % 2 else {})))
            try:
                drive.must("open", home + "/index")
                run(drive, archive.folder)
                drive.end()
                break  # there is no such commit
            except Failed:
                met += drive.process.wait() == -9
                drive.process.stdin.close(), drive.process.stdout.close()
            bad = problems_of(home + "/index")
            again = Drive(home + "/index")
            run(again, archive.folder)
            if bad or again.dump(home + "/dump.1") != wanted or again.must("verify")["problems"]:
                faults.append(f"at sync {n}: {bad[:3] or 'another dump'}")
            again.end()
        tap.ok(f"killed at each of {n - 1} syncs of {words}: the index is in order, and the same run again gives the same dump",
               not faults and met == n - 1 >= least, "\n".join(faults) + f" {met}")
        os.remove(archive.files()[5])
        drive = Drive(home + "/less")
        run(drive, archive.folder)
        tap.ok("control: with a file less it is another dump", drive.dump(home + "/dump.2") != wanted)
        drive.end()
    finally:
        shutil.rmtree(home, ignore_errors=True)


# ---- power cut off ---------------------------------------------------------------------------------------------

WRITE, WRITE_DURABLE, SYNC, CUT = 1, 2, 3, 4
SECTOR = 512


def read_events(path):
    with open(path, "rb") as f:
        data = f.read()
    events, at = [], 0
    while at < len(data):
        kind, offset, length = struct.unpack_from(">QQQ", data, at)
        events.append((kind, offset, data[at + 24:at + 24 + length]))
        at += 24 + length
    return events


def put(image, offset, data):
    if len(image) < offset + len(data):
        image.extend(bytes(offset + len(data) - len(image)))
    image[offset:offset + len(data)] = data


def after_cut(rnd, start, events, at, syncs_count=True):
    """The file as it may be when the power goes before event `at` is done: what was not synced survives sector by sector, as chance
    has it. With syncs that do nothing, of everything written only the last pages of meta are sure."""
    image, waiting = bytearray(start), []

    def settle(survives):
        for offset, data in waiting:
            for i in range(0, len(data), SECTOR):
                if survives():
                    put(image, offset + i, data[i:i + SECTOR])
        waiting.clear()

    for kind, offset, data in events[:at]:
        if kind == WRITE:
            waiting.append((offset, data))
        elif kind == WRITE_DURABLE:
            put(image, offset, data)
        elif kind == SYNC and syncs_count:
            settle(lambda: True)
        elif kind == CUT and offset > len(image):
            put(image, offset, b"")
    if at < len(events) and events[at][0] in (WRITE, WRITE_DURABLE):
        waiting.append((events[at][1], events[at][2]))
    settle(lambda: rnd.random() < 0.5)
    return image


def acknowledged(events, at):
    """The transaction of the last page of meta that was written whole, and durably, before the cut."""
    last = 0
    for kind, offset, data in events[:at]:
        if kind == WRITE_DURABLE and offset < 2 * 4096 and len(data) >= 8:
            last = max(last, struct.unpack_from("<Q", data, len(data) - 8)[0])
    return last


def cuts():
    home = room()
    try:
        archive = make_archive(home + "/archive", 25)
        files = archive.files()
        drive = Drive(home + "/index")
        drive.must("add", files[0])
        drive.end()
        with open(home + "/index/data.mdb", "rb") as f:
            start = f.read()
        drive = Drive(home + "/index", env=dict(SHIM, SHIM_RECORD=home + "/trace"))
        for path in files[:15]:
            drive.must("add", path)
        drive.must("add", archive.folder)
        os.remove(files[1])
        drive.must("add", archive.folder)
        drive.upkeep(60)
        wanted, there = drive.dump(home + "/dump.0"), drive.must("generation")["generation"]
        drive.process.kill(), drive.process.wait()
        events = read_events(home + "/trace")
        kinds = [e[0] for e in events]
        tap.ok(f"the recorder saw {len(events)} writes and syncs", kinds.count(SYNC) > 15 and kinds.count(WRITE_DURABLE) > 15
               and kinds.count(WRITE) > 15, {k: kinds.count(k) for k in set(kinds)})
        tap.ok("and the last transaction among them is the index's own", acknowledged(events, len(events)) == there, there)
        faults, lost = [], []

        def try_one(rnd, at, syncs_count):
            shutil.rmtree(home + "/cut", ignore_errors=True)
            os.mkdir(home + "/cut")
            with open(home + "/cut/data.mdb", "wb") as f:
                f.write(after_cut(rnd, start, events, at, syncs_count))
            after = Drive()
            try:
                opened = after.do("open", home + "/cut")
                if opened is None or opened["rc"] < 0:
                    return f"cannot be opened: {opened}"
                if after.must("generation")["generation"] < acknowledged(events, at):
                    return "a commit was lost"
                bad = after.must("verify")["problems"]
                if bad:
                    return f"verify: {bad[:2]}"
                if rnd.random() < 0.1:
                    after.must("add", archive.folder)
                    if after.dump(home + "/dump.1") != wanted:
                        return "another dump in the end"
                return ""
            except Failed as e:
                return str(e)
            finally:
                after.process.kill(), after.process.wait()
                after.process.stdin.close(), after.process.stdout.close()

        for i in range(CUTS):
            rnd = random.Random(SEED * 7919 + i)
            at = rnd.randrange(len(events) + 1)
            fault = try_one(rnd, at, True)
            if fault:
                faults.append(f"SEED={SEED} cut {i} at {at}: {fault}")
        tap.ok(f"{CUTS} power cuts (SEED={SEED}): the index opens, is in order, and has every commit that was acknowledged",
               not faults, "\n".join(faults[:10]))
        for i in range(20):
            rnd = random.Random(i)
            lost.append(bool(try_one(rnd, rnd.randrange(len(events) // 2, len(events)), False)))
        tap.ok(f"control: where syncs do nothing, {sum(lost)} of 20 cuts do harm", sum(lost) > 10)
    finally:
        shutil.rmtree(home, ignore_errors=True)


# ---- the disk is full --------------------------------------------------------------------------------------------


def full():
    """In a name space of our own, where we may mount."""
    able = subprocess.run(["unshare", "-Urm", "sh", "-c", "mount -t tmpfs -o size=1m none /mnt"], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, check=False).returncode == 0
    if not able:
        for fact in ("a full disk is said", "a merge on a full disk", "compaction on a full disk"):
            tap.skip(fact, "unshare -Urm and a tmpfs are not allowed here: the full disk was NOT tested")
        return
    home = room()
    try:
        make_archive(home + "/archive", 150)
        os.mkdir(home + "/small")
        done = subprocess.run(["unshare", "-Urm", sys.executable, os.path.abspath(__file__), "--full", home],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=120)
        facts = [line[5:].split(" ", 1) for line in done.stdout.decode().splitlines() if line.startswith("FACT ")]
        for good, fact in facts:
            tap.ok(fact, good == "1", done.stdout.decode())
        tap.ok("the tests of the full disk came to their end", len(facts) == 8, done.stdout.decode())
    finally:
        shutil.rmtree(home, ignore_errors=True)


def fill(path, leave):
    st = os.statvfs(path)
    with open(path + "/filler", "wb") as f:
        f.write(bytes(max(0, st.f_bavail * st.f_frsize - leave)))


def inside(home):
    small, archive = home + "/small", home + "/archive"

    def mount(what):
        subprocess.run(["mount", "-t", "tmpfs", "-o", what, "none", small], check=True)

    def fact(good, words):
        print(f"FACT {int(bool(good))} {words}", flush=True)

    def told(drive, *command):
        rc = 1
        for _ in range(300):
            rc = drive.do(*command)["rc"]
            if rc <= 0 or command[0] != "upkeep":
                break
        return rc

    mount("size=2m")
    files = sorted(os.path.join(r, f) for r, _, names in os.walk(archive) for f in names)
    drive, fresh = Drive(small + "/index"), Drive(home + "/fresh")
    fresh.must("add", archive)
    for path in files[:20]:
        drive.must("add", path)
    before, there = drive.must("search", "harbour")["documents"], drive.must("generation")["generation"]
    fill(small, 100000)
    rc = told(drive, "add", archive)
    fact(rc == FULL, f"a full disk is said while adding ({rc})")
    after = drive.must("search", "harbour")["documents"]
    fact(set(before) <= set(after) and not drive.must("verify")["problems"] and drive.must("generation")["generation"] >= there,
         "what was there before can be asked, and the index is in order")
    mount("remount,size=64m")
    os.remove(small + "/filler")
    fact(told(drive, "add", archive) == 0 and drive.dump(home + "/d1") == fresh.dump(home + "/d2"),
         "when there is room again the same run goes on to the same dump")
    for path in files[:60]: # many small segments
        drive.must("remove", path), drive.must("add", path)
    fill(small, 0)
    rc = told(drive, "upkeep")
    fact(rc in (FULL, 0) and not drive.must("verify")["problems"], f"a merge on a full disk leaves the index in order ({rc})")
    rc = told(drive, "compact")
    fact(rc == FULL and not drive.must("verify")["problems"] and drive.must("search", "harbour")["documents"],
         f"compaction on a full disk is refused, and the index answers on ({rc})")
    os.remove(small + "/filler")
    fact(told(drive, "upkeep") == 0 and told(drive, "compact") == 0 and not drive.must("verify")["problems"],
         "with room both go on")
    fact(drive.dump(home + "/d1") == fresh.dump(home + "/d2"), "and the dump is the same")
    other = Drive(small + "/control")
    fact(told(other, "add", archive) == 0, "control: with room from the beginning nothing is said")
    for d in (drive, fresh, other):
        d.end()


# ---- memory is refused -------------------------------------------------------------------------------------------


def memory():
    home = room()
    try:
        archive = make_archive(home + "/archive", 6)
        files = archive.files()
        drive = Drive(env=SHIM)
        if drive.do("fail", "0") is None:
            tap.skip("an allocation that fails", "the shim cannot be loaded into this build")
            return
        drive.must("open", home + "/index")
        drive.must("add", archive.folder)
        questions = [("search", 'harbour OR "of the" -water'), ("search", "speaker:venn date:2025 kind:direct"), ("by", "venn", "")]
        for question in questions:
            every(drive, question, drive.must(*question))
        few = sorted(f for f in files if f.endswith(".txt"))[0]
        drive.must("remove", few)
        wanted = None
        adding = every(drive, ("add", few), None, lambda: drive.must("remove", few))
        drive.must("add", archive.folder)
        fresh = Drive(home + "/fresh")
        fresh.must("add", archive.folder)
        wanted = fresh.dump(home + "/dump.0")
        tap.ok("after all of that the index is in order, and its dump that of a fresh one",
               adding and not drive.must("verify")["problems"] and drive.dump(home + "/dump.1") == wanted)
        drive.do("fail", "1")
        tap.ok("control: an allocation that fails is felt", drive.do(*questions[0])["rc"] == NOMEM)
        drive.end(), fresh.end()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def every(drive, command, right, undo=lambda: None):
    """Each allocation of the command fails once. False when the program is gone."""
    drive.do("fail", "0")
    drive.do(*command)
    count = drive.do("fail", "0")["allocations"]
    undo()
    told = fine = 0
    faults = []
    for n in range(1, count + 1):
        drive.do("fail", str(n))
        got = drive.do(*command)
        if got is None:
            tap.ok(f"{' '.join(command[:2])}: allocation {n} of {count} fails, and the program lives", False,
                   f"ended with {drive.process.wait()}")
            return False
        drive.do("fail", "0")
        if got["rc"] == NOMEM:
            told += 1
        elif got["rc"] == 0 and (right is None or got == right):
            fine += 1
        else:
            faults.append(f"allocation {n}: {str(got)[:200]}")
        if right is None:
            bad = drive.must("verify")["problems"]
            if bad:
                faults.append(f"allocation {n}: {bad[:2]}")
            undo()
        elif n % 16 == 0 and drive.do(*command) != right:
            faults.append(f"after allocation {n} the answer is another")
    tap.ok(f"{command[0]}: each of {count} allocations fails once: told {told} times, done without {fine} times", not faults and told > 5,
           "\n".join(faults[:10]))
    return True


def main():
    if len(sys.argv) > 2 and sys.argv[1] == "--full":
        inside(sys.argv[2])
        return
    probe = subprocess.run([B + "/tests/drive"], env=dict(os.environ, **SHIM), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                           stdout=subprocess.DEVNULL, check=False)
    for name, test in (("kill", lambda: (kills("a run", run, 20), kills("a first build", first_build, 3))), ("power", cuts), ("full", full), ("memory", memory)):
        if ONLY and ONLY != name:
            continue
        if name != "full" and (probe.returncode or probe.stderr):
            tap.skip(name, "tests/shim.so cannot be loaded into this build (sanitizers bring their own functions): NOT tested")
        else:
            test()
    tap.done()


if __name__ == "__main__":
    main()
