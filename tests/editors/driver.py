"""driver.py -- what the tests of the editors have in common: an archive, a daemon that they may kill and start, servers that are
no daemon, and the way their facts become TAP.

A script in an editor writes its facts to $QUOTES_TEST/facts, a line each ("ok - fact", or "not ok - fact" and a line "# why"; "#: figures" are printed), and asks for things
by making a file $QUOTES_TEST/do-WORD; when it is done the file is gone.
"""
import contextlib
import json
import os
import pty
import shutil
import socket
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import private

ROOT = os.path.dirname(os.path.dirname(HERE))
ODD_FOLDER = "odd | 5% #1 `touch pwned` $HOME [a]* 'q' \"w\" \\n"  # what an editor's command line minds

# Words that would do something if they went through a command, a pattern or a key: they must come out as they went in.
ODD = "Say {speaker} & ~ \\0 \\n %s # % $(touch pwned) `touch pwned` | quit! <CR> <Esc> 'q' \t tab and \x07 bell"


def write_archive(folder):
    shutil.copytree(HERE + "/archive", folder)
    odd = f"{folder}/{ODD_FOLDER}"
    os.mkdir(odd)
    for name in "pier #2 | `x`.txt", "pier #2 | `x`.txt~": # the second is not of the archive
        with open(f"{odd}/{name}", "w", encoding="utf-8") as f:
            f.write("Notes from the pier\n\nŻółć – “A bell may ring,” said Odd Überfeld.\n\nvim: set shiftwidth=7:\n")
    with open(odd + "/words.jsonl", "w", encoding="utf-8") as f:
        f.write(json.dumps({"title": "Odd \t words", "text": f"Odd words. “{ODD}\nand a second line,” said Odd Jsonfeld.", "date": "2025-02-02"}) + "\n")
    with open(folder + "/long.jsonl", "w", encoding="utf-8") as f:
        for i in range(6):
            goods = "a rope, a barrel, " * 12
            said = [f"“Row {i * 100 + k} of the ledger holds {goods}and a lantern,” said Nadia Overlong." for k in range(100)]
            record = {"title": f"Ledger {i}", "text": "\n\n".join(said), "date": f"2024-0{i + 1}-01"}
            f.write(json.dumps(record, ensure_ascii=False) + "\n")


class Fake:
    """A server at PATH that is no daemon. `how` takes a connection's file and does what it likes with it."""

    def __init__(self, path, how):
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(16)
        self.how = how
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        try:
            self.how(connection, connection.makefile("rwb"))
        except (OSError, ValueError):
            pass
        connection.close()


def silent(connection, f):
    """Never answers, and writes down what it was asked."""
    while line := f.readline():
        with open(os.path.dirname(os.path.dirname(connection.getsockname())) + "/asked", "ab") as asked:
            asked.write(line)


def garbage(_, f):
    for i in range(1000):
        f.readline()
        f.write(b"\xff\xfe{]not json\x00\n" * 3)
        f.flush()


def endless(connection, f):
    f.readline()
    while True:
        connection.sendall(b"[" * 65536)


def answers(make):
    """Answers every question by what `make` says."""
    def how(_, f):
        for line in f:
            question = json.loads(line)
            if "id" in question:
                answer = make(question)
                f.write((answer if isinstance(answer, bytes) else json.dumps(answer).encode()) + b"\n")
                f.flush()
    return how


def result(value):
    return answers(lambda q: {"jsonrpc": "2.0", "id": q["id"], "result": value})


def refused(_, f, number="null"):
    """As the daemon does with one connection too many, when it refuses many already."""
    f.write(b'{"jsonrpc":"2.0","id":%s,"error":{"code":-10017,"message":"too many clients are connected"}}\n' % number.encode())
    f.flush()


def not_let_in(_, f):
    """As it does else: the first request is answered so, and nothing more."""
    refused(_, f, json.dumps(json.loads(f.readline())["id"]))
    for _ in f:
        pass


def gone(_, f):
    f.readline()


def slow(_, f):
    """Answers each question to search so late that the next ones came before; the older the later."""
    lock = threading.Lock()

    def answer(question, wait):
        time.sleep(wait)
        query = question["params"].get("query", question["params"].get("speaker", ""))
        row = {"id": query, "text": "answer to " + query, "speaker": {"name": "Slow Server"}, "source": {"path": "/nowhere", "line": 1}}
        result = {"found": 1, "shown": 1, "format": "json", "answer": {"quotes": [row], "people": []}}
        with lock, contextlib.suppress(OSError, ValueError): # the editor may be gone by now
            f.write(json.dumps({"id": question["id"], "result": result}).encode() + b"\n")
            f.flush()

    wait = 1.0
    for line in f:
        question = json.loads(line)
        if question.get("method") in ("search", "by", "context"):
            threading.Thread(target=answer, args=(question, wait), daemon=True).start()
            wait = max(0.05, wait - 0.2)


SHAPES = {  # answers that are JSON-RPC and yet none
    "numbers": {"found": "x", "shown": [], "format": "json", "did_you_mean": 3,
                "answer": {"quotes": [1, "a", None, {"text": 5, "speaker": "x", "source": 3}], "people": 7,
                           "documents": [None, 3, {"quotes": 4, "passages": "p"}], "speakers": [None, {"name": 3}]}},
    "nothing": {},
    "null": {"found": None, "shown": None, "answer": None},
    "parts": {"found": 1, "shown": 1, "format": "json", "parts": 2, "bytes": 99},
    "odd-parts": {"found": 1, "parts": "x", "bytes": "y", "format": 7},
    "text": {"found": 1, "shown": 1, "format": "json", "answer": "not an object"},
}


def fakes(folder):
    made = {"silent": silent, "garbage": garbage, "endless": endless, "refused": refused, "refused-first": not_let_in, "gone": gone, "slow": slow,
            "list": answers(lambda q: [1, 2, 3]), "deep": answers(lambda q: b"[" * 5000 + b"]" * 5000),
            "method": answers(lambda q: {"id": q["id"], "method": 5, "params": [1]}),
            "part": answers(lambda q: {"method": "part", "params": {"id": q["id"], "text": {}}}),
            "broken-parts": answers(lambda q: b'{"method":"part","params":{"id":%d,"text":"["}}\n{"id":%d,"result":{"format":"json","parts":1,"bytes":1}}'
                                    % (q["id"], q["id"])),
            "error": answers(lambda q: {"id": q["id"], "error": {"code": "x", "message": ["\n\x1b[31m", 1]}})}
    made.update({"shape-" + name: result(value) for name, value in SHAPES.items()})
    os.mkdir(folder)
    for name, how in made.items():
        Fake(f"{folder}/{name}", how)
    return sorted(made)


class Screen:
    """A process in a terminal of its own; what it wrote there."""

    def __init__(self, argv, env, cwd):
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(argv, env=env, cwd=cwd, stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
        os.close(slave)
        os.set_blocking(self.master, False)
        self.written = b""

    def look(self):
        """True while it runs, and does not stand at a message that somebody has to read."""
        try:
            self.written += os.read(self.master, 1 << 16)
        except OSError:
            pass
        return self.process.poll() is None and b"Press ENTER" not in self.written

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        status = self.process.wait()
        os.close(self.master)
        return status


def run(tap, scripts):
    """Runs each of `scripts`, (name, argv, environment), beside a private daemon and tells their facts."""
    with private.Private() as a:
        write_archive(a.dir + "/archive")
        a.start()
        a.quotes("add", a.dir + "/archive")
        for name, argv, more in scripts(fakes(a.dir + "/fake")):
            facts = f"{a.dir}/facts"
            env = dict(a.env, QUOTES_TEST=a.dir, QUOTES_ROOT=ROOT, QUOTES_ODD=ODD, HOME=a.dir,
                       XDG_CONFIG_HOME=a.dir + "/config", XDG_RUNTIME_DIR=a.dir, QUOTES_LIBRARY=private.B + "/libquotes.so", TERM="xterm", **more)
            open(facts, "w").close()
            screen = Screen(argv, env, a.dir)
            end = time.time() + 400
            while screen.look() and time.time() < end:
                for word in "kill", "start", "change":
                    if os.path.exists(f"{a.dir}/do-{word}"):
                        wish(a, word)
                        os.remove(f"{a.dir}/do-{word}")
                time.sleep(0.01)
            status = screen.end()
            lines = open(facts, encoding="utf-8", errors="replace").read().splitlines()
            for i, line in enumerate(lines):
                if line.startswith("#: "):
                    print(line, flush=True)
                elif not line.startswith("# "):
                    tap.ok(line.split(" - ", 1)[-1], line.startswith("ok"), lines[i + 1][2:] if lines[i + 1:] else "")
            tap.ok(f"{name} came to its end", status == 0 and lines, f"status {status}\n{screen.written.decode(errors='replace')}")
        tap.ok("nothing that stood in a quote or a path was run", not was_run(a.dir))
        subprocess.run(["sh", "-c", ODD.split("$(")[1].split(")")[0]], cwd=a.dir + "/archive", check=True)
        tap.ok("(and it would have been seen)", was_run(a.dir))


def was_run(folder):
    return any("pwned" in files for _, _, files in os.walk(folder))


def wish(a, word):
    """What a script asks for."""
    if word == "kill":
        a.end(9)
    elif word == "start":
        a.start()
    else:
        os.makedirs(a.dir + "/archive/later", exist_ok=True)
        with open(a.dir + "/archive/later/new.txt", "w", encoding="utf-8") as f:
            f.write("News\n\nThe harbour is full. “The harbour is full of umbrellas,” said Zofia Łukaszek.\n")
        a.quotes("reindex")
