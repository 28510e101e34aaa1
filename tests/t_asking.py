"""t_asking.py -- questions around a query over the socket, beside 100,000 quotes: order, counts, facets, hints; deadlines; that
memory does not grow with the rows of an answer; and that short questions do not wait for long ones. Prints TAP.
"""
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import private

SLOW = 10 if "san" in private.B else 1  # sanitizers take their time
RECORDS, QUOTES = 2000 // SLOW, 50
NAMES = "Orla Tomas Miriam Radu Hana Ines Paul".split()


class Client:
    def __init__(self, path):
        self.s = socket.socket(socket.AF_UNIX)
        self.s.settimeout(300)
        self.s.connect(path)
        self.f = self.s.makefile("rb")
        self.n = self.bytes = 0

    def send(self, method, **params):
        self.n += 1
        self.s.sendall(json.dumps({"id": self.n, "method": method, "params": params}).encode() + b"\n")

    def read(self):
        """The next response; the bytes of parts are counted, and dropped."""
        while True:
            line = self.f.readline()
            self.bytes += len(line)
            if not line.startswith(b'{"jsonrpc":"2.0","method"'):
                return json.loads(line)

    def ask(self, method, **params):
        self.send(method, **params)
        return self.read()


def memory(pid):
    """Private memory in MiB: what is mapped of the index does not count."""
    with open(f"/proc/{pid}/status") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("RssAnon")) / 1024


def write_archive(path):
    rnd = random.Random(5)
    with open(path, "w", encoding="utf-8") as f:
        for i in range(RECORDS):
            said = [f"“The {rnd.choice(private.WORDS)} of the {rnd.choice(private.WORDS)} has number {i * QUOTES + k} in the book,” "
                    f"said {NAMES[(i + k) % 7]} Venn." for k in range(QUOTES)]
            record = {"title": f"Report {i}", "text": "\n\n".join(said), "date": f"20{10 + i % 15}-{1 + i % 12:02}-{1 + i % 28:02}"}
            if i % 3:
                record["source"] = ["", "Island Post", "Vella Courier"][i % 3]
            f.write(json.dumps(record, ensure_ascii=False) + "\n")


def percentile(times, p):
    return sorted(times)[int(len(times) * p)]


def measure(client, count, limit):
    """Milliseconds of short questions, one after the other: with limit 5 the loop answers, with 60 a thread does."""
    times = []
    for i in range(count):
        t = time.perf_counter()
        r = client.ask("search", query=f'{(i * 37) % RECORDS * QUOTES + 7} OR {"harbour" if limit > 5 else "zeppelin"}', limit=limit)
        times.append((time.perf_counter() - t) * 1000)
        assert "result" in r, r
    return times


tap = private.Tap()
with private.Private() as archive:
    path = archive.dir + "/all.jsonl"
    write_archive(path)
    archive.start()
    archive.quotes("add", path)
    pid, sock = archive.daemon.pid, archive.env["QUOTED_SOCKET"]
    if SLOW == 1: # a sanitizer's memory is not ours to judge
        for _ in range(100):
            if memory(pid) < 40:
                break
            time.sleep(0.1)
        tap.ok("what indexing took is given back to the system soon", memory(pid) < 40, memory(pid))
    c = Client(sock)
    everything = c.ask("by", speaker="venn", count=True)["result"]
    total = c.ask("search", query="kind:all", facet="speaker")["result"]["found"]
    tap.ok(f"there are {RECORDS * QUOTES} quotes", total == RECORDS * QUOTES, total)
    tap.ok("a count is an answer without rows, and without people",
           (everything["shown"], everything["answer"], "people" in everything) == (0, {"format_version": 1, "total": everything["found"]}, False), everything)

    # ---- what is asked ----
    rows = c.ask("search", query="harbour", sort="-date", limit=3)["result"]["answer"]["documents"]
    dates = [d["date"] for d in rows]
    tap.ok("sort=-date: the oldest first, without scores", dates == sorted(dates) and [d["score"] for d in rows] == [None] * 3, dates)
    months = c.ask("search", query="harbour", facet="month", limit=5)["result"]
    counts = [f["count"] for f in months["answer"]["facets"]]
    tap.ok("facets: the most frequent first, and how many there are", counts == sorted(counts, reverse=True) and
           months["shown"] == 5 < months["answer"]["values"] and months["answer"]["by"] == "month", months)
    sources = c.ask("by", speaker="venn", facet="source")["result"]["answer"]
    tap.ok("facets: their sum is all that match", sum(f["count"] for f in sources["facets"]) == everything["found"], sources)
    for name, value in ("sort", "size"), ("facet", "town"), ("sort", "Date"):
        tap.ok(f"{name}={value} is no such thing: -32602", c.ask("search", query="x", **{name: value}).get("error", {}).get("code") == -32602)
    tap.ok("count and facet together are refused", c.ask("search", query="x", count=True, facet="month").get("error", {}).get("code") == -10015)
    r = c.ask("search", query="harbuor", format="text")["result"]
    tap.ok("did_you_mean stands beside the answer in every format", (r["found"], r.get("did_you_mean")) == (0, ["harbour"]), r)
    r = c.ask("search", query="harbour", explain=True)["result"]["answer"]["explain"]
    tap.ok("explain: tree, matches, times", r["tree"]["node"] == "word" and r["matches"] > 0 and
           [s["step"] for s in r["steps"]] == ["parse", "find", "render"] and r["steps"][2]["ns"] > 0, r)

    # ---- deadlines ----
    t = time.time()
    r = c.ask("by", speaker="venn", deadline_ms=20)
    tap.ok("past its deadline a question ends with -10022", r.get("error", {}).get("code") == -10022, str(r)[:300])
    tap.ok("and soon after it", time.time() - t < 0.3 * SLOW, time.time() - t)
    tap.ok("nothing of its answer was sent", c.bytes < 64 * 1024)
    r = c.ask("by", speaker="venn", limit=5, deadline_ms=0)
    tap.ok("deadline_ms 0 is none", "result" in r)
    got = archive.quotes("by", "venn", "--limit=0", "--json", "--deadline=0")
    tap.ok("--deadline=0 waits for everything", json.loads(got.stdout)["total"] == everything["found"])

    # ---- groups ----
    typing = Client(sock)
    for query in ("harbour", "zeppelin", "harbour"):
        typing.send("search", query=f"{query} OR kind:all", sort="speaker", limit=10, group="typing")
    typing.send("search", query="zeppelin OR kind:all", sort="speaker", limit=10, group="other")
    got = {}
    while len(got) < 4:
        r = typing.read()
        got[r["id"]] = r.get("error", {}).get("code", 0)
    tap.ok("only the newest question of a group is answered, and those of other groups", got == {1: -32800, 2: -32800, 3: 0, 4: 0}, got)

    # ---- many rows ----
    base = memory(pid)
    most = [base]
    done = threading.Event()

    def watch():
        while not done.is_set():
            most[0] = max(most[0], memory(pid))
            time.sleep(0.02)

    watcher = threading.Thread(target=watch)
    watcher.start()
    whole = Client(sock)
    whole.ask("search", query="kind:all", limit=0)
    rows = whole.ask("by", speaker="venn", limit=0)["result"]["shown"]
    tap.ok("every row is there", rows == RECORDS * QUOTES, rows)
    done.set()
    watcher.join()
    tap.ok(f"answers of {whole.bytes >> 20} MiB take less than 24 MiB of memory", most[0] - base < 24 * SLOW and
           whole.bytes > (30 << 20) / SLOW, f"{most[0] - base:.1f} MiB")
    print(f"# an answer of {whole.bytes >> 20} MiB, {most[0] - base:.1f} MiB of memory")

    # ---- short questions beside long ones ----
    idle = [measure(c, 1000 // SLOW, limit) for limit in (5, 60)]
    # Each in a process of its own: threads of this one would wait for each other.
    loop = f'while :; do {private.B}/quotes by venn --sort=speaker --limit=0 --explain > /dev/null; done'
    long = [subprocess.Popen(["sh", "-c", loop], env=archive.env, start_new_session=True) for _ in range(4)]
    time.sleep(1)
    beside = [measure(c, 1000 // SLOW, limit) for limit in (5, 60)]
    t = time.time()
    Client(sock).ask("by", speaker="venn", sort="speaker", limit=0, explain=True)
    one_long = (time.time() - t) * 1000
    for p in long:
        os.killpg(p.pid, signal.SIGTERM)
        p.wait()
    for i, what in enumerate(("on the loop", "in a thread")):
        alone, now = percentile(idle[i], 0.99), percentile(beside[i], 0.99)
        tap.ok(f"short questions {what} do not wait for long ones", now < one_long / 4,
               f"p99 {now:.2f} ms, alone {alone:.2f} ms; a long one takes {one_long:.0f} ms")
        print(f"# short questions {what}: p50 {percentile(idle[i], .5):.3f}, p99 {alone:.3f} ms alone; p50 "
              f"{percentile(beside[i], .5):.3f}, p99 {now:.3f} ms beside four long ones, of {one_long:.0f} ms")
    waiting = [Client(sock) for _ in range(6)]  # more than there are threads: the last wait
    t = time.time()
    for w in waiting:
        w.send("by", speaker="venn", deadline_ms=30)
    codes = [w.read().get("error", {}).get("code") for w in waiting]
    tap.ok("questions that wait end at their deadline too", codes == [-10022] * 6 and time.time() - t < 0.5 * SLOW, (codes, time.time() - t))
    grown = memory(pid)
    if SLOW == 1:
        for _ in range(150):
            if memory(pid) < 40:
                break
            time.sleep(0.1)
        tap.ok("what indexing and questions took is given back to the system when none comes", memory(pid) < 40,
               f"{base:.1f} MiB before, {grown:.1f} after the questions, {memory(pid):.1f} now")
    print(f"# {base:.1f} MiB before, {grown:.1f} after the questions, {memory(pid):.1f} when quiet")
    c.s.close()
    tap.ok("the daemon ends in order", archive.end() == 0, open(archive.dir + "/log", errors="replace").read()[-3000:])
tap.done()
