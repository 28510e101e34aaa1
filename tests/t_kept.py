"""t_kept.py -- which answers are kept and which never; hits that readers tell of; what is answered again after a restart. Prints TAP.
"""
import json
import mmap
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import private
from wire import Client

SLOW = 10 if "san" in private.B else 1  # sanitizers take their time
SYNTAX, TOO_BIG, DEADLINE, CANCELLED, PARAMS, NOT_ALLOWED = -10005, -10007, -10022, -32800, -32602, -32003
NOBODY = 65534
tap = private.Tap()
ok, is_ = tap.ok, tap.is_


def write_archive(folder):
    for i in range(40):
        with open(f"{folder}/a{i}.txt", "w", encoding="utf-8") as f:
            said = [f"“The {private.WORDS[(i * 3 + k) % 30]} of the harbour has number {i * 6 + k} in the book,” said {private.PEOPLE[(i + k) % 7]}." for k in range(6)]
            f.write(f"Report {i}\n\nThe council met on Tuesday to speak of the harbour.\n\n" + "\n\n".join(said) + "\n")
    with open(f"{folder}/long.txt", "w", encoding="utf-8") as f:
        f.write("The longest speech\n\n" + "\n\n".join(f"“{'The harbour has the number ' + str(i) + ' in the book' + ' and in the books of the others' * 9},” said Wim Vanek." for i in range(300)))


def code(answer):
    return answer.get("error", {}).get("code")


def until(what, seconds=60):
    """Waits until it is true; false when it never is."""
    end = time.time() + seconds * SLOW
    while not what() and time.time() < end:
        time.sleep(0.05)
    return bool(what())


# ---- what is kept, and what is not ----------------------------------------------------------------------

LONG = {"speaker": "vanek", "limit": 100}
# fact, method, parameters, is it kept, the code of its error
KEPT = [
    ("a page of quotes", "by", {"speaker": "venn", "limit": 3}, True, None),
    ("a page of articles", "search", {"query": "harbour", "limit": 3}, True, None),
    ("a count", "by", {"speaker": "venn", "count": True}, True, None),
    ("counts by facet, with a limit", "search", {"query": "harbour", "facet": "month", "limit": 3}, True, None),
    ("a quote by its id, of nobody", "show", {"id": "zzzzzzzzzzzz"}, True, None),
    ("a page of speakers", "speakers", {"speaker": "o", "limit": 3}, True, None),
    ("an answer that nothing was found", "by", {"speaker": "nobody at all", "limit": 3}, True, None),
    ("the same as text, which is empty", "by", {"speaker": "nobody at all", "limit": 3, "format": "text"}, True, None),
    ("and as lines of JSON", "by", {"speaker": "nobody at all", "limit": 3, "format": "jsonl"}, True, None),
    ("one that says what may have been meant", "by", {"speaker": "hallbergg", "limit": 3}, True, None),
    ("one with a deadline that it met", "by", {"speaker": "adeyo", "limit": 3, "deadline_ms": 60000}, True, None),
    ("a date that says its day", "by", {"speaker": "adeyo", "query": "since:2024-02-03", "limit": 3}, True, None),
    ("everything", "by", {"speaker": "venn"}, False, None),
    ("everything, asked for by a limit of 0", "by", {"speaker": "venn", "limit": 0}, False, None),
    ("counts by facet, all of them", "by", {"speaker": "venn", "facet": "month"}, False, None),
    ("a further page", "by", {"speaker": "venn", "limit": 3, "offset": 3}, False, None),
    ("how an answer is come by", "by", {"speaker": "venn", "limit": 3, "explain": True}, False, None),
    ("an answer longer than 32 KiB", "by", LONG, False, None),
    ("a question longer than 512 bytes", "by", {"speaker": "venn " + "x" * 600, "limit": 3}, False, None),
    ("a question with a zero in it", "by", {"speaker": "venn\0x", "limit": 3}, False, -32700),
    ("the state of the daemon", "status", {}, False, None),
    ("files", "files", {"limit": 3}, False, None),
    ("a check of everything", "verify", {}, False, None),
    ("the dump", "dump", {}, False, None),
    ("what cannot be read", "by", {"speaker": "venn", "query": "(", "limit": 3}, False, SYNTAX),
    ("a language that is not known", "by", {"speaker": "venn", "query": "a", "stem": "klingon", "limit": 3}, False, -10015),
    ("a parameter that there is not", "by", {"speaker": "venn", "limit": 3, "colour": True}, False, PARAMS),
    ("one of another type", "by", {"speaker": "venn", "limit": "3"}, False, PARAMS),
    ("a group of another type", "by", {"speaker": "venn", "limit": 3, "group": 3}, False, PARAMS),
]
# Dates that mean another day tomorrow. There are none: a query that has one is an error, and errors are not kept.
RELATIVE = """since:yesterday since:today since:now until:tomorrow until:now date:today date:yesterday on:today on:yesterday since:-7d since:7d
since:1w since:-1 date:2024..now date:now..2024 date:this-month date:last-month date:lastmonth since:monday since:"last_week" since:2_days_ago
date:.. since:P7D""".split()


def kept_after(c, method, params, answer=None):
    """How many answers were kept by asking twice, and the answer."""
    before = c.cache()["kept"]
    answers = [c.ask(method, **params) for _ in range(2)]
    return c.cache()["kept"] - before, answers[0]


def what_is_kept(p):
    c = Client(p)
    for fact, method, params, kept, wrong in KEPT:
        n, answer = kept_after(c, method, params)
        is_(f"{'kept' if kept else 'not kept'}: {fact}", (n, code(answer)), (int(kept), wrong))
    long = c.ask("by", **LONG)["result"]
    ok("the control: the long one is long, and short when it is less of it",
       long.get("bytes", 0) > 32768 and kept_after(c, "by", {**LONG, "limit": 2})[0] == 1, str(long)[:200])
    got = [(q.replace("_", " "), *kept_after(c, "search", {"query": q.replace("_", " "), "limit": 3})) for q in RELATIVE]
    is_("not kept: a date that means another day tomorrow; there is none", [(q, n, code(a)) for q, n, a in got if (n, code(a)) != (0, SYNTAX)], [])
    before = c.cache()["kept"]
    c.s.sendall(b'[{"id":1,"method":"by","params":{"speaker":"sorel","limit":9}}]\n')
    c.line()
    is_("not kept: what comes in a batch", c.cache()["kept"] - before, 0)
    is_("the control: it is kept when it comes alone", kept_after(c, "by", {"speaker": "sorel", "limit": 9})[0], 1)


def in_time(p):
    """A question that waits behind a heavy one: past its deadline, or cancelled, there is nothing to keep."""
    c = Client(p)
    asked = {"speaker": "nobody who waits", "limit": 200}  # more than the loop may ask for
    many = lambda: c.frame("lookup_many", {"method": "by", "each": [{**LONG, "offset": 1, "query": f"number OR v{i}"} for i in range(256)]})
    cancel = lambda n: json.dumps({"method": "$/cancelRequest", "params": {"id": n}}).encode() + b"\n"
    before = c.cache()["kept"]
    first = c.n + 1
    c.s.sendall(many() + c.frame("by", {**asked, "deadline_ms": 1}))
    got = [json.loads(c.line())]
    c.s.sendall(cancel(first))
    got.append(json.loads(c.line()))
    is_("not kept: what came too late", ({a["id"]: code(a) for a in got}, c.cache()["kept"] - before), ({first: CANCELLED, first + 1: DEADLINE}, 0))
    first = c.n + 1
    c.s.sendall(many() + c.frame("by", asked) + cancel(first + 1) + cancel(first))
    got = [json.loads(c.line()) for _ in range(2)]
    is_("not kept: what was cancelled", ({a["id"]: code(a) for a in got}, c.cache()["kept"] - before), ({first: CANCELLED, first + 1: CANCELLED}, 0))
    is_("the control: the same, answered", kept_after(c, "by", asked)[0], 1)


def as_nobody(p, lines):
    """What another person hears."""
    run = "import socket,sys; s=socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.sendall(sys.argv[2].encode()); s.shutdown(1); print(s.makefile().read())"
    out = subprocess.run(["/usr/bin/python3", "-c", run, p.dir + "/sock", lines], stdout=subprocess.PIPE, user=NOBODY, group=NOBODY, extra_groups=[], timeout=60 * SLOW)
    return [json.loads(line) for line in out.stdout.splitlines() if line.strip()]


def listens(p):
    """The socket is there some time before that."""
    try:
        return Client(p)
    except OSError:
        return None


def other_people():
    facts = ["not kept: what root asks of a person's daemon", "nor many of them", "root is not believed about hits", "the control: what the person asks is kept",
             "and the person is believed"]
    if os.geteuid() != 0:
        for fact in facts:
            tap.skip(fact, "only root can play another person")
        return
    with private.Private() as p:
        for program in ("quoted", "quotes"):
            shutil.copy(f"{private.B}/{program}", p.dir)
        write_archive(p.dir)
        for path in [p.dir] + [f"{p.dir}/{name}" for name in os.listdir(p.dir)]:
            os.chown(path, NOBODY, NOBODY)
        p.daemon = subprocess.Popen([p.dir + "/quoted"], env=dict(p.env, HOME=p.dir), stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                    user=NOBODY, group=NOBODY, extra_groups=[])
        until(lambda: listens(p))
        c = Client(p)
        c.ask("add", paths=[f"{p.dir}/a{i}.txt" for i in range(40)])
        c.still()
        is_(facts[0], kept_after(c, "by", {"speaker": "venn", "limit": 2})[0], 0)
        is_(facts[1], (len(c.many("by", [{"speaker": "venn", "limit": 2}])["result"]["answers"]), c.cache()["kept"]), (1, 0))
        hits = '{"id":7,"method":"hits","params":{"count":5}}\n'
        c.s.sendall(hits.encode() + hits.replace('"id":7,', "").encode())
        is_(facts[2], (code(json.loads(c.line())), c.cache()["hits"]), (NOT_ALLOWED, 0))
        answers = as_nobody(p, '{"id":1,"method":"by","params":{"speaker":"venn","limit":2}}\n' + hits)
        is_(facts[3], (answers[0]["result"]["shown"], c.cache()["kept"]), (2, 1))
        is_(facts[4], (answers[1]["result"]["hits"], c.cache()["hits"]), (5, 5))


# ---- hits that readers tell of --------------------------------------------------------------------------

def slot_of(c, name):
    """Where the answer to a question of that name stands, as a reader of the memory sees it."""
    c.s.sendall(c.frame("cache", {}))
    line, fds, _, _ = socket.recv_fds(c.s, 65536, 1)
    at = mmap.mmap(fds[0], 0, prot=mmap.PROT_READ)
    os.close(fds[0])
    buckets, = struct.unpack_from("=I", at, 28)
    place, = struct.unpack_from("=Q", at, 32)
    for i in range(buckets * 8):
        way, = struct.unpack_from("=Q", at, place + 8 * i)
        kind, slot = way >> 32 & 15, (way & 0xFFFFFFFF) - 1
        if way:
            begins, size, _ = struct.unpack_from("=QII", at, 128 + 16 * kind)
            key = at[begins + slot * size + 64:begins + slot * size + 64 + 512]
            if name.encode() in key:
                return way & (1 << 36) - 1
    return None


def told(p):
    c = Client(p)
    is_("an answer of the daemon's is a hit from the second time on",
        [c.cache()["hits"] - n for n in [c.cache()["hits"]] for _ in range(3) if c.ask("by", speaker="ishigo", limit=2)], [0, 1, 2])
    before = c.cache()["hits"]
    c.s.sendall(b'{"jsonrpc":"2.0","method":"hits","params":{"count":1280,"slots":[1,4294967297,1,99999999999,0]}}\n'
                b'{"method":"hits","params":{"count":20}}\n{"method":"hits","params":{"count":-1}}\n{"method":"hits","params":{"slots":[1]}}\n'
                b'{"method":"hits"}\n')
    is_("what readers tell of counts, and is not answered", (c.ask("by", speaker="quintal", limit=2)["result"]["shown"], c.cache()["hits"] - before), (2, 1300))
    is_("with an id it is", c.ask("hits", count=0)["result"], {"hits": before + 1300})
    for words, params in [("no count", {}), ("a count below 0", {"count": -1}), ("17 slots", {"count": 1, "slots": [1] * 17}), ("a slot that is a text", {"count": 1, "slots": ["1"]}),
                          ("a slot below 0", {"count": 1, "slots": [-1]}), ("no list of slots", {"count": 1, "slots": 1})]:
        is_(f"refused: {words}", code(c.ask("hits", **params)), PARAMS)
    is_("and nothing of it counts", c.cache()["hits"] - before, 1300)


# ---- a restart ------------------------------------------------------------------------------------------

def is_kept(c, **params):
    """Is the answer there without asking the index? It is then a hit, and nothing new is kept."""
    before = c.cache()
    c.ask("by", **params)
    after = c.cache()
    return (after["hits"] - before["hits"], after["kept"] - before["kept"]) == (1, 0)


def settled(p, answers):
    """The daemon has so many answers, and after some time no more."""
    there = until(lambda: Client(p).cache()["answers"] >= answers, 20)
    time.sleep(0.3)
    return there and Client(p).cache()["answers"]


HOT, ONCE, READ = {"speaker": "venn", "limit": 4}, {"speaker": "sorel", "limit": 4}, {"speaker": "adeyo", "limit": 4}


def warm(p):
    path = p.dir + "/index/wanted"
    p.end()
    os.unlink(path)
    p.start()
    c = Client(p)
    for _ in range(3):
        c.ask("by", **HOT)
    c.ask("by", **ONCE)
    c.ask("by", **READ)  # a reader finds this one in the memory
    slot = slot_of(Client(p), "adeyo")
    ok("the control: a reader sees where an answer stands", slot)
    c.s.sendall(json.dumps({"method": "hits", "params": {"count": 9, "slots": [slot]}}).encode() + b"\n")
    c.ask("status")
    is_("a daemon that is told to end ends as ever", p.end(), 0)
    is_("it leaves what was wanted, for nobody else", (os.stat(path).st_mode & 0o777, os.path.exists(path + ".new")), (0o600, False))
    good = open(path, "rb").read()
    ok("what was asked for once is not in it, what was asked for again or found by readers is",
       b"venn" in good and b"adeyo" in good and b"sorel" not in good, good)
    p.start()
    is_("after a restart the answers are there before anybody asks", settled(p, 2), 2)
    c = Client(p)
    is_("they are those that were wanted", [is_kept(c, **q) for q in (HOT, READ, ONCE)], [True, True, False])
    fresh = c.ask("by", **{**HOT, "offset": 0, "explain": False})
    index = c.ask("by", **{**HOT, "limit": 5})["result"]["answer"]["quotes"][:4]
    is_("and they say what the index says", fresh["result"]["answer"]["quotes"], index)

    # what nobody asks for any more is forgotten
    starts, orderly = 0, p.end() == 0
    while os.path.exists(path) and starts < 9:
        p.start()
        settled(p, 1)
        orderly = orderly and p.end() == 0
        starts += 1
    ok("each of these daemons ended as it should", orderly)
    ok("what nobody asks for again is forgotten after some starts", 1 < starts < 6, starts)

    def answers_with(data):
        """How many answers a daemon has that finds such a file."""
        if os.path.lexists(path):
            os.unlink(path)
        if isinstance(data, bytes):
            with open(path, "wb") as f:
                f.write(data)
        elif data:
            data(path)
        p.start()
        if data == good:
            n = settled(p, 2)
        else:
            time.sleep(2.5)  # it begins within a second
            n = Client(p).cache()["answers"]
        p.end(signal.SIGKILL)
        return n

    is_("the control: without the file there is none", answers_with(None), 0)
    is_("the control: with it they are there", answers_with(good), 2)
    with open(p.dir + "/good", "wb") as f:
        f.write(good)
    for words, data in [("a file cut short", good[:-1]), ("one that is too large", good + bytes(1 << 20)), ("a folder", os.mkdir), ("a pipe", os.mkfifo),
                        ("a link", lambda at: os.symlink(p.dir + "/good", at))]:  # the rest of the damage is test_wanted's
        is_(f"{words} is no warm-up, and no trouble", answers_with(data), 0)
        if os.path.isdir(path):
            os.rmdir(path)
    if os.path.lexists(path):
        os.unlink(path)


def erased(p):
    path = p.dir + "/index/wanted"
    p.start()
    c = Client(p)
    for _ in range(3):
        c.ask("by", **HOT)
    p.end()
    open(path + ".new", "wb").write(b"half of it")
    p.start()
    c = Client(p)
    ok("the control: the file names what was searched", b"venn" in open(path, "rb").read())
    r = c.ask("rm", paths=[p.dir + "/a7.txt"], erase=True)
    is_("what is erased takes the file with it", (code(r), os.path.exists(path), os.path.exists(path + ".new")), (None, False, False))
    c.s.close()
    is_("and it does not come back", (p.end(), os.path.exists(path)), (0, False))


def keeps_nothing(p):
    path = p.dir + "/index/wanted"
    for words, env, config in [("a system's daemon", {"QUOTED_SYSTEM": "1"}, ""), ("a daemon without a cache", {}, "cache = 0\n")]:
        with open(path, "wb") as f:
            f.write(b"of another time")
        with open(p.dir + "/quoted.conf", "w") as f:
            f.write(config)
        p.env.pop("QUOTED_SYSTEM", None)
        p.env.update(env)
        p.start()
        c = Client(p)
        for _ in range(3):
            c.ask("by", **HOT)
        p.end()
        is_(f"{words} writes none, and takes away the one that it finds", os.path.exists(path), False)


def vanished(p):
    """An index that is thrown away while the daemon runs does not come back."""
    p.env.pop("QUOTED_SYSTEM", None)
    os.unlink(p.dir + "/quoted.conf")
    p.start()
    c = Client(p)
    for _ in range(3):
        c.ask("by", **HOT)
    c.s.close()
    shutil.rmtree(p.dir + "/index")
    is_("a daemon whose index was thrown away does not make its folder again", (p.daemon.wait(60 * SLOW), os.path.exists(p.dir + "/index")), (0, False))


with private.Private() as p:
    write_archive(p.dir)
    with open(p.dir + "/quoted.conf", "w") as f:
        f.write("readers = 1\n")
    p.start()
    added = p.quotes("add", *[f"{p.dir}/a{i}.txt" for i in range(40)], p.dir + "/long.txt")
    ok("the control: people are quoted", Client(p).ask("speakers", limit=9)["result"]["found"] == 8, added.stdout + added.stderr)
    Client(p).still()
    what_is_kept(p)
    in_time(p)
    told(p)
    other_people()
    warm(p)
    erased(p)
    keeps_nothing(p)
    vanished(p)
tap.done()
