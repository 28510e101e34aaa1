#!/usr/bin/env python3
"""t_cache.py -- answers in shared memory, from outside: programs that ask through libquotes (tests/asker.c) while the daemon dies,
stops, is replaced, erases or lies, while they fork, lose their descriptors or run out of memory; and people who are not meant to see
what others ask. Prints TAP.

  CACHE_MS=N    how long programs ask while the index changes (1500)
"""
import array
import contextlib
import fcntl
import functools
import json
import mmap
import os
import resource
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import damage
import private
from driven import Drive

B = private.B
MS = int(os.environ.get("CACHE_MS", 1500))
NOMEM, CORRUPT, GONE, TIMEOUT, NOT_ALLOWED = -10001, -10004, -10018, -10021, -32003
SHIM = {"LD_PRELOAD": B + "/tests/shim.so"}
GENERATION, STATE, OWNER, DIED = 256, 264, 268, 0x40000000 # wire/cache.h
F_ADD_SEALS, SEALS = 1033, 0x2 | 0x4 | 0x10
LONG = 60000 # milliseconds that no loaded machine takes
tap = private.Tap()
BY = ("by", '{"speaker":"venn","limit":3}')


class Asker:
    """A program that asks through libquotes."""

    def __init__(self, env=None):
        self.process = subprocess.Popen([B + "/tests/asker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env=dict(os.environ, **(env or {})))

    def say(self, *words):
        self.process.stdin.write(("\t".join(map(str, words)) + "\n").encode())
        self.process.stdin.flush()

    def hear(self):
        line = self.process.stdout.readline()
        return json.loads(line) if line else {"rc": "the program ended", "status": self.process.wait()}

    def do(self, *words):
        self.say(*words)
        return self.hear()

    def open(self, number, path, timeout=LONG, cache=1):
        return self.do("open", number, path, timeout, cache)

    def by(self, number=0, question=BY):
        got = self.do("ask", number, *question)
        return got["found"] if got["rc"] == 0 else got["rc"]

    def holds(self):
        """How many descriptors, and how many maps of memory that is shared."""
        with open(f"/proc/{self.process.pid}/maps") as f:
            return len(os.listdir(f"/proc/{self.process.pid}/fd")), sum("/memfd:" in line for line in f)

    def end(self):
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait(120)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        status = self.end() if self.process.poll() is None else self.process.returncode
        if status != 0: # a sanitizer's word, too
            tap.ok("a program that asks ends well", False, status)


class Daemon(private.Private):
    """A daemon with a few articles; `put` brings another one of Orla Venn, and counts them."""

    def __init__(self, on_disk=False):
        tempfile.tempdir = None if on_disk or not os.path.isdir("/dev/shm") else "/dev/shm"
        super().__init__()
        self.path, self.count = self.dir + "/sock", 0
        self.env["QUOTED_SOCKET"] = self.path
        with open(self.dir + "/tsan.supp", "w") as f: # it does not see libuv close descriptors
            f.write("race:closedir\n")
        self.env["TSAN_OPTIONS"] = f"suppressions={self.dir}/tsan.supp"

    def __exit__(self, *_):
        self.end()
        with open(self.dir + "/log", errors="replace") as f:
            log = f.read()
        if any(word in log for word in ("data race", "AddressSanitizer: heap", "AddressSanitizer: stack", "LeakSan", "runtime error")):
            tap.ok("a sanitizer has nothing to say about the daemon", False, log)
        super().__exit__()

    def request(self, method, **params):
        """On a connection of its own: the answer, and a descriptor if one came."""
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as s:
            s.settimeout(LONG / 1000)
            s.connect(self.path)
            s.sendall(json.dumps({"id": 1, "method": method, "params": params}).encode() + b"\n")
            return receive(s)

    def put(self, who="Orla Venn"):
        self.count += who == "Orla Venn"
        name = f"{who.split()[-1]}-{self.count}-{time.monotonic_ns()}.txt"
        text = f"“The harbour opens at {time.monotonic_ns()},” said {who}, the harbour master.\n"
        answer, _ = self.request("put", text=text, name=name)
        if "result" not in answer:
            raise RuntimeError(answer)
        return answer["result"]["paths"][0]

    def status(self):
        return self.request("status")[0]["result"]["answer"]


def receive(s):
    """The answer, past all progress."""
    lines, fd = [b""], -1
    while True:
        while len(lines) > 1:
            message = json.loads(lines.pop(0))
            if "method" not in message:
                return message, fd
        more, control, _, _ = s.recvmsg(65536, socket.CMSG_SPACE(4))
        for _, _, data in control:
            fd = struct.unpack("i", data[:4])[0]
        if not more:
            raise ConnectionError("the daemon ended before it had answered")
        lines = (lines[0] + more).split(b"\n")


@contextlib.contextmanager
def running():
    with Daemon() as d:
        d.start()
        d.put(), d.put("Tomas Hallberg")
        yield d


@contextlib.contextmanager
def numbered(d):
    """A file with the number of articles that were acknowledged, for `fresh`: d.tell() brings it up to date. Beside it stands how
    many answers there were: d.asked()."""
    path = d.dir + "/acknowledged"
    with open(path, "wb") as f:
        f.write(struct.pack("qq", d.count, 0))
    with open(path, "r+b") as f, mmap.mmap(f.fileno(), 16) as shared:
        d.tell = lambda more=0: struct.pack_into("q", shared, 0, d.count + more)
        d.asked = lambda: struct.unpack_from("q", shared, 8)[0]
        yield path


def warm(asker, d, number=0):
    """Connected, attached, and the answer lies in the memory: the next one is a hit."""
    asker.open(number, d.path)
    asker.by(number)
    return asker.by(number) == d.count


@contextlib.contextmanager
def stopped(d):
    """What is answered now is answered without the daemon."""
    d.daemon.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        d.daemon.send_signal(signal.SIGCONT)


# ---- the daemon dies, stops, comes back ----------------------------------------------------------------------


def deaths():
    for how in (signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM, signal.SIGALRM, signal.SIGABRT, signal.SIGBUS):
        with running() as d, Asker() as a, Asker() as busy:
            hit = warm(a, d) and warm(busy, d)
            with stopped(d):
                hit = hit and a.by() == d.count
            with numbered(d) as number:
                busy.say("fresh", 0, number, LONG, *BY)
                while d.asked() < 100:
                    time.sleep(0.01)
                d.end(how)
                old = d.count
                dead = a.by()
                d.start()
                d.put()
                after = [a.by() for _ in range(3)]
                d.tell(-LONG) # that is enough
                said = busy.hear()
            a.do("close", 0)
            again = warm(a, d)
            tap.ok(f"ended by {how.name}: the answer is gone or right, and never that of before another daemon's commit",
                   hit and dead in (GONE, old) and set(after) <= {GONE, d.count} and again, (hit, dead, after, d.count, again))
            tap.ok("and so it is for a program that asked all the time", said["rc"] in (GONE, 0) and said["stale"] == 0 and
                   said["asked"] > 100, said)


def a_stopped_daemon():
    with running() as d, Asker() as a:
        warm(a, d)
        a.open(1, d.path, 300)
        a.by(1)
        with stopped(d):
            hits = [a.by() for _ in range(100)]
            miss = a.do("ask", 1, "status", "{}")
        tap.ok("while the daemon is stopped, what lies in the memory is answered", set(hits) == {d.count}, set(hits))
        tap.ok("and what does not is given up after timeout_ms, in words",
               miss["rc"] == TIMEOUT and 300 <= miss["ms"] < LONG and miss["words"], miss)
        tap.ok("when it goes on, so does the rest", a.do("ask", 0, "status", "{}")["rc"] == 0)


def has_shim(what):
    """Sanitizers bring their own functions: their builds cannot load it."""
    ran = subprocess.run([B + "/quoted", "--version"], env=dict(os.environ, **SHIM), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                         check=False)
    if ran.returncode or ran.stderr:
        tap.skip(what, "tests/shim.so cannot be loaded into this build: NOT tested")
    return not ran.returncode and not ran.stderr


def killed_between_commit_and_store():
    if not has_shim("killed between the commit and the store"):
        return
    with Daemon() as d, Asker() as a:
        order = d.dir + "/die"
        d.env.update(SHIM, SHIM_COMMIT=order)
        d.start()
        d.put()
        hit = warm(a, d)
        with stopped(d):
            hit = hit and a.by() == 1
        answer, fd = d.request("cache")
        memory = mmap.mmap(fd, 0, mmap.MAP_SHARED, mmap.PROT_READ)
        os.close(fd)
        before = memory[GENERATION:GENERATION + 8]
        while d.status()["upkeep"]:
            time.sleep(0.02)
        open(order, "w").close()
        with contextlib.suppress(RuntimeError, ConnectionError):
            d.put()
        died = d.daemon.wait(60)
        drive = Drive(d.dir + "/index")
        held = drive.must("by", "venn", "")["found"]
        drive.end()
        tap.ok("a daemon was killed after its commit and before it said so in the memory",
               hit and died == -signal.SIGKILL and held == 2 and memory[GENERATION:GENERATION + 8] == before, (hit, died, held))
        tap.ok("the kernel said in its place that it is dead", struct.unpack_from("I", memory, OWNER)[0] & DIED)
        first = a.by()
        os.unlink(order)
        d.start()
        d.put()
        later = [a.by() for _ in range(3)]
        tap.ok("nobody is given the answer of before", first == GONE and set(later) <= {GONE, 3}, (first, later))
        body = bytearray(memory)
        struct.pack_into("I", body, OWNER, 1)
        with Fake(d.dir + "/fake", answer["result"]["instance"], [solid(body)]) as fake:
            tap.ok("control: but for that bit it would be", a.open(1, fake.path)["rc"] == 0 and a.by(1) == 1)


# ---- fresh -----------------------------------------------------------------------------------------------------


def freshness(early):
    """Programs ask all the time while articles come in. `early`: the control, which says too soon that one is there."""
    with running() as d, contextlib.ExitStack() as stack:
        number = stack.enter_context(numbered(d))
        askers = [stack.enter_context(Asker()) for _ in range(3)]
        for a in askers:
            warm(a, d)
            a.say("fresh", 0, number, MS, *BY)
        until = time.monotonic() + MS / 1000
        while time.monotonic() < until:
            if early:
                d.tell(1)
            d.put()
            d.tell()
        said = [a.hear() for a in askers]
        stale, asked, waited = (sum(s[name] for s in said) for name in ("stale", "asked", "waited"))
        print(f"# {d.count} articles, {asked} answers, {waited} of them after a wait; {stale} stale")
        if early:
            tap.ok("control: an acknowledgement that comes too soon is noticed", stale > 0, said)
        else:
            tap.ok("after an article was acknowledged, no program is given an older answer",
                   stale == 0 and all(s["rc"] == 0 and s["backward"] == 0 for s in said) and d.count > 2, said)
            tap.ok("and most answers came out of the memory", asked > 2 * waited, said)


# ---- it is retired while it is read ------------------------------------------------------------------------------


def retired():
    with running() as d, contextlib.ExitStack() as stack:
        number = stack.enter_context(numbered(d))
        a = stack.enter_context(Asker())
        askers = [stack.enter_context(Asker()) for _ in range(2)]
        hallberg = ("by", '{"speaker":"hallberg","limit":3}')
        warm(a, d)
        told = a.by(0, hallberg) == 1 == a.by(0, hallberg)
        for other in askers:
            warm(other, d)
            other.say("fresh", 0, number, MS, *BY)
        first = d.request("cache")[0]["result"]["instance"]
        counts, instances = [], {first}
        until = time.monotonic() + MS / 1000
        while time.monotonic() < until or len(instances) < 3:
            path = d.put("Tomas Hallberg")
            more = a.by(0, hallberg)
            answer, _ = d.request("rm", paths=[path], erase=True)
            counts.append((more, a.by(0, hallberg), answer.get("error")))
            instances.add(d.request("cache")[0]["result"]["instance"])
        said = [other.hear() for other in askers]
        tap.ok("what was erased is in no answer of a program that had the memory mapped",
               told and set(counts) == {(2, 1, None)}, counts[:5])
        tap.ok(f"{len(instances) - 1} times the memory was replaced under programs that read it, and none noticed",
               all(s["rc"] == 0 and s["stale"] == 0 and s["last"] == d.count for s in said), said)


def set_aside():
    """The index is damaged while programs hold answers out of it; it is set aside, and made anew."""
    with running() as d, Asker() as a:
        before = warm(a, d)
        first = d.request("cache")[0]["result"]["instance"]
        path = d.dir + "/index/data.mdb"
        with open(path, "rb") as f:
            data = f.read()
        with open(path, "r+b") as f:
            for page in damage.pages_of(data, 2): # the last byte of a leaf is in a record, and records have checksums
                f.seek(page * damage.PAGE + damage.PAGE - 1)
                f.write(bytes([data[page * damage.PAGE + damage.PAGE - 1] ^ 1]))
        refused = d.request("search", query="harbour", limit=3)[0].get("error", {}).get("code")
        held = a.by()
        again = d.request("reindex")[0].get("result", {}).get("quotes")
        tap.ok("while a damaged index is noticed, what was kept of it is still right", (before, refused, held) == (True, CORRUPT, d.count),
               (refused, held))
        tap.ok("when it is made anew, so is the memory, and programs find what is right",
               again == d.count + 1 and {a.by() for _ in range(3)} == {d.count} and
               d.request("cache")[0]["result"]["instance"] != first, (again, a.by()))


# ---- daemons that lie ---------------------------------------------------------------------------------------------


def solid(body, seals=SEALS, hole=False):
    fd = os.memfd_create("test", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    if hole:
        os.pwrite(fd, body[:len(body) // 2], 0)
        os.ftruncate(fd, len(body))
    else:
        os.pwrite(fd, body, 0)
    if seals:
        fcntl.fcntl(fd, F_ADD_SEALS, seals)
    return fd


class Fake:
    """A daemon that hands out what it was given, and finds 4242 of everything."""

    def __init__(self, path, instance, fds, result=None):
        self.path, self.fds = path, fds
        self.result = result or json.dumps({"instance": instance, "size": 1})
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(8)
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                conn, _ = self.listener.accept()
            except OSError:
                return
            with conn, contextlib.suppress(OSError):
                for line in conn.makefile("rb"):
                    m = json.loads(line)
                    result = {"initialize": '{"protocol":1}', "cache": self.result}.get(m["method"],
                        '{"found":4242,"shown":0,"format":"json","answer":{}}')
                    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", self.fds))] if self.fds else []
                    conn.sendmsg([b'{"jsonrpc":"2.0","id":%d,"result":%s}\n' % (m["id"], result.encode())],
                                 rights if m["method"] == "cache" else [])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(10)
        for fd in self.fds:
            os.close(fd)
        os.unlink(self.path)


def lies():
    with running() as d, Asker() as a:
        warm(a, d)
        answer, fd = d.request("cache")
        good = os.pread(fd, os.fstat(fd).st_size, 0)
        os.close(fd)
        instance = answer["result"]["instance"]
        a.do("close", 0)

        def changed(at, form, value):
            body = bytearray(good)
            struct.pack_into(form, body, at, value)
            return bytes(body)

        null, (pipe, other) = os.open("/dev/null", os.O_RDWR), os.pipe()
        cases = [ # what, its descriptors, found, what is said about it
            ("as it is (the control)", [solid(good)], d.count, None),
            ("with a second descriptor", [solid(good), os.dup(null)], d.count, None),
            ("of another major version", [solid(changed(8, "H", 2))], 4242, None),
            ("of other rules for keys", [solid(changed(64, "I", 2))], 4242, None),
            ("of another magic", [solid(changed(0, "B", 0))], 4242, None),
            ("that was retired", [solid(changed(STATE, "I", 2))], 4242, None),
            ("whose daemon died", [solid(changed(OWNER, "I", DIED))], 4242, None),
            ("in which no generation lives", [solid(changed(GENERATION, "Q", 0))], 4242, None),
            ("of another generation", [solid(changed(GENERATION, "Q", 99999))], 4242, None),
            ("that can be cut", [solid(good, 0x4 | 0x10)], 4242, None),
            ("that can get holes", [solid(good, 0x2)], 4242, None),
            ("with a hole", [solid(good, SEALS, True)], 4242, None),
            ("shorter than it says", [solid(good[:-4096])], 4242, None),
            ("of no bytes", [solid(b"")], 4242, None),
            ("that is /dev/null", [null], 4242, None),
            ("that is a pipe", [pipe, other], 4242, None),
            ("that does not come", [], 4242, None),
            ("of another instance", [solid(good)], 4242, json.dumps({"instance": "0" * 32, "size": 1})),
            ("of no instance", [solid(good)], 4242, '{"instance":"zz"}'),
            ("described by a list", [solid(good)], 4242, "[1]"),
        ]
        for what, fds, found, result in cases:
            with Fake(d.dir + "/fake", instance, fds, result) as fake:
                began = a.holds()
                a.open(1, fake.path)
                got = [a.do("ask", 1, *BY) for _ in range(3)]
                a.do("close", 1)
                tap.ok(f"a memory {what}: " + ("read" if found != 4242 else "the socket is asked, and nothing is said"),
                       all((g["rc"], g["found"], g["words"]) == (0, found, "") for g in got) and a.holds() == began == (3, 0),
                       (got, began, a.holds()))


# ---- the program itself -------------------------------------------------------------------------------------------


def careless_programs():
    with running() as d, Asker() as a:
        warm(a, d)
        with stopped(d):
            hit = a.by() == d.count
        fd = a.do("fd", 0)["fd"]
        a.do("closeall")
        with stopped(d):
            after = a.by()
        gone = a.do("ask", 0, "status", "{}")
        tap.ok("a program that closes all its descriptors still finds what lies in the memory", hit and after == d.count, after)
        tap.ok("and hears in words that the socket is gone", gone["rc"] == GONE and gone["words"], gone)
        a.do("close", 0)
        for what, use in (("asked", lambda: a.do("ask", 0, "status", "{}")), ("closed", lambda: a.do("close", 0))):
            warm(a, d)
            number = a.do("fd", 0)["fd"]
            a.do("closeall")
            path = d.dir + "/host"
            open(path, "w").close()
            taken = a.do("occupy", path, number)["rc"] == 0
            rc = use()["rc"]
            tap.ok(f"a file of the program that took the number is left alone when the connection is {what}",
                   taken and os.path.getsize(path) == 0 and a.do("same", path, number)["same"] and rc in (0, GONE), (taken, rc, fd))
            a.do("close", 0)
            tap.ok("and so it is at the end", a.do("same", path, number)["same"])
            a.do("closeall")
    with running() as d, Asker() as a:
        warm(a, d)
        got = a.do("fork", 0, *BY, d.path)
        tap.ok("a child is told that the connection is its parent's", got["inherited"]["rc"] == GONE and got["inherited"]["words"], got)
        tap.ok("may open its own", got["own"] and (got["own"]["rc"], got["own"]["found"], got["status"]) == (0, d.count, 0), got)
        tap.ok("and the parent goes on", (got["rc"], got["found"], a.by()) == (0, d.count, d.count), got)
    with running() as d, Asker() as a:
        a.say("threads", 8, d.path, 3000, *BY)
        for _ in range(20):
            d.put("Tomas Hallberg")
        got = a.hear()
        tap.ok("eight threads with a connection each, while the index changes: no answer is wrong",
               (got["rc"], got.get("found"), got.get("wrong"), got.get("errors")) == (0, d.count, 0, 0), got)


def no_room():
    """Where the memory cannot be had, all is as without it."""
    with running() as d:
        for what, limit in (("descriptors", resource.RLIMIT_NOFILE), ("addresses", resource.RLIMIT_AS)):
            with Asker() as a:
                a.open(0, d.path)
                if limit == resource.RLIMIT_NOFILE:
                    most = max(map(int, os.listdir(f"/proc/{a.process.pid}/fd"))) + 1
                else:
                    with open(f"/proc/{a.process.pid}/status") as f:
                        most = next(int(line.split()[1]) for line in f if line.startswith("VmSize")) * 1024 + (6 << 20)
                resource.prlimit(a.process.pid, limit, (most, resource.RLIM_INFINITY if limit == resource.RLIMIT_AS else 4096))
                got = [a.do("ask", 0, *BY) for _ in range(3)]
                tap.ok(f"a program that has no {what} left for the memory asks the socket",
                       all((g["rc"], g["found"]) == (0, d.count) for g in got), got)
                with stopped(d):
                    a.say("ask", 0, *BY)
                    early = select.select([a.process.stdout], [], [], 0.3)[0]
                tap.ok("which answers it, and nothing else does", not early and a.hear()["rc"] == 0)
    if not has_shim("a program and a daemon that are denied memory"):
        return
    with running() as d, Asker(SHIM) as a:
        a.open(0, d.path), a.by(), a.do("close", 0)
        got, count, n = [], 1, 0
        while n <= count: # first none, to count them
            a.do("fail", n)
            got.append((a.open(0, d.path)["rc"], a.by(), a.by()))
            said = a.do("fail", 0)
            a.do("close", 0)
            count = said["allocations"] if n == 0 else count
            n += 1
        fine = [g for g in got if g == (0, d.count, d.count)]
        bad = [g for g in got if g[0] not in (0, NOMEM) or (g[0] == 0 and not set(g[1:]) <= {NOMEM, d.count})]
        tap.ok(f"each of a program's {count} allocations fails once: {len(fine)} times it is done without, else said", not bad and
               0 < len(fine) < len(got) and count > 5 and a.by(0) == -10015, (bad, got))
    for what, says in (("memfd_create", "shared memory for the cache: "), ("posix_fallocate", "shared memory for the cache: No space"),
                       ("mmap", "mapping the cache: "), ("seal", "sealing the cache: "), ("nothing", None)):
        with Daemon() as d, Asker() as a:
            d.env.update(SHIM, SHIM_DENY=what)
            d.start()
            d.put()
            a.open(0, d.path)
            got = [a.by() for _ in range(3)]
            with open(d.dir + "/log", errors="replace") as f:
                log = f.read()
            kept = d.status()["cache"]
            if says:
                tap.ok(f"a daemon whose {what} fails answers without a cache, and says so in its log and its status",
                       got == [1] * 3 and f"answers are not kept: {says}" in log and kept is None, (got, kept, log))
            else:
                tap.ok("control: one that is denied nothing has one", got == [1] * 3 and kept and "not kept" not in log, (got, kept))


# ---- other people ---------------------------------------------------------------------------------------------------

ANA, BEN, GROUP = 61001, 61002, 61003 # people and a group that nobody else is
ASK = """
import array, json, socket, sys
s = socket.socket(socket.AF_UNIX)
s.settimeout(60)
try:
    s.connect(sys.argv[1])
    s.sendall(json.dumps({"id": 1, "method": sys.argv[2], "params": json.loads(sys.argv[3])}).encode() + b"\\n")
    line, fds = b"", 0
    while not line.endswith(b"\\n"):
        more, control, _, _ = s.recvmsg(65536, 64)
        fds += len(control)
        if not more:
            break
        line += more
    m = json.loads(line)
    print(json.dumps([m.get("error", {}).get("code", 0), m.get("result", {}).get("found"), fds]))
except OSError as e:
    print(json.dumps([type(e).__name__, None, 0]))
"""


def as_person(uid, *groups):
    more = ["--groups", ",".join(map(str, groups))] if groups else ["--clear-groups"]
    return ["setpriv", "--reuid", str(uid), "--regid", str(uid), *more]


@functools.cache
def python_for_all():
    """A python that other people can run, too; or nothing."""
    for python in (sys.executable, "/usr/bin/python3"):
        with contextlib.suppress(OSError):
            if subprocess.run([*as_person(BEN), python, "-c", "0"], stderr=subprocess.DEVNULL, check=False).returncode == 0:
                return python
    return None


def ask_as(before, path, method, **params):
    got = subprocess.run([*before, python_for_all(), "-c", ASK, path, method, json.dumps(params)], stdout=subprocess.PIPE, check=False)
    return tuple(json.loads(got.stdout or b'["nothing", null, 0]'))


def other_people():
    if os.geteuid() != 0 or not shutil.which("setpriv") or not python_for_all():
        tap.skip("another person gets neither the socket nor the memory", "needs root, setpriv and a python for all: NOT tested")
        with running() as d:
            _, fd = d.request("cache")
            tap.ok("the memory is for the person whose daemon it is", fd >= 0 and os.close(fd) is None)
        return
    with Daemon(on_disk=True) as d:
        os.chmod(d.dir, 0o755)
        for name in ("index", "index.inbox", "run"):
            os.mkdir(f"{d.dir}/{name}", 0o700)
            os.chown(f"{d.dir}/{name}", ANA, ANA)
        program = shutil.copy(B + "/quoted", d.dir + "/quoted")
        d.path = d.dir + "/run/sock"
        d.env.update(QUOTED_SOCKET=d.path, HOME=d.dir, XDG_RUNTIME_DIR=d.dir + "/run")
        run_as(d, [*as_person(ANA), program])
        question = {"speaker": "venn", "limit": 3}
        ana, ben, root = as_person(ANA), as_person(BEN), []
        tap.ok("her own daemon answers Ana, and gives her the memory",
               (ask_as(ana, d.path, "by", **question), ask_as(ana, d.path, "cache")) == ((0, 0, 0), (0, None, 1)))
        tap.ok("Ben does not come to the socket", ask_as(ben, d.path, "by", **question) == ("PermissionError", None, 0))
        os.chmod(d.dir + "/run", 0o755)
        tap.ok("nor when its folder is open", ask_as(ben, d.path, "by", **question) == ("PermissionError", None, 0))
        os.chmod(d.path, 0o666)
        got = (ask_as(ben, d.path, "by", **question), ask_as(ben, d.path, "cache"))
        tap.ok("nor is he answered when the socket is open to all", got == ((NOT_ALLOWED, None, 0),) * 2, got)
        got = (ask_as(root, d.path, "by", **question), ask_as(root, d.path, "cache"))
        tap.ok("root is answered, and gets no memory", got == ((0, 0, 0), (NOT_ALLOWED, None, 0)), got)
        look = f"ls -l /proc/{d.daemon.pid}/fd >/dev/null 2>&1 || ls -l /proc/{d.daemon.pid}/map_files >/dev/null 2>&1"
        who = (root, ben) if os.path.basename(B) == "san" else (root, ben, ana) # the leak check must look into its own process
        tap.ok("root alone can look at the daemon's descriptors, not even Ana",
               [subprocess.run([*w, "sh", "-c", look], check=False).returncode == 0 for w in who] == [True, False, False][:len(who)])
    with Daemon(on_disk=True) as d:
        os.chmod(d.dir, 0o755)
        for name in ("index", "index.inbox", "home"):
            os.mkdir(f"{d.dir}/{name}", 0o700)
            os.chown(f"{d.dir}/{name}", ANA, ANA)
        program = shutil.copy(B + "/quoted", d.dir + "/quoted")
        listener = socket.socket(socket.AF_UNIX) # as systemd makes it: system/quoted.socket
        listener.bind(d.path)
        os.chown(d.path, 0, GROUP)
        os.chmod(d.path, 0o660)
        listener.listen(64)
        d.env.update(QUOTED_SYSTEM="1", HOME=d.dir + "/home", LISTEN_FDS="1")
        os.set_inheritable(listener.fileno(), True)
        run_as(d, ["sh", "-c", f'exec 3<&{listener.fileno()}; LISTEN_PID=$$ exec "$@"', "sh", *as_person(ANA), program],
               pass_fds=[listener.fileno()])
        member, stranger, service = as_person(BEN, GROUP), as_person(BEN), as_person(ANA, GROUP)
        got = (ask_as(member, d.path, "by", **question), ask_as(member, d.path, "cache"))
        tap.ok("a system's daemon answers who is in the group, and gives no memory", got == ((0, 0, 0), (NOT_ALLOWED, None, 0)), got)
        tap.ok("nor to itself, nor to root",
               [ask_as(who, d.path, "cache") for who in (service, root)] == [(NOT_ALLOWED, None, 0)] * 2)
        tap.ok("whoever is not in the group does not come to the socket",
               ask_as(stranger, d.path, "by", **question) == ("PermissionError", None, 0))
        tap.ok("and a system's daemon keeps nothing", d.status()["cache"] is None)
        listener.close()


def run_as(d, command, **more):
    """Starts the daemon with these words, and waits until root is answered."""
    d.log = open(d.dir + "/log", "ab")
    d.daemon = subprocess.Popen(command, env=d.env, stdin=subprocess.DEVNULL, stdout=d.log, stderr=d.log, **more)
    for _ in range(600):
        if d.daemon.poll() is not None:
            break
        with contextlib.suppress(OSError):
            d.status()
            return
        time.sleep(0.05)
    with open(d.dir + "/log", errors="replace") as f:
        sys.exit("the daemon did not come up: " + f.read()[-2000:])


def hits_are_told():
    """So that the daemon keeps what is wanted."""
    with running() as d, Asker() as a:
        warm(a, d)
        before = d.status()["cache"]["hits"]
        for _ in range(100):
            a.by()
        tap.ok("100 answers out of the memory: the daemon knows of none", d.status()["cache"]["hits"] == before, d.status()["cache"])
        a.by(question=("by", '{"speaker":"hallberg","limit":3}'))
        tap.ok("with the next question that goes to it, it is told", 100 <= d.status()["cache"]["hits"] - before <= 102, d.status()["cache"])


def own_memory():
    """What a connection costs the program that holds it."""
    with running() as d, Asker() as a:
        warm(a, d, 1)  # so that what the first of all takes (libc, the program itself) is there
        a.by(1)
        before = a.do("private")["kb"]
        warm(a, d)
        for _ in range(100):
            a.by()
        grown = a.do("private")["kb"] - before
        most = 16384 if os.path.basename(B) in ("san", "tsan") else 64  # a sanitizer's own memory is not ours
        tap.ok(f"a connection with the shared memory mapped takes {grown} KB of a program's own memory, less than {most}", 0 <= grown < most)


if __name__ == "__main__":
    deaths()
    a_stopped_daemon()
    killed_between_commit_and_store()
    freshness(early=False)
    freshness(early=True)
    retired()
    set_aside()
    lies()
    careless_programs()
    no_room()
    other_people()
    hits_are_told()
    own_memory()
    tap.done()
