#!/usr/bin/env python3
"""What a daemon bears: too many connections, too few descriptors, clients that ask for much and read nothing, and ten thousand
that come and go. Nobody meets a connection that ends without a word, and nothing is left over."""
import json
import os
import resource
import socket
import subprocess
import sys
import threading
import time

import private

SAN = "san" in private.B.split("/")[-1]  # sanitizers take their time, and memory of their own
WAIT = 240 if SAN else 60
ROOT = os.geteuid() == 0
BUSY = -10017
tap = private.Tap()


class Client:
    def __init__(self, p):
        self.s = socket.socket(socket.AF_UNIX)
        self.s.settimeout(WAIT)
        self.s.connect(p.env["QUOTED_SOCKET"])
        self.f = self.s.makefile("rb")

    def send(self, *requests):
        """Requests as (id, method, params), all in one piece. False when the other side has closed already."""
        lines = "".join(json.dumps({"id": n, "method": m, "params": p}) + "\n" for n, m, p in requests)
        try:
            self.s.sendall(lines.encode())
        except (BrokenPipeError, ConnectionResetError):
            return False
        return True

    def line(self):
        try:
            line = self.f.readline()
        except ConnectionResetError:
            return None
        return json.loads(line) if line else None

    def answer(self):
        """The next answer, behind any parts; None at the end."""
        while (r := self.line()) is not None and "method" in r:
            pass
        return r

    def ask(self, method, **params):
        self.send((1, method, params))
        return self.answer()

    def code(self):
        r = self.answer()
        return r and r.get("error", {}).get("code", 0)

    def ended(self):
        return self.line() is None

    def close(self):
        self.f.close()
        self.s.close()


def until(is_so, seconds=WAIT):
    """Waits for what must come to be, and says whether it did."""
    end = time.time() + seconds
    while not is_so():
        if time.time() > end:
            return False
        time.sleep(0.05)
    return True


def rss(p):
    with open(f"/proc/{p.daemon.pid}/status") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmRSS")) / 1024


def descriptors(p):
    """Where each leads, numbers of sockets and pipes left out. The daemon shows them to root alone."""
    folder, found = f"/proc/{p.daemon.pid}/fd", []
    for name in os.listdir(folder):
        try:
            found.append(os.readlink(f"{folder}/{name}").split(":[")[0])
        except OSError:
            pass
    return sorted(found)


def mappings(p):
    with open(f"/proc/{p.daemon.pid}/maps") as f:
        return sum(1 for _ in f)


def answer_files(p):
    return sum(" (deleted)" in d and "memfd" not in d for d in descriptors(p))


def archive(p, articles):
    os.makedirs(p.dir + "/archive", exist_ok=True)
    for n in range(articles):
        with open(f"{p.dir}/archive/{n}.txt", "w") as f:
            f.write(private.article(n))
    return p.dir + "/archive"


def connections_of_one_person(p):
    """128 are served, the others are told so in the way in which they ask."""
    many = [Client(p) for _ in range(128)]
    for c in many:
        c.send((1, "by", {"speaker": "venn", "limit": 1}))
    tap.ok("128 connections of one person are served", [c.code() for c in many] == [0] * 128)
    c = Client(p)
    c.send((77, "status", {}))
    r = c.answer()
    tap.ok("the next is refused, with the id of its request and a sentence",
           r["id"] == 77 and r["error"]["code"] == BUSY and "too many connections" in r["error"]["message"], r)
    tap.ok("and closed", c.ended())
    c = Client(p)
    c.s.sendall(b'[{"id":1,"method":"status"},{"id":2,"method":"status"}]\n')
    tap.ok("a batch is refused as a batch", [r["error"]["code"] for r in c.line()] == [BUSY, BUSY])
    c = Client(p)
    body = b'{"jsonrpc":"2.0","id":1,"method":"status"}'
    c.s.sendall(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    head = c.f.readline()
    tap.ok("and behind headers, where it asks so",
           head.startswith(b"Content-Length: ") and
           json.loads(c.f.read(2 + int(head.split()[1]))).get("error", {}).get("code") == BUSY, head)
    c = Client(p)
    c.s.sendall(b'{"method":"$/setTrace","params":{}}\n{"method":"subscribe"}\n{"id":5,"method":"status"}\n')
    r = c.answer()
    tap.ok("behind notifications, with the first request", r and (r["id"], r["error"]["code"]) == (5, BUSY), r)
    silent = Client(p)
    r = silent.answer()
    tap.ok("who asks nothing is told, too", r and (r["id"], r["error"]["code"]) == (None, BUSY), r)
    crowd = [Client(p) for _ in range(200)]
    codes = [c.code() for c in crowd]
    tap.ok("of 200 more at once, each is told, none meets a bare end", codes == [BUSY] * 200, codes)
    many[0].close()
    tap.ok("when one has gone there is room for another", until(lambda: "result" in (Client(p).ask("status") or {})))
    for c in many + crowd:
        c.close()


PERSON = """
import os, socket, sys
path, uid, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
os.setgroups([]); os.setgid(uid); os.setuid(uid)
held = []
for _ in range(count):
    s = socket.socket(socket.AF_UNIX); s.settimeout(60); s.connect(path)
    s.sendall(b'{"id":1,"method":"initialize"}\\n')
    held.append(s)
said = [s.makefile().readline() for s in held]
print(sum('"result"' in l for l in said), sum('-10017' in l for l in said), 'too many clients' in said[-1], flush=True)
sys.stdin.read()
"""


def connections_of_many():
    """A service of the system: each person has his own 128, and all together 512."""
    if not ROOT:
        tap.skip("one person's connections leave room for others", "only root can play several people")
        return
    with private.Private() as p:
        p.env["QUOTED_SYSTEM"] = "1"
        p.start()
        os.chmod(p.dir, 0o711)
        os.chmod(p.env["QUOTED_SOCKET"], 0o777)
        people = []

        def person(uid, count):
            people.append(subprocess.Popen([sys.executable, "-c", PERSON, p.env["QUOTED_SOCKET"], str(uid), str(count)],
                                           stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
            return people[-1].stdout.readline().split()

        tap.ok("130 connections of one person: 128 are served, 2 refused", person(2001, 130)[:2] == ["128", "2"])
        tap.ok("another person's are served all the same", [person(uid, 128)[0] for uid in (2002, 2003, 2004)] == ["128"] * 3)
        tap.ok("512 in all: then there are too many clients", person(2005, 1) == ["0", "1", "True"])
        people[0].stdin.close()
        people[0].wait()
        tap.ok("when they go, others come", until(lambda: person(2006, 1)[0] == "1"))
        for one in people:
            one.stdin.close()
            one.wait()


def few_descriptors():
    """The system allows 40 open files. What is answered and what is refused may vary; that somebody hears nothing may not."""
    with private.Private() as p:
        folder = archive(p, 150)
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        p.start(nofile=40)
        tap.ok("with 40 descriptors an archive is read, nothing skipped",
               p.quotes("add", folder).returncode == 0 and p.json("status")["files_skipped"] == 0)
        for kind in ("ask at once", "wait for the answer before the next comes", "come while large answers wait"):
            deaf = []
            if "large" in kind:
                deaf = [Client(p) for _ in range(3)]
                for c in deaf:
                    c.send(*[(n, "dump", {}) for n in range(9)])
                time.sleep(0.5)
            clients = [Client(p) for _ in range(60)]
            codes = []
            for n, c in enumerate(clients):
                c.send((n, "by", {"speaker": "venn", "limit": 1}))
                if "wait" in kind:
                    codes.append(c.code())
            codes = codes or [c.code() for c in clients]
            tap.ok(f"60 that {kind}: each is answered or told why not", set(codes) <= {0, BUSY} and len(codes) == 60, codes)
            tap.ok("  some the one and some the other", {0, BUSY} <= set(codes), codes)
            for c in clients + deaf:
                c.close()
            until(lambda: (Client(p).ask("status") or {}).get("result"))
        tap.ok("afterwards the daemon is as before", "result" in Client(p).ask("status"))
        p.end()
        p.start(nofile=before[1])
        clients = [Client(p) for _ in range(60)]
        tap.ok("control: with enough of them all 60 are answered", all("result" in c.ask("status") for c in clients))
        for c in clients:
            c.close()
        if not ROOT:
            tap.skip("no descriptor at all: the spare one is for saying so", "only root sees the daemon's descriptors")
            return
        until(lambda: descriptors(p).count("socket") == 1)
        used = {int(n) for n in os.listdir(f"/proc/{p.daemon.pid}/fd")}
        lowest = next(n for n in range(4096) if n not in used)
        resource.prlimit(p.daemon.pid, resource.RLIMIT_NOFILE, (lowest, before[1]))
        clients = [Client(p) for _ in range(60)]
        codes = [c.code() for c in clients]
        tap.ok("no descriptor at all: the spare one is for saying so, 60 times", codes == [BUSY] * 60, codes)
        resource.prlimit(p.daemon.pid, resource.RLIMIT_NOFILE, (before[1], before[1]))
        tap.ok("and when there are some again clients come in", "result" in Client(p).ask("status"))


def turns(p):
    """Who asks much waits; others do not."""
    hog, other = Client(p), Client(p)
    hog.send(*[(n, "verify", {}) for n in range(64)])
    r = other.ask("verify")
    hog.s.setblocking(False)
    seen = b""
    try:
        while piece := hog.s.recv(1 << 20):
            seen += piece
    except BlockingIOError:
        pass
    done = seen.count(b'"result"')
    tap.ok("a long question is not behind the 64 that another connection asked before", "result" in r and done < 60, done)
    hog.close()
    hog = Client(p)
    hog.send(*[(n, "speakers", {}) for n in range(64)])
    tap.ok("64 questions of one connection are taken", [hog.code() for _ in range(64)] == [0] * 64)
    hog.send(*[(n, "verify", {}) for n in range(60)], (99, "dump", {}))
    hog.s.sendall(b'{"method":"$/cancelRequest","params":{"id":99}}\n')
    before = 0
    while (r := hog.answer())["id"] != 99:
        before += 1
    tap.ok("a question that is cancelled while it waits is answered before those that wait with it",
           r.get("error", {}).get("code") == -32800 and before < 50, (before, r))
    hog.close()
    hog = Client(p)
    hog.send(*[(n, "verify", {}) for n in range(80)])
    answered = 0
    while (r := hog.answer()) and "result" in r:
        answered += 1
    tap.ok("of 80 some are refused", r and r["error"]["code"] == BUSY and r["id"] >= 64, (answered, r))
    hog.close()
    other.close()


def not_wanted_any_more(p):
    """Answers of some parts wait for their reader. Those that nobody wants any more before he reads do not come, made or not."""
    long, count = {"speaker": "venn", "limit": 100}, {"speaker": "venn", "count": True}
    cancel = lambda c, n: c.s.sendall(b'{"method":"$/cancelRequest","params":{"id":%d}}\n' % n)
    newer = lambda c, n: c.send((100 + n, "by", {**count, "group": f"g{n}"}))
    for words, end, more in ("cancelled", cancel, 0), ("superseded in its group", newer, 24):
        c = Client(p)
        c.ask("by", **long)
        c.send(*[(n, "by", {**long, "group": f"g{n}"}) for n in range(30)])
        time.sleep(0.3)  # some are made by now; were none, all would be well, too
        for n in range(6, 30):
            end(c, n)
        answers = [c.answer() for _ in range(30 + more)]
        got = {r["id"]: r.get("error", {}).get("code", r.get("result", {}).get("parts", 0)) for r in answers}
        tap.ok(f"what is {words} while it waits for its reader is not sent", [got[n] for n in range(6, 30)] == [-32800] * 24, got)
        tap.ok("control: all else comes, in parts", all(got[n] > 1 for n in range(6)) and list(got.values()).count(0) == more, got)
        c.close()


def readers_of_nothing(p):
    """Many ask for everything, many times, and for a little, and read nothing."""
    base, others = rss(p), answer_files(p) if ROOT else 0
    count = 12 if SAN else 60
    deaf = [Client(p) for _ in range(count)]
    for c in deaf:
        c.send(*[(n, "dump", {}) for n in range(9)], *[(n, "by", {"speaker": "venn", "limit": 3}) for n in range(55)])
    if ROOT:
        made = lambda: answer_files(p) - others
        until(lambda: made() >= count)
        most = max(made() for _ in range(20) if not time.sleep(0.1))  # a dump takes some 10 ms
        tap.ok("of many clients that ask for much and read nothing each has one answer that waits, and no more is made",
               count <= most <= count + 8, most)
    else:
        tap.skip("of many clients that ask for much and read nothing each has one answer that waits, and no more is made",
                 "only root sees the daemon's descriptors")
        time.sleep(5)
    if not SAN:
        grown = rss(p) - base
        tap.ok("each costs less than 1 MiB of memory", grown < count, f"{grown:.0f} MiB")
    tap.ok("others are answered", "result" in Client(p).ask("by", speaker="venn", limit=3))
    some = deaf[0]
    some.s.settimeout(WAIT)
    got = sorted(some.answer()["id"] for _ in range(64))
    tap.ok("control: one that reads after all gets everything", got == sorted([*range(9), *range(55)]), got)
    for c in deaf:
        c.close()
    if ROOT:
        tap.ok("when they go their files go", until(lambda: answer_files(p) <= others), answer_files(p))


def come_and_go(p, count):
    """Clients of every kind, the rude ones in the majority."""
    ask = b'{"id":1,"method":"by","params":{"speaker":"venn","limit":2}}\n'
    kinds = [ask, ask, b'{"id":1,"meth', b"", b'{"id":1,"method":"dump"}\n', b'{"id":1,"method":"cache"}\n', b"Content-Len",
             b'{"id":1,"method":"put","params":{"text":"begun","more":true}}\n', b'{"id":1,"method":"subscribe"}\n',
             b'{"id":1,"method":"speakers"}\n{"id":2,"method":"verify"}\n', b"no request\n"]
    for n in range(count):
        kind = kinds[n % len(kinds)]
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(WAIT)
        s.connect(p.env["QUOTED_SOCKET"])
        try:
            s.sendall(kind)
            if n % len(kinds) == 0:
                s.recv(1 << 16)
            elif n % 5 == 0:
                s.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            pass
        s.close()


def nothing_left(p, count):
    if not ROOT:
        tap.skip(f"{count} clients come and go, and leave no descriptor and no mapping", "only root sees the daemon's descriptors")
        return
    one = descriptors(p)
    held = [Client(p) for _ in range(5)]
    for c in held:
        c.ask("status")
    tap.ok("control: five clients that stay are seen", len(descriptors(p)) == len(one) + 5)
    for c in held:
        c.close()
    come_and_go(p, 600)  # what a daemon takes once and keeps
    until(lambda: descriptors(p) == one)
    maps, memory = mappings(p), rss(p)
    come_and_go(p, count)
    tap.ok(f"{count} clients come and go, and leave no descriptor", until(lambda: descriptors(p) == one), (one, descriptors(p)))
    if SAN:
        return
    # glibc maps and unmaps a few arenas and stacks of threads as they come and go
    tap.ok("and no mapping", until(lambda: abs(mappings(p) - maps) <= 8), (maps, mappings(p)))
    tap.ok("and less than 8 MiB of memory", rss(p) - memory < 8, (memory, rss(p)))


def main():
    with private.Private() as p:
        folder = archive(p, 800)
        p.start()
        p.quotes("add", folder)
        large = Client(p).ask("dump")["result"]["bytes"]
        tap.ok("the archive is large enough: a dump needs a file", large > 2 << 20, large)
        found = Client(p).ask("by", speaker="venn")["result"]["found"]
        tap.ok("and there are quotes to be asked for", found > 500, found)
        began = time.time()
        stalled, half, idle = Client(p), Client(p), Client(p)
        stalled.send((1, "dump", {}))
        half.s.sendall(b'{"id":1,"method":"sta')
        slow, enough = Client(p), threading.Event()
        slow.send((1, "dump", {}))
        reader = threading.Thread(target=lambda: [slow.f.readline() for _ in iter(lambda: enough.wait(2), True)], daemon=True)
        reader.start()
        connections_of_many()
        few_descriptors()
        turns(p)
        not_wanted_any_more(p)
        readers_of_nothing(p)
        r = half.answer()
        tap.ok("a request that is begun and not ended is refused after ten seconds",
               r["error"]["code"] == -32600 and time.time() - began > 9, r)
        log = lambda: open(p.dir + "/log").read()
        tap.ok("who reads nothing of an answer is closed after half a minute",
               until(lambda: "does not read" in log()) and time.time() - began > 29)
        enough.set()
        reader.join()
        tap.ok("not who reads slowly", slow.answer()["result"]["bytes"] == large)
        tap.ok("nor who asks nothing", "result" in idle.ask("status"))
        for c in (stalled, half, idle, slow):
            c.close()
        connections_of_one_person(p)
        until(lambda: not ROOT or descriptors(p).count("socket") == 1)
        nothing_left(p, 2000 if SAN else 10000)
        tap.ok("the daemon ends as it should", p.end() == 0)
    tap.done()


main()
