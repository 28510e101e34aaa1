#!/usr/bin/env python3
"""t_mutants.py -- the controls of test_cache.c and test_hostile.c: a reader of the cache that lacks one of its checks does not pass
them. Each mutant is wire/cache.c with one piece of text in the place of another. Prints TAP."""
import glob
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import private
from private import B

CC = os.environ.get("CC", "gcc")
SMALL = {"CACHE_ROUNDS": 4000, "CACHE_SCRIBBLE_MS": 200, "CACHE_HITS": 50000}
TRIES = 6 # a torn answer needs two processors at the same time: on a busy machine more are read, twice as many each time

CHECK = "same && fits ?"
SEQ = """    if (atomic_load_explicit(&slot->seq, memory_order_relaxed) != seq)
        return -2;
"""
DAMAGE, SCRIBBLER, TORN = "damage_is_a_miss", "a_scribbler_is_survived", "nothing_torn_is_read"
GONE = "one_that_could_go_away_under_us_is_not_mapped"
# what is missing, which tests see it, and what is put in the place of what
MUTANTS = [
    ("the check of what was copied", [DAMAGE, SCRIBBLER], [(CHECK, "same ?")]),
    ("that check, and the look at seq", [DAMAGE, SCRIBBLER, TORN], [(CHECK, "same ?"), (SEQ, "")]),
    ("the numbers of classes and slots", [DAMAGE], [("class >= c->class_count || number >= c->classes[class].slot_count", "class >= 16")]),
    ("the room of the caller", [DAMAGE], [("value_len > size || ", "")]),
    ("the proof that all lies inside", [DAMAGE], [("|| !fits(&h, (size_t)h.size)", "|| !h.size || (0 && !fits(&h, size))")]),
    ("the end of trying", [DAMAGE], [("tries < TRIES", "tries < 1000000")]),
    ("the generation", ["a_commit_makes_stale_what_it_may_have_changed"],
     [("atomic_load_explicit(&slot->generation, memory_order_relaxed) != generation", "slot->generation == 1234567")]),
    ("the owner and the state", ["a_death_is_seen"], [("!cache_alive(c) || ", "")]),
    ("the seal against cutting", [GONE], [("seals & F_SEAL_SHRINK && ", "")]),
    ("the seals against holes", [GONE], [("seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE) &&", "")]),
    ("the look for holes", [GONE], [("st->st_blocks >= st->st_size / 512", "st->st_size")]),
    ("the instance", [GONE], [("memcmp(h.instance, instance, CACHE_INSTANCE) != 0 ||", "!instance ||")]),
    ("the major version", ["one_of_another_make_is_not_mapped"], [("h.major != CACHE_MAJOR || ", "")]),
    ("the rules of keys", ["one_of_another_make_is_not_mapped"], [("h.key_rules != CACHE_KEY_RULES ||", "")]),
]
tap = private.Tap()


def build(home, test, reader):
    """The test with that reader, out of what make has compiled already."""
    flags = ["-std=c11", "-D_GNU_SOURCE", "-I.", "-O1", "-g", "-w", "-fPIC"]
    objects = [o for o in glob.glob(B + "/base/*.o") + glob.glob(B + "/wire/*.o") if test == "test_hostile" or
               not o.endswith("wire/cache.o")] + [B + "/daemon/cached.o"]
    sources = ["tests/test_hostile.c"] if test == "test_hostile" else ["tests/test_cache.c", reader]
    out = f"{home}/{test}"
    subprocess.run([CC, *flags, f'-DREADER="{reader}"', "-o", out, *sources, *objects, "-lcmocka", "-lxxhash", "-lpthread"],
                   check=True)
    return out


def failures(program, times=1):
    """The names of the tests that fail, and all that was said, by so many times of what is usual."""
    env = {name: str(n * times) for name, n in SMALL.items()}
    ran = subprocess.run([program], env=dict(os.environ, CMOCKA_MESSAGE_OUTPUT="TAP", **env), stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, timeout=300, check=False)
    said = ran.stdout.decode(errors="replace")
    return set(re.findall(r"^not ok \d+ - (\w+)", said, re.M)), said


os.chdir(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
if os.path.basename(B) in ("san", "tsan"): # what it was built with does not link here; and it would say nothing else
    tap.skip("a reader that lacks a check does not pass", "the mutants are made of an ordinary build: NOT tested here")
    tap.done()
with open("wire/cache.c") as f:
    whole = f.read()
with tempfile.TemporaryDirectory(prefix="quoted-mutants-") as home:
    mutant = home + "/reader.c"
    for what, tests, changes in [("nothing", [DAMAGE], []), ("nothing", [GONE], [])] + MUTANTS:
        text = whole
        for old, new in changes:
            if text.count(old) != 1:
                tap.ok(f"the text of the mutant without {what} is found once", False, old)
            text = text.replace(old, new)
        with open(mutant, "w") as f:
            f.write(text)
        test = "test_hostile" if DAMAGE in tests else "test_cache"
        program = build(home, test, mutant)
        failed, said = failures(program)
        for more in range(1, TRIES if changes else 0):
            if failed.issuperset(tests):
                break
            failed, said = failures(program, 2 ** more)
        if not changes:
            tap.ok(f"the reader as it is passes {test}", not failed, said)
        else:
            tap.ok(f"without {what} a reader fails: {', '.join(tests)}", failed.issuperset(tests), said)
tap.done()
