"""t_protocol.py -- docs/PROTOCOL.md tells the truth: its reference is what wire/requests.h says, and every example is run as it
stands there, against a daemon of our own. Prints TAP.

An example is an indented block. Lines that begin with → are sent, in one piece up to the next ←; those with ← must come, in this
order. `another →` and `another ←` are a second client's. A line without an arrow continues the one before it. Each block is a
connection of its own; the daemon is the same for all, and starts anew behind the block that stops it. A block of "$ cat PATH"
is a file of the archive, written before anything else. /home/ada is the home of the test.

An answer is compared member by member, in order. Only these stand for others:

    …                 as a value: any value; as the last of a list or of an object: whatever else it holds
    "… words …"       in a text: any text in its place
    VARIES, below     members that hang on the time or the machine: another value of the same make

`progress` and `changed` come when they come: those that an example does not show are passed over, and of progress shown it is
enough that what comes looks so.
"""
import json
import os
import re
import signal
import socket
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import private

HOME = "/home/ada"
DOCUMENT = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "docs/PROTOCOL.md")
NUMBER = r"[0-9]+"
MEETINGS = 100 if "san" in private.B else 700  # sanitizers take their time
VARIES = {"generation": NUMBER, "pid": NUMBER, "uptime": NUMBER, "instance": r"[0-9a-f]{32}"}
ANY = object()


class Object(list):
    """The members of an object, in order."""


class Strange(Exception):
    pass


# ---- what the document says ----

TOKEN = re.compile(r'\s*([{}\[\],:…]|"(?:[^"\\]|\\.)*"|-?[0-9.]+(?:[eE][-+]?[0-9]+)?|true|false|null)')


def pattern(text):
    """The answer as it is written in the document: … is ANY."""
    at = 0

    def token():
        nonlocal at
        m = TOKEN.match(text, at)
        if not m:
            raise Strange(f"no JSON at {text[at:at + 40]!r}")
        at = m.end()
        return m[1]

    def items(closing, one):
        out = []
        while (t := token()) != closing:
            out.append(one(t))
            if (t := token()) == closing:
                break
            if t != ",":
                raise Strange(f"a comma is missing before {text[at - 1:at + 40]!r}")
        return out

    def member(t):
        if t == "…":
            return ANY
        if token() != ":":
            raise Strange(f"no colon behind {t}")
        return json.loads(t), value(token())

    def value(t):
        if t == "…":
            return ANY
        if t == "{":
            return Object(items("}", member))
        if t == "[":
            return items("]", value)
        return json.loads(t)

    out = value(token())
    if text[at:].strip():
        raise Strange(f"something stands behind: {text[at:at + 40]!r}")
    return out


def actual(text):
    return json.loads(text, object_pairs_hook=Object)


def fits(want, got, name=None):
    if want is ANY:
        return True
    if name in VARIES and want not in (None, ""):
        return all(isinstance(x, (int, str)) and re.fullmatch(VARIES[name], str(x)) for x in (want, got)) and type(want) == type(got)
    if isinstance(want, str) and isinstance(got, str):
        return re.fullmatch(".*".join(map(re.escape, want.split("…"))), got, re.S) is not None
    if type(want) != type(got):
        return False
    if not isinstance(want, list):
        return want == got
    members = isinstance(want, Object)
    if want and want[-1] is ANY:
        want, got = want[:-1], got[:len(want) - 1]
    if len(want) != len(got):
        return False
    if members:
        return all(w is not ANY and w[0] == g[0] and fits(w[1], g[1], w[0]) for w, g in zip(want, got))
    return all(fits(w, g) for w, g in zip(want, got))


def blocks(text):
    """(line number, lines) of each indented block."""
    out, now = [], None
    for n, line in enumerate(text.split("\n"), 1):
        if line.startswith("    "):
            if now is None:
                now = (n, [])
                out.append(now)
            now[1].append(line[4:])
        else:
            now = None
    return out


def steps(lines):
    """[who, arrow, text] of each message of a block; None when it is no example."""
    out = []
    for line in lines:
        if m := re.match(r"(another )?([→←])(?: (.*))?$", line):
            out.append([m[1] or "", m[2], m[3] or ""])
        elif not out:
            return None
        else:
            out[-1][2] += line.strip()
    return out


# ---- a client ----

class Client:
    def __init__(self, path, home, headers):
        self.s = socket.socket(socket.AF_UNIX)
        self.s.settimeout(120)
        self.s.connect(path)
        self.f = self.s.makefile("rb")
        self.home, self.headers = home, headers

    def send(self, text):
        self.s.sendall(text.replace(HOME, self.home).encode())

    def read(self):
        if not self.headers:
            line = self.f.readline()
        else:
            head = self.f.readline()
            if not re.fullmatch(rb"Content-Length: [0-9]+\r\n", head) or self.f.readline() != b"\r\n":
                raise Strange(f"no header, but {head!r}")
            line = self.f.read(int(head.split()[1]))
        return line.decode().strip().replace(self.home, HOME)


def method_of(message):
    return dict(message).get("method") if isinstance(message, Object) else None


def expect(client, want, progress):
    """Reads until the wanted message has come; says what came in its place, or nothing."""
    wanted = pattern(want)
    while True:
        line = client.read()
        if not line:
            return f"nothing came in place of {want}"
        got = actual(line)
        if method_of(got) == "progress" and method_of(wanted) != "progress":
            if progress and not fits(progress[-1], got):
                return f"progress is said so: {line}"
            continue
        if method_of(got) == "changed" and method_of(wanted) != "changed":
            continue
        return "" if fits(wanted, got) else f"wanted {want}\ncame   {line}"


def run(daemon, block):
    """Runs an example; returns what is wrong with it, or nothing."""
    headers = block[0][2].startswith("Content-")
    clients, progress, pieces = {}, [], {}
    for i, (who, arrow, text) in enumerate(block):
        if who not in clients:
            clients[who] = Client(daemon.sock, daemon.home, headers and not who)
        client = clients[who]
        if arrow == "→":
            pieces[who] = pieces.get(who, "") + text + ("\r\n" if text.startswith("Content-") or not text else "" if client.headers else "\n")
            if i + 1 == len(block) or tuple(block[i + 1][:2]) != (who, "→"):
                client.send(pieces.pop(who))
        elif client.headers and (text.startswith("Content-Length: ") or not text):
            pass  # read() looks at them
        elif method_of(pattern(text)) == "progress":
            progress.append(pattern(text))
            daemon.progress = progress[-1]
        elif wrong := expect(client, text, progress):
            return wrong
    if any(arrow == "→" and '"method":"stop"' in text for _, arrow, text in block):
        daemon.again()
        return ""
    for client in clients.values():
        last = '{"id":"no more","method":"cancel"}'
        client.send(f"Content-Length: {len(last)}\r\n\r\n{last}" if client.headers else last + "\n")
        if wrong := expect(client, '{"jsonrpc":"2.0","id":"no more","error":…}', progress):
            return "more came than the example shows: " + wrong
    return ""


class Daemon(private.Private):
    """In a home of its own, with the places that a daemon has by itself."""

    def __init__(self):
        super().__init__()
        self.home = os.path.realpath(self.dir)
        os.mkdir(self.dir + "/run", 0o700)
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(("QUOTED_", "XDG_"))}
        self.env |= {"HOME": self.home, "XDG_RUNTIME_DIR": self.home + "/run", "LC_ALL": "C.UTF-8"}
        self.sock = self.home + "/run/quoted/sock"
        self.progress = None

    def again(self):
        if self.daemon.wait(60) != 0:
            raise Strange("the daemon did not end in order")
        self.start()


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def write_archive(daemon, document):
    """The files that the document shows; and minutes of so many meetings that a question about them takes long."""
    shown = []
    for _, lines in blocks(document):
        if m := re.fullmatch(r"\$ cat (.*)", lines[0]):
            write(m[1].replace(HOME, daemon.home), "\n".join(lines[1:]) + "\n")
            shown.append(m[1])
    write(daemon.home + "/minutes/long.txt", "The long session\n\n3 May 2025\n\n" + "\n\n".join(
        f"“Item {i} of the agenda of the long session is carried, and nobody spoke against it,” said Berit Longwind, the clerk."
        for i in range(120)) + "\n")
    write(daemon.home + "/minutes/all.jsonl", "".join(json.dumps({
        "title": f"Minutes {i}", "date": "2020-01-02", "text": "\n\n".join(
            f"“Motion {i * 40 + k} of the assembly is carried,” said Clerk Olga Minuteman." for k in range(40))}) + "\n" for i in range(MEETINGS)))
    return shown


# ---- the rules of comparing, by themselves ----

def rules(tap):
    for want, got, good in [
            ('{"a":1}', '{"a":1}', True), ('{"a":1}', '{"a":2}', False), ('{"a":1}', '{"b":1}', False), ('{"a":1}', '{"a":1,"b":2}', False),
            ('{"a":1,…}', '{"a":1,"b":2}', True), ('{"a":1,…}', '{"b":2,"a":1}', False), ('{"a":1,"b":2}', '{"b":2,"a":1}', False),
            ('{…,"a":1}', '{"b":2,"a":1}', False), ('{"a":…}', '{"a":{"b":1}}', True), ('{"a":…}', '{"b":1}', False),
            ('[1,…]', '[1,2,3]', True), ('[1,…]', '[2,3]', False), ('[1]', '[1,2]', False), ('"a…c"', '"abc"', True), ('"a…c"', '"abd"', False),
            ('"a"', '"ab"', False), ('{"pid":1,…}', '{"pid":77,"b":1}', True), ('{"a":…,…}', '{"a":7,"b":1}', True), ('1', 'true', False), ('1', '1.0', False), ('{}', '[]', False), ('{"pid":1}', '{"pid":77}', True),
            ('{"pid":1}', '{"pid":"77"}', False), ('{"pid":1}', '{"pid":-1}', False), ('{"id":1}', '{"id":2}', False),
            ('{"instance":"' + "0" * 32 + '"}', '{"instance":"' + "a1" * 16 + '"}', True),
            ('{"instance":"' + "0" * 32 + '"}', '{"instance":"A"}', False)]:
        tap.ok(f"comparing: {want} is {'' if good else 'not '}{got}"[:110], fits(pattern(want), actual(got)) == good)
    for text in "", "{", '{"a" 1}', "{1}", "[1 2]", "{} {}":
        try:
            pattern(text)
            tap.ok(f"comparing: {text!r} is no JSON", False)
        except (Strange, json.JSONDecodeError, TypeError):
            tap.ok(f"comparing: {text!r} is no JSON", True)


def controls(tap, daemon):
    """Examples that lie must be found out."""
    right = ['→ {"id":1,"method":"by","params":{"speaker":"venn","count":true}}', '→ {"id":2,"method":"fly"}',
             '← {"jsonrpc":"2.0","id":1,"result":{"found":2,"shown":0,"format":"json","answer":{"format_version":1,"total":2}}}',
             '← {"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"there is no method \\"fly\\""}}']
    tap.ok("a true example is found true", run(daemon, steps(right)) == "", run(daemon, steps(right)))
    for fact, lie in [
            ("a wrong value", [right[0], right[1], right[2].replace('"total":2', '"total":1'), right[3]]),
            ("a wrong name", [right[0], right[1], right[2].replace("shown", "showed"), right[3]]),
            ("a member that is not there", [right[0], right[1], right[2].replace('"shown":0,', '"shown":0,"people":0,'), right[3]]),
            ("answers in another order", [right[0], right[1], right[3], right[2]]),
            ("an answer too few", right[:3])]:
        tap.ok(f"an example with {fact} is found out", run(daemon, steps(lie)) != "")


def defaults(tap, daemon, document):
    """What the reference says of a parameter that is left out: written out, it changes nothing."""
    needed = {"speaker": "venn", "query": "ferry", "id": "zqc9k6wykptw"}
    client, checked = Client(daemon.sock, daemon.home, False), 0
    for method, part in re.findall(r"^<!-- ([a-z_]+): made by `make docs` -->\n(.*?)^<!-- end -->", document, re.M | re.S):
        rows = re.findall(r"^\| `([a-z_]+)` \| [a-z]+ \| (.*?) \| .* \|$", part, re.M)
        if method not in ("by", "search", "show", "context", "speakers", "files", "verify"):
            continue
        least = {name: needed[name] for name, otherwise in rows if otherwise == "needed"}
        full = least | {name: json.loads(otherwise) for name, otherwise in rows if otherwise not in ("needed", "null")}
        answers = []
        for params in least, full:
            client.send(json.dumps({"id": 1, "method": method, "params": params}) + "\n")
            answers.append(client.read())
        checked += len(full) - len(least)
        tap.ok(f"{method}: parameters that are left out are what the reference says", "result" in answers[0] and answers[0] == answers[1], answers)
    tap.ok("the reference has parameters that may be left out", checked > 20, checked)


def main():
    tap = private.Tap()
    with open(DOCUMENT, encoding="utf-8") as f:
        document = f.read()
    made = subprocess.run([private.B + "/docs/reference"], input=document.encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    tap.ok("the reference is what wire/requests.h says; else: make docs", made.stdout.decode() == document, made.stderr.decode())
    rules(tap)
    with Daemon() as daemon:
        shown = write_archive(daemon, document)
        daemon.start()
        c = Client(daemon.sock, daemon.home, False)
        c.send(json.dumps({"id": 1, "method": "add", "params": {"paths": [os.path.dirname(p) for p in shown[:1]] + [HOME + "/minutes"]}}) + "\n")
        progress = []
        while method_of(got := actual(c.read())) == "progress":
            progress.append(got)
        tap.ok("the archive of the examples is brought in", not any(k == "error" for k, _ in got), got)
        controls(tap, daemon)
        examples = [(n, block) for n, lines in blocks(document) if (block := steps(lines))]
        for n, block in examples:
            try:
                wrong = run(daemon, block)
            except (Strange, OSError, ValueError) as e:
                wrong = f"{type(e).__name__}: {e}"
            tap.ok(f"PROTOCOL.md, line {n}: {block[0][2][:80]}", not wrong, wrong)
        defaults(tap, daemon, document)
        tap.ok("a long run tells how far it is, as an example shows", daemon.progress is not None and progress != [] and
               all(fits(daemon.progress, p) for p in progress), progress[:1])
        asked = set(re.findall(r'"method":"([a-z_]+)"', "".join(text for _, block in examples for _, arrow, text in block if arrow == "→")))
        every = set(re.findall(r"^<!-- ([a-z_]+): made by", document, re.M)) - {"methods", "errors", "limits"}
        tap.ok("every method has an example", every - asked == set(), every - asked)
        tap.ok("the daemon ends in order", daemon.end() == 0, open(daemon.dir + "/log", errors="replace").read()[-2000:])
    tap.done()


main()
