#!/usr/bin/env python3
"""t_client_alone.py -- `quotes` against a daemon of our own that does what is asked, or lies, dawdles and dies.

The daemon here is a few lines of Python that speak docs/PROTOCOL.md, so that every turn of a conversation can be
arranged. What the real daemon answers is tested in t_client.py.
"""
import json
import os
import pty
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import private

quotes = private.B + "/quotes"
tap = private.Tap()
folder = tempfile.mkdtemp(prefix="quoted-test-")
env = {k: v for k, v in os.environ.items() if not k.startswith(("QUOTED_", "CLICOLOR", "NO_COLOR", "COLUMNS", "LISTEN_"))}
env.update(QUOTED_INDEX=folder + "/index", QUOTED_SOCKET=folder + "/sock", LC_ALL="C.UTF-8", TERM="xterm")


class Fake:
    """A daemon: `answer(conn, message)` is called for every request and writes what it likes."""

    def __init__(self, answer, path=folder + "/sock", greet=True):
        self.asked, self.path, self.answer, self.greet = [], path, answer, greet
        if os.path.exists(path):
            os.unlink(path)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(8)
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while True:
            try:
                conn, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(conn,), daemon=True).start()

    def talk(self, conn):
        try:
            for line in conn.makefile("rb"):
                message = json.loads(line)
                self.asked.append(message)
                if message["method"] == "initialize" and self.greet:
                    say(conn, id=message["id"], result={"protocol": 1})
                else:
                    self.answer(conn, message)
        except (OSError, ValueError):
            pass
        finally:
            try:
                conn.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            conn.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)  # wakes accept(): else its thread may serve the next Fake's clients
        self.thread.join()
        self.listener.close()
        os.unlink(self.path)

    def methods(self):
        return [m["method"] for m in self.asked]


def say(conn, **message):
    conn.sendall(json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=False).encode() + b"\n")


def result(**members):
    return lambda conn, m: say(conn, id=m["id"], result=members)


def error(code, message, **data):
    return lambda conn, m: say(conn, id=m["id"], error={"code": code, "message": message, **({"data": data} if data else {})})


def run(*args, input=None, **more):
    more.setdefault("env", env)
    if input is None:
        more.setdefault("stdin", subprocess.DEVNULL)
    else:
        more["input"] = input
    more.setdefault("stdout", subprocess.PIPE)
    return subprocess.run([quotes, *args], stderr=subprocess.PIPE, timeout=60, **more)


def is_(fact, got, wanted):
    tap.ok(fact, got == wanted, f"got:    {got!r}\nwanted: {wanted!r}")


def has(fact, got, words):
    tap.ok(fact, words in got, f"got:    {got!r}\nwanted: {words!r}")


def on_terminal(*args, rows=24, columns=80, **more):
    """Runs with a terminal as output; returns the status and what was seen."""
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.clear()
        os.environ.update(more.get("env", env))
        os.execv(quotes, [quotes, *args])
    import fcntl, struct, termios
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    seen = b""
    while True:
        try:
            piece = os.read(fd, 65536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    os.close(fd)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), seen


# ---- without a daemon: what is said about usage

got = run()
is_("quotes alone exits 2", got.returncode, 2)
has("and says how to begin", got.stderr, b"quotes add ~/articles")
got = run("help")
is_("help exits 0", got.returncode, 0)
commands = [line.split()[0] for line in got.stdout.decode().split("Commands:\n")[1].split("\n\n")[0].splitlines()]
tap.ok("help lists every command", set(commands) >= set("add rm reindex status by search show context speakers files "
       "dump verify extract stop help version".split()), commands)
same = [v for v in commands if v != "extract" and run("help", v).stdout != run(v, "--help").stdout]
is_("`help VERB` and `VERB --help` say the same", same, [])
bare = [v for v in commands if b"    quotes " not in run("help", v).stdout]
is_("each page shows an example", bare, [])
is_("--help after an operand is help, too", run("by", "x", "-h").stdout, run("help", "by").stdout)
is_("--version is the version", run("--version").stdout, run("version").stdout)
has("`help query` explains queries", run("help", "query").stdout, b"speaker:venn")
has("`help protocol` lists the requests", run("help", "protocol").stdout, b"initialize\n      Agrees on the protocol.")
got = run("serach", "x")
is_("an unknown command exits 2", got.returncode, 2)
has("and is guessed", got.stderr, b'did you mean "quotes search"?')
has("an unknown option is guessed", run("by", "x", "--fromat=json").stderr, b"did you mean --format?")
has("a wrong format lists the right ones", run("by", "x", "--format", "xml").stderr, b"text, json, jsonl or csv")
has("an option of another command is refused by name", run("status", "--why").stderr, b'"quotes status" takes no --why')
for args, fact in ((("by",), "by without a speaker"), (("status", "x"), "status with an operand"),
                   (("by", "x", "-n", "many"), "a limit that is no number"), (("by", "x", "-n"), "an option without value"),
                   (("by", "x", "--strict=yes"), "a value for an option that takes none")):
    is_(fact + " exits 2", run(*args).returncode, 2)
is_("an older format version exits 20", run("by", "x", "--format-version=0").returncode, 20)
is_("a newer format version exits 21", run("by", "x", "--format-version", "2").returncode, 21)
got = run("by", "x", "--no-daemon")
is_("no daemon and --no-daemon exits 3", got.returncode, 3)
has("and names the socket", got.stderr, folder.encode() + b"/sock")
is_("and prints nothing", got.stdout, b"")
got = run("stop")
is_("stop without a daemon exits 3 and starts none", got.returncode, 3)
long = folder + "/" + "x" * 120
has("a socket's name that is too long is said", run("by", "x", "--socket", long).stderr, b"longer than")

# ---- commands of one's own

os.mkdir(folder + "/bin")
with open(folder + "/bin/quotes-hello", "w") as f:
    f.write('#!/bin/sh\necho "$@" "$QUOTED_SOCKET"\nexit 7\n')
os.chmod(f.name, 0o755)
own = dict(env, PATH=folder + "/bin:" + env["PATH"])
got = run("--socket", "/s", "hello", "a", "--b", "-c", env=own)
is_("an unknown verb runs quotes-VERB, with its arguments untouched", (got.returncode, got.stdout), (7, b"a --b -c /s\n"))
is_("a verb with a slash runs nothing", run("../hello", env=own).returncode, 2)

# ---- a question and its answer

nothing = {"found": 0, "shown": 0, "people": 0, "format": "json"}
with Fake(result(found=2, shown=2, people=1, format="text", answer="one\ntwo\n")) as fake:
    got = run("by", "venn")
    is_("a text answer is printed as it comes", (got.returncode, got.stdout, got.stderr), (0, b"one\ntwo\n", b""))
    is_("the index that is expected comes first", fake.asked[0]["method"], "initialize")
    is_("by its absolute path", fake.asked[0]["params"]["index"], folder + "/index")
    is_("a pipe is asked for lines without colour", fake.asked[1]["params"],
        {"format": "text", "color": False, "headings": False, "width": 0, "limit": 20, "speaker": "venn"})
    run("search", "a", "-n5", "b", "--offset=3", "--color=always", "--color", "always", "--width", "70", "--", "-c")
    is_("options may stand anywhere, and end with --", fake.asked[-1]["params"],
        {"format": "text", "color": True, "headings": False, "width": 70, "limit": 5, "offset": 3, "query": "a b -c"})
    run("search", "x", "--json", "-f", "csv", "-n", "1", "-n", "0")
    is_("of two options the later wins", (fake.asked[-1]["params"]["format"], fake.asked[-1]["params"]["limit"]), ("csv", 0))
    for verb, args, wanted in (("show", ["a", "b", "--why"], {"id": "a b", "why": True}),
                               ("context", ["a", "-C3"], {"id": "a", "context": 3}),
                               ("speakers", ["cal", "-n", "3"], {"speaker": "cal", "limit": 3}),
                               ("files", ["--skipped"], {"only_skipped": True, "limit": 20}),
                               ("dump", [], {}), ("verify", [], {}), ("status", [], {"format": "text"})):
        run(verb, *args)
        sent = fake.asked[-1]["params"]
        is_(f"{verb} asks what it means", {k: sent.get(k) for k in wanted}, wanted)
    run("by", "x", env=dict(env, CLICOLOR_FORCE="1"))
    is_("CLICOLOR_FORCE colours a pipe", fake.asked[-1]["params"]["color"], True)
    run("by", "x", env=dict(env, CLICOLOR_FORCE="1", NO_COLOR="1"))
    is_("NO_COLOR is stronger", fake.asked[-1]["params"]["color"], False)
    status, seen = on_terminal("by", "x")
    is_("a terminal is asked for headings, colour and its width",
        {k: fake.asked[-1]["params"][k] for k in ("headings", "color")}, {"headings": True, "color": True})
    on_terminal("by", "x", env=dict(env, TERM="dumb"))
    is_("TERM=dumb is not coloured", fake.asked[-1]["params"]["color"], False)
    got = run("by", "x", stdout=open("/dev/full", "w"))
    is_("a full disk exits 2", got.returncode, 2)
    has("and is said", got.stderr, b"No space left on device")
    got = subprocess.run(["sh", "-c", f'"{quotes}" by x >&-'], env=env, stderr=subprocess.PIPE)
    is_("a closed standard output is an error", got.returncode, 2)
    tap.ok("a private index is found by --index", run("by", "x", "--index", folder + "/index",
           env={k: v for k, v in env.items() if k != "QUOTED_INDEX"}).returncode == 0)

exact = b'{"format_version":1,"total":1,"quotes":[{"confidence":0.97,"text":"a\\u00e9\\"b"}]}'
with Fake(lambda conn, m: conn.sendall(b'{"jsonrpc":"2.0","id":%d,"result":{"found":1,"shown":1,"people":1,"format":"json",'
                                       b'"answer":%s}}\n' % (m["id"], exact))) as fake:
    is_("a JSON answer arrives byte for byte", run("by", "x", "--json").stdout, exact + b"\n")
with Fake(result(answer={"total": 0}, **nothing)) as fake:
    got = run("by", "x", "--json")
    is_("nothing found exits 1, with an answer in JSON", (got.returncode, got.stdout), (1, b'{"total": 0}\n'))
    is_("and one sentence", got.stderr.count(b"\n"), 1)
    is_("which -q leaves out", run("by", "x", "--json", "-q").stderr, b"")

with Fake(lambda c, m: say(c, id=m["id"], result={"found": int(m["params"]["speaker"] == "Orla Venn"), "shown": 1,
                                                  "answer": m["params"].get("query", "-")})) as fake:
    is_("the speaker is as many words as name somebody", run("by", "Orla", "Venn", "gaza", "talks").stdout, b"gaza talks\n")
    is_("all of them, when all do", run("by", "Orla", "Venn").stdout, b"-\n")
    run("by", "no", "body")
    is_("and all, when none do", fake.asked[-1]["params"]["speaker"], "no body")

people = {"people": [{"name": "Ann Lee", "quotes": 3}, {"name": "Bo L\x1bee", "quotes": 1}], "quotes": []}
with Fake(result(found=4, shown=1, people=2, format="json", answer=people)):
    got = run("by", "lee", "--strict")
    is_("--strict with two people exits 4 and prints nothing", (got.returncode, got.stdout), (4, b""))
    has("and lists them", got.stderr, b"Ann Lee (3)\n")
    tap.ok("without letting a name steer the terminal", b"\x1b" not in got.stderr, got.stderr)

parts = ["añ" * 9000, "b" * 40000 + "\n", "“c”\n"]
def in_parts(conn, m, bytes=None):
    if m["method"] != "search":
        return
    for text in parts:
        say(conn, method="part", params={"id": 999, "text": "of another"})
        say(conn, method="part", params={"id": m["id"], "text": text})
    whole = len("".join(parts).encode())
    say(conn, id=m["id"], result={"found": 3, "shown": 3, "format": "text", "parts": 3, "bytes": bytes or whole})
with Fake(in_parts):
    is_("parts are put together", run("search", "x").stdout.decode(), "".join(parts))
    got = subprocess.run(["bash", "-c", f'"{quotes}" search x | head -c 1; echo "${{PIPESTATUS[0]}}"'], env=env,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    is_("a reader that leaves ends it quietly", (got.stdout, got.stderr), (b"a0\n", b""))
with Fake(lambda c, m: in_parts(c, m, 7)):
    is_("a part that got lost is noticed", run("search", "x").returncode, 2)

# ---- refusals

with Fake(error(-32001, "this daemon serves the index /other"), greet=False) as fake:
    got = run("add", folder)
    is_("a daemon of another index is refused", got.returncode, 2)
    has("in clear words", got.stderr, b"serves the index /other")
    is_("and never told to change anything", fake.methods(), ["initialize"])
with Fake(error(-10005, "a bracket is not closed", column=5)):
    got = run("search", "a (b")
    is_("a query that cannot be read exits 2", got.returncode, 2)
    has("is shown with the place", got.stderr, b"\n  a (b\n      ^\n")
    has("and points to help", got.stderr, b"quotes help query")
for code, fact in ((-10017, "too much at once"), (-32002, "a daemon that ends")):
    with Fake(error(code, "later")):
        is_(f"{fact}: exits 75", run("search", "x").returncode, 75)
with Fake(error(-32003, "only root may change")):
    is_("what is not allowed exits 2", run("rm", folder).returncode, 2)

# ---- a daemon that misbehaves

for fact, bytes_ in (("no JSON", b"hello\n"), ("half an object", b'{"jsonrpc":"2.0"\n'), ("a list", b"[]\n"),
                     ("brackets without end", b"[" * 200000 + b"\n"), ("an endless line", b"x" * (3 << 20)),
                     ("a wrong type", b'{"id":1,"result":7}\n'), ("a bad escape", b'{"id":1,"result":{"answer":"\\q"}}\n'),
                     ("half a pair", b'{"id":1,"result":{"found":1,"answer":"\\ud800"}}\n'), ("a zero byte", b"\0\n")):
    with Fake(lambda conn, m: conn.sendall(bytes_), greet=False):
        got = run("by", "x", "--timeout", "5")
        tap.ok(f"{fact} from the socket is an error, not a crash", got.returncode in (0, 2, 75), (got.returncode, got.stderr))

calls = []
def dies_once(conn, m):
    calls.append(m)
    if len(calls) == 1:
        conn.shutdown(socket.SHUT_RDWR)
    else:
        result(found=1, shown=1, people=1, answer="late\n")(conn, m)
with Fake(dies_once):
    is_("a question that met an ending daemon is asked again", run("by", "x").stdout, b"late\n")
def dies(conn, m):
    say(conn, method="progress", params={"id": m["id"], "files": 3, "files_total": 9})
    conn.shutdown(socket.SHUT_RDWR)
with Fake(dies) as fake:
    got = run("add", folder)
    is_("a daemon that dies during add: exit 75", got.returncode, 75)
    has("with advice", got.stderr, b"Run the same command again: it continues")
    is_("and the add is not sent twice", fake.methods().count("add"), 1)
with Fake(lambda conn, m: None):
    t0 = time.time()
    is_("--timeout ends the waiting with 75", run("by", "x", "--timeout", "1").returncode, 75)
    tap.ok("after that time", 0.8 < time.time() - t0 < 5)

# ---- changes

done = {"files_seen": 3, "files_new": 1234, "files_unchanged": 0, "files_removed": 0, "files_skipped": 1, "articles": 1300,
        "quotes": 98765, "bytes": 4200000, "paths": ["/a"], "skipped": [{"path": "/a/b.jpg", "error": -10006, "reason": "not text"}],
        "skipped_more": 5}
def works(conn, m):
    for i in range(5):
        say(conn, method="progress", params={"id": m["id"], "files": i, "files_total": 5, "articles": i, "quotes": i,
                                             "bytes": i, "path": "/a/" + "é" * 100 + "\x1b[2J.txt"})
        time.sleep(0.05)
    say(conn, id=m["id"], result=done)
os.makedirs(folder + "/archive/sub")
os.symlink("archive", folder + "/link")
with Fake(works) as fake:
    got = run("add", "archive/sub/..", "link/sub", cwd=folder)
    is_("paths are made absolute", fake.asked[-1]["params"], {"paths": [folder + "/archive", folder + "/archive/sub"]})
    has("the closing line has the totals", got.stdout, b"indexed 1,234 files: 1,300 articles, 98,765 quotes, 4.2 MB in ")
    is_("each skipped file is named with its reason", got.stderr,
        b"skipped: /a/b.jpg: not text\nand 5 more; all of them: quotes files --skipped --limit=0\n")
    is_("--json is the result, with a version",
        json.loads(run("add", folder, "--json").stdout), {"format_version": 1, **done})
    got = run("add", folder, "-q")
    tap.ok("-q keeps the skipped files", got.stdout == b"" and b"skipped: " in got.stderr, got)
    is_("a path that is not there exits 2", run("add", folder + "/none").returncode, 2)
    run("rm", "gone/x/", "link/sub/../gone", cwd=folder)
    is_("rm takes what is gone, too", fake.asked[-1]["params"]["paths"], [folder + "/gone/x", folder + "/archive/gone"])
    run("rm", "--erase", folder)
    is_("and erases", fake.asked[-1]["params"].get("erase"), True)
    got = run("reindex", "--force")
    is_("reindex reads all again", (fake.asked[-1]["method"], fake.asked[-1]["params"], got.returncode, got.stderr[:9]), ("reindex", {"force": True}, 0, b"skipped: "))
    many = [f"{folder}/archive/" + "n" * 200 + str(i) for i in range(3000)]
    run("rm", *many, cwd=folder)
    sent = [m["params"]["paths"] for m in fake.asked[-4:] if m["method"] == "rm" and len(m["params"]["paths"]) > 1]
    is_("many paths go as several requests, in order", sum(sent, []), many)
    status, seen = on_terminal("add", folder, columns=60)
    has("on a terminal there is a bar", seen, b"/5 files")
    tap.ok("that is taken away at the end", b"\r\x1b[Kindexed" in seen or b"\r\x1b[K" in seen.split(b"indexed")[0][-8:], seen)
    tap.ok("and no name steers the terminal", b"\x1b[2J" not in seen, seen)
    tap.ok("nor is wider than it", max(len(l.decode(errors="replace").replace("\x1b[K", "")) for l in seen.split(b"\r") if b"files" in l and b"ind" not in l) <= 60, seen)
    text = ("é“\n" * 100000).encode()
    run("add", "-", "--title", "T", "--date=2025-04-03", "--source", "S", "--url", "u", input=text)
    puts = [m["params"] for m in fake.asked if m["method"] == "put"]
    is_("a document on standard input goes in pieces", "".join(p["text"] for p in puts).encode(), text)
    is_("all but the last say that more follows", [p["more"] for p in puts], [True] * (len(puts) - 1) + [False])
    is_("with what is known about it", {k: puts[-1].get(k) for k in ("title", "date", "source", "url")},
        {"title": "T", "date": "2025-04-03", "source": "S", "url": "u"})
    n = len(fake.asked)
    for input, fact in ((b"", "nothing"), (b"caf\xe9", "Latin-1"), (b"a\0b", "a zero byte"), (b"x" * (17 << 20), "17 MiB")):
        is_(f"{fact} on standard input exits 2", run("add", "-", input=input).returncode, 2)
    is_("and reaches nobody", len([m for m in fake.asked[n:] if m["method"] == "put"]), 0)

with Fake(result(**{**done, "files_new": 0})):
    is_("when nothing could be read, add exits 1", run("add", folder).returncode, 1)

cancelled = []
def until_cancelled(conn, m):
    if m["method"] == "$/cancelRequest":
        cancelled.append(m["params"]["id"])
        say(conn, id=m["params"]["id"], error={"code": -32800, "message": "cancelled"})
    else:
        say(conn, method="progress", params={"id": m["id"], "files": 2, "files_total": 9})
with Fake(until_cancelled) as fake:
    p = subprocess.Popen([quotes, "add", folder], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while "add" not in fake.methods():
        time.sleep(0.01)
    time.sleep(0.1)
    p.send_signal(signal.SIGINT)
    out, err = p.communicate(timeout=20)
    is_("Ctrl-C during add exits 130", p.returncode, 130)
    is_("after the daemon was told", len(cancelled), 1)
    has("and says how far it came", err, b"2 of 9 files")

# ---- starting

shutil.copy(quotes, folder + "/bin/quotes")
with open(folder + "/bin/quoted", "w") as f:
    f.write('#!/bin/sh\necho "the index is in flames" >&2\nexit 1\n')
os.chmod(f.name, 0o755)
t0 = time.time()
got = subprocess.run([folder + "/bin/quotes", "by", "x"], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                     stderr=subprocess.PIPE)
is_("a daemon that ends at once: exit 3", got.returncode, 3)
has("with the daemon's own words", got.stderr, b"the index is in flames")
tap.ok("without waiting", time.time() - t0 < 5)

if os.geteuid() == 0:
    with Fake(result(found=1, shown=1, answer="stolen\n")) as fake:
        os.chmod(folder, 0o755), os.chmod(folder + "/sock", 0o777)
        reader = subprocess.run([quotes, "by", "x", "--no-daemon"], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        is_("a daemon of root is trusted", reader.returncode, 0)
    other = 'import os,socket,sys; os.setuid(65534); s=socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); print(flush=True); sys.stdin.read()'
    os.chmod(folder, 0o777)
    p = subprocess.Popen([sys.executable, "-c", other, folder + "/sock"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    p.stdout.readline()
    got = run("by", "x", "--no-daemon")
    is_("a daemon of another user is not asked", got.returncode, 2)
    has("and that is said", got.stderr, b"belongs to another user")
    p.communicate()
else:
    tap.skip("a daemon of another user is not asked", "only root can be another user")

# ---- at run time: libc alone

for name in ("quotes", "libquotes.so"):
    got = subprocess.run(["readelf", "-dW", f"{private.B}/{name}"], stdout=subprocess.PIPE)
    needed = sorted(line.split("[")[1].rstrip("]") for line in got.stdout.decode().splitlines() if "(NEEDED)" in line)
    sanitizers = ("libasan", "libubsan", "libtsan", "libgcc_s", "libstdc++", "libm.so")
    rest = [n for n in needed if not n.startswith(sanitizers)] if "libasan" in str(needed) or "libtsan" in str(needed) else needed
    is_(f"{name} needs libc only", rest, ["libc.so.6"])
shutil.rmtree(folder, ignore_errors=True)
tap.done()
