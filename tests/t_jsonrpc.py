"""t_jsonrpc.py -- the rules of JSON-RPC 2.0 and of the two framings, as a client that knows only them would try them: what is a
request, what is answered, in what words it is refused, and that a connection goes on after each mistake. Prints TAP.
"""
import json
import os
import socket
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import private

MIB = 1 << 20
VALID = '{"jsonrpc":"2.0","id":1,"method":"speakers","params":{"limit":1}}'


class Client:
    """Bytes out, messages in. `headers` reads as a language server's client does."""

    def __init__(self, path, headers=False):
        self.s = socket.socket(socket.AF_UNIX)
        self.s.settimeout(60)
        self.s.connect(path)
        self.f = self.s.makefile("rb")
        self.headers = headers

    def send(self, text):
        self.s.sendall(text if isinstance(text, bytes) else text.encode())
        return self

    def read(self):
        """The next message; None at the end of the connection."""
        if not self.headers:
            line = self.f.readline()
            return json.loads(line) if line else None
        length = None
        while (line := self.f.readline()) != b"\r\n":
            if not line:
                return None
            name, value = line.split(b":")
            assert name == b"Content-Length" and line.endswith(b"\r\n"), line
            length = int(value)
        return json.loads(self.f.read(length))

    def ask(self, line):
        return self.send(line + ("\n" if isinstance(line, str) else b"\n")).read()

    def nothing(self):
        """True when nothing but the answer to this question comes: what was sent before was not answered."""
        return (self.ask('{"id":"last","method":"speakers"}') or {}).get("id") == "last"


def code(r):
    return r["error"]["code"] if isinstance(r, dict) and "error" in r else r


def shape(r):
    """What the standard says of every answer: these members and no others."""
    if r is None or r.get("jsonrpc") != "2.0" or "id" not in r or ("result" in r) == ("error" in r) or len(r) != 3:
        return False
    if "error" not in r:
        return True
    e = r["error"]
    return set(e) <= {"code", "message", "data"} and isinstance(e["code"], int) and e["code"] < 0 and len(e["message"]) > 5


def framed(body, *headers):
    body = body if isinstance(body, bytes) else body.encode()
    return "".join(h + "\r\n" for h in headers or (f"Content-Length: {len(body)}",)).encode() + b"\r\n" + body


def nested(depth):
    """A request in which brackets stand so deep inside each other; the parameter is unknown, so it is refused if it is read."""
    inner = depth - 2
    return '{"id":1,"method":"speakers","params":{"x":' + "[" * inner + "]" * inner + "}}"


# (what it is, what is sent, the code or None for an answer, its id)
SINGLE = [
    ("a request", VALID, None, 1),
    ("a request without jsonrpc", '{"id":1,"method":"speakers"}', None, 1),
    ("an id that is a text", '{"jsonrpc":"2.0","id":"a/\\u00e9\\"","method":"speakers"}', None, 'a/é"'),
    ("an id that is null", '{"jsonrpc":"2.0","id":null,"method":"speakers"}', None, None),
    ("an id below zero", '{"id":-7,"method":"speakers"}', None, -7),
    ("an id of 63 bits", '{"id":9223372036854775807,"method":"speakers"}', None, 9223372036854775807),
    ("an id of 200 bytes", '{"id":"' + "x" * 200 + '","method":"speakers"}', None, "x" * 200),
    ("an empty id", '{"id":"","method":"speakers"}', None, ""),
    ("white space and members in another order", ' { "params" : { } , "method" : "speakers" ,\t"id" : 5 } \r', None, 5),
    ("a member that no request has", '{"id":5,"method":"speakers","extra":[1]}', None, 5),
    ("32 brackets inside each other are read", nested(32), -32602, 1),
    ("33 are not", nested(33), -32700, None),
    ("brackets in texts do not count", '{"id":1,"method":"speakers","params":{"x":"' + "[" * 99 + '"}}', -32602, 1),
    ("another version of JSON-RPC", '{"jsonrpc":"1.0","id":1,"method":"speakers"}', -32600, 1),
    ("a version that is a number", '{"jsonrpc":2.0,"id":1,"method":"speakers"}', -32600, 1),
    ("an id with a fraction", '{"id":1.5,"method":"speakers"}', -32600, None),
    ("an id that is true", '{"id":true,"method":"speakers"}', -32600, None),
    ("an id that is a list", '{"id":[1],"method":"speakers"}', -32600, None),
    ("an id of 201 bytes", '{"id":"' + "x" * 201 + '","method":"speakers"}', -32600, None),
    ("an id of 64 bits", '{"id":9223372036854775808,"method":"speakers"}', -32700, None),
    ("an object that is no request", '{"foo":"boo"}', -32600, None),
    ("a method that is no text", '{"jsonrpc":"2.0","method":1,"params":"bar"}', -32600, None),
    ("a method that is no text, with an id", '{"jsonrpc":"2.0","id":3,"method":1}', -32600, 3),
    ("an answer of ours sent back", '{"jsonrpc":"2.0","id":3,"result":{}}', -32600, 3),
    ("a number", "17", -32600, None),
    ("a text", '"speakers"', -32600, None),
    ("null", "null", -32600, None),
    ("an unknown method", '{"id":4,"method":"fly"}', -32601, 4),
    ("a method in capitals", '{"id":4,"method":"Speakers"}', -32601, 4),
    ("an unknown method with half a character at its 60th byte", '{"id":4,"method":"' + "x" * 59 + 'é"}', -32601, 4),
    ("parameters by position", '{"id":4,"method":"speakers","params":["venn"]}', -32602, 4),
    ("parameters by position, none of them", '{"id":4,"method":"speakers","params":[]}', -32602, 4),
    ("parameters that are a text", '{"id":4,"method":"speakers","params":"venn"}', -32602, 4),
    ("a parameter that is null", '{"id":4,"method":"speakers","params":{"limit":null}}', -32602, 4),
    ("a number with a fraction", '{"id":4,"method":"speakers","params":{"limit":1.0}}', -32602, 4),
    ("half a message", '{"id":4,"method":', -32700, None),
    ("two messages on a line", '{"id":4,"method":"speakers"}{"id":5,"method":"speakers"}', -32700, None),
    ("a comma too many", '{"id":4,"method":"speakers",}', -32700, None),
    ("a key twice", '{"id":4,"method":"speakers","id":5}', -32700, None),
    ("a key twice, once in disguise", '{"id":4,"method":"speakers","i\\u0064":5}', -32700, None),
    ("a parameter twice", '{"id":4,"method":"speakers","params":{"limit":1,"limit":2}}', -32700, None),
    ("a number that JSON does not have", '{"id":04,"method":"speakers"}', -32700, None),
    ("NaN", '{"id":4,"method":"speakers","params":{"limit":NaN}}', -32700, None),
    ("marks that are not JSON's", "{'id':4,'method':'speakers'}", -32700, None),
    ("a byte order mark", b"\xef\xbb\xbf" + VALID.encode(), -32700, None),
    ("a NUL between members", b'{"id":4,\x00"method":"speakers"}', -32700, None),
    ("a NUL in a text", b'{"id":4,"method":"speakers","params":{"speaker":"a\x00b"}}', -32700, None),
    ("a NUL in a text, written as an escape", '{"id":4,"method":"speakers","params":{"speaker":"a\\u0000b"}}', -32700, None),
    ("a byte that is not UTF-8", b'{"id":4,"method":"speakers","params":{"speaker":"\xff"}}', -32700, None),
    ("UTF-8 that is longer than it need be", b'{"id":4,"method":"speakers","params":{"speaker":"\xc0\xaf"}}', -32700, None),
    ("half a surrogate as UTF-8", b'{"id":4,"method":"speakers","params":{"speaker":"\xed\xa0\x80"}}', -32700, None),
    ("half a surrogate", '{"id":4,"method":"speakers","params":{"speaker":"\\ud83d"}}', -32700, None),
    ("the other half", '{"id":4,"method":"speakers","params":{"speaker":"\\ude00"}}', -32700, None),
    ("both halves are a character", '{"id":4,"method":"speakers","params":{"speaker":"\\ud83d\\ude00"}}', None, 4),
    ("a control character in a text", b'{"id":4,"method":"speakers","params":{"speaker":"a\x01"}}', -32700, None),
    ("a client that speaks only older versions", '{"id":4,"method":"initialize","params":{"protocol":0}}', -32004, 4),
    ("a client that speaks only newer versions", '{"id":4,"method":"initialize","params":{"protocol":9,"oldest":2}}', -32004, 4),
    ("a client that speaks newer versions, too", '{"id":4,"method":"initialize","params":{"protocol":9,"oldest":1}}', None, 4),
    ("a language of editors that runs commands", '[3,"speakers"]', [-32600, -32600], [None, None]),
]

# What was answered once is answered from memory; a mistake is refused there, too. (the mistake, its code)
AGAIN = '{"id":4,"method":"speakers","params":{"limit":2}}'
FROM_MEMORY = [
    (AGAIN.replace("{", '{"jsonrpc":"1.0",', 1), -32600),
    (AGAIN.replace('"id":4', '"id":04'), -32700),
    (AGAIN.replace("2}", "02}"), -32700),
    (AGAIN.replace("2}", '2,"group":5}'), -32602),
    (AGAIN.replace("2}", '2,"group":[[]]}'), -32602),
    (AGAIN.replace("2}", '2,"group":"' + "x" * 5000 + '"}'), -32602),
    (AGAIN.replace("2}", '2,"deadline_ms":"soon"}'), -32602),
    (AGAIN.replace("2}", '2,"deadline_ms":-1}'), -32602),
    (AGAIN.replace("2}", '2,"deadline_ms":4294967296}'), -32602),
    (AGAIN.replace("2}", '2,"offset":"0"}'), -32602),
    (AGAIN.replace("2}", '2,"offset":00}'), -32700),
    (AGAIN.replace("2}", '2,"color":0}'), -32602),
    (AGAIN.replace("2}", '2,"group":"\\ud800"}'), -32700),
    (AGAIN.replace("2}", '2,"group":"\\q"}'), -32700),
    (AGAIN.replace("2}", '2,"group":"\xff"}').encode("latin-1"), -32700),
    (AGAIN.replace("2}", '2,"group":"x"}'), None),
    (AGAIN.replace("2}", '2,"format":"json"}'), None),
    (AGAIN.replace("2}", '2,"format":"\\u006ason"}'), None),
]


def singles(tap, sock):
    c = Client(sock)
    for fact, line, wanted, id in SINGLE:
        r = c.ask(line)
        rs = r if isinstance(wanted, list) else [r]
        good = all(map(shape, rs)) and [x["id"] for x in rs] == (id if isinstance(id, list) else [id]) and \
            [x.get("error", {}).get("code") for x in rs] == (wanted if isinstance(wanted, list) else [wanted])
        tap.ok(f"{fact}: {wanted or 'answered'}", good, r)
    r = c.ask('{"id":4,"method":"speakers","params":["venn"]}')
    tap.ok("parameters by position are refused in words", "names" in r["error"]["message"], r)
    first = c.ask(AGAIN)
    c.ask('{"id":9,"method":"speakers","params":{"speaker":"\ufffd","limit":1}}')
    for line, wanted in FROM_MEMORY:
        r = c.ask(line)
        good = shape(r) and (r == first if wanted is None else code(r) == wanted)
        tap.ok(f"beside a kept answer: {str(line)[10:90]}: {wanted or 'the same'}", good, (r, first))
    r = c.ask('{"id":9,"method":"speakers","params":{"speaker":"\\ud800","limit":1}}')
    tap.ok("half a surrogate is not taken for the character that stands for it", code(r) == -32700, r)
    tap.ok("after all of that the connection goes on", c.ask(VALID)["id"] == 1)


def notifications(tap, sock):
    c = Client(sock)
    for fact, line in [
            ("a notification", '{"jsonrpc":"2.0","method":"speakers"}'),
            ("one of an unknown method", '{"jsonrpc":"2.0","method":"fly"}'),
            ("one with wrong parameters", '{"jsonrpc":"2.0","method":"by","params":{"speaker":5}}'),
            ("one with parameters by position", '{"jsonrpc":"2.0","method":"by","params":[1]}'),
            ("one whose answer would be long", '{"jsonrpc":"2.0","method":"dump"}'),
            ("one that asks for a descriptor", '{"jsonrpc":"2.0","method":"cache"}'),
            ("a $/ notification that nobody knows", '{"jsonrpc":"2.0","method":"$/setTrace","params":{"value":"off"}}'),
            ("a cancelling of what was never asked", '{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":77}}'),
            ("a cancelling without an id", '{"jsonrpc":"2.0","method":"$/cancelRequest"}'),
            ("a batch of nothing but notifications", '[{"method":"speakers"},{"method":"fly"},{"method":"$/x"}]'),
            ("a batch of nothing but $/ notifications", '[{"method":"$/x"},{"method":"$/y"}]'),
            ("an empty line", ""), ("a line of spaces", "  \t \r")]:
        c.send(line + "\n")
        tap.ok(f"{fact} is not answered", c.nothing())


def batches(tap, sock):
    c = Client(sock)
    r = c.ask('[{"jsonrpc":"2.0","method":"speakers","id":"1"},{"jsonrpc":"2.0","method":"speakers"},{"foo":"boo"},'
              '{"jsonrpc":"2.0","method":"foo.get","params":{"name":"myself"},"id":"5"},1]')
    tap.ok("a batch: answers and errors side by side, of notifications none",
           sorted((str(x["id"]), code(x) if "error" in x else 0) for x in r) ==
           [("1", 0), ("5", -32601), ("None", -32600), ("None", -32600)] and all(map(shape, r)), r)
    tap.ok("an empty batch: one error, no list", code(c.ask("[]")) == -32600)
    r = c.ask("[1,2,3]")
    tap.ok("a batch of what are no requests: an error for each", [code(x) for x in r] == [-32600] * 3, r)
    tap.ok("a batch that is no JSON: one error, no list", code(c.ask('[{"id":1,"method":"speakers"},{"id"]')) == -32700)
    tap.ok("a batch inside a batch is no request", [code(x) for x in c.ask("[[]]")] == [-32600])
    one = '{"id":%d,"method":"speakers"}'
    r = c.ask("[" + ",".join(one % i for i in range(64)) + "]")
    tap.ok("64 in a batch are answered", sorted(x["id"] for x in r) == list(range(64)))
    r = c.ask("[" + ",".join(one % i for i in range(65)) + "]")
    tap.ok("65 are refused as one, in words", code(r) == -32600 and "64" in r["error"]["message"], r)
    r = c.ask("[" + one % 1 + "]")
    tap.ok("a batch of one is a list of one", isinstance(r, list) and [x["id"] for x in r] == [1], r)
    for line in ('[1,"speakers"]', '[1,["speakers"]]', '[0,{"id":1,"method":"speakers"}]', '["call","system",["true"]]', '["ex","q"]',
                 '[{"id":"ex","method":"ex"}]', '[5,{"method":"speakers"}]'):
        r = c.ask(line)
        tap.ok(f"{line}: no answer of ours is a command of Vim's json mode",
               isinstance(r, list) and all(isinstance(x, dict) and shape(x) for x in r), r)


def framings(tap, sock):
    wanted = Client(sock).ask(VALID)
    n = len(VALID)
    for fact, headers in [
            ("as language servers write it", (f"Content-Length: {n}",)),
            ("in small letters", (f"content-length: {n}",)),
            ("in capitals", (f"CONTENT-LENGTH: {n}",)),
            ("without a space", (f"Content-Length:{n}",)),
            ("with many", (f"Content-Length:   {n}  ",)),
            ("behind a Content-Type", ("Content-Type: application/vscode-jsonrpc; charset=utf-8", f"Content-Length: {n}")),
            ("before a Content-Type", (f"Content-Length: {n}", "Content-Type: application/vscode-jsonrpc; charset=utf-8")),
            ("before a header that nobody knows", (f"Content-Length: {n}", "X-Trace: 17"))]:
        c = Client(sock, True).send(framed(VALID, *headers))
        tap.ok(f"headers {fact}", c.read() == wanted)
        tap.ok("and the next message", c.send(framed(VALID)).read() == wanted)
    c = Client(sock, True).send(f"Content-Length: {n}\n\n{VALID}")
    tap.ok("headers whose lines end without a carriage return", c.read() == wanted)
    c = Client(sock, True).send(b"\r\n\r\n" + framed(VALID) + b"\r\n\n" + framed(VALID))
    tap.ok("empty lines between frames are passed over", [c.read(), c.read()] == [wanted, wanted])
    c = Client(sock, True).send(framed("") + framed(VALID))
    tap.ok("an empty frame is passed over", c.read() == wanted)
    c = Client(sock, True).send(framed("{") + framed(VALID))
    tap.ok("a frame that is no JSON is refused, and the connection goes on", [code(c.read()), c.read()] == [-32700, wanted])
    c = Client(sock, True).send(framed("[" + VALID.replace("{", "{\n", 1) + "]"))
    tap.ok("a frame may hold line breaks", c.read() == [wanted])
    refused = [(fact, Client(sock, True).send("".join(h + "\r\n" for h in headers) + "\r\n" + VALID + "\r\n\r\n")) for fact, headers in [
            ("a length that is no number", ("Content-Length: many",)), ("a length below zero", ("Content-Length: -1",)),
            ("no length", ("Content-Type: x",)), ("an empty length", ("Content-Length:",)),
            ("a length of two numbers", ("Content-Length: 1 2",)), ("a length with a sign", ("Content-Length: +5",)),
            ("a length of 2^64 and some", ("Content-Length: 18446744073709551625",)),
            ("a line without a colon", ("Content-Length", ))]]
    for fact, c in refused:
        tap.ok(f"{fact}: refused, then closed", [code(c.read()), c.read()] == [-32600, None])
    for headers in False, True:
        how = "behind a header" if headers else "on a line"
        message = framed(VALID) if headers else VALID.encode() + b"\n"
        c = Client(sock, headers).send(message * 50)
        tap.ok(f"50 messages in one write, each {how}", [c.read() for _ in range(50)] == [wanted] * 50)
        c = Client(sock, headers)
        for at in range(1, len(message)):
            c.send(message[:at])
            c.send(message[at:])
        tap.ok(f"a message cut at every byte, {how}", [c.read() for _ in range(1, len(message))] == [wanted] * (len(message) - 1))
        c = Client(sock, headers)
        for byte in message:
            c.send(bytes([byte]))
        tap.ok(f"a message a byte at a time, {how}", c.read() == wanted)
    c = Client(sock).send("\r\n \n" + VALID + "\r\n" + VALID + "\n\r\n" + VALID + "\r\n")
    tap.ok("lines that end now this way, now that", [c.read() for _ in range(3)] == [wanted] * 3)
    c = Client(sock).send(VALID)
    c.s.shutdown(socket.SHUT_WR)
    tap.ok("the last line needs no line break", [c.read(), c.read()] == [wanted, None])
    c = Client(sock, True).send(framed(VALID)[:-1])
    c.s.shutdown(socket.SHUT_WR)
    tap.ok("of a frame that is cut off nothing is done", c.read() is None)


def sizes(tap, sock):
    def sized(n):
        head, tail = '{"id":1,"method":"put","params":{"more":true,"text":"', '"}}'
        return head + "x" * (n - len(head) - len(tail)) + tail

    for headers in False, True:
        how = "behind a header" if headers else "on a line"
        c = Client(sock, headers)
        c.send(framed(sized(MIB)) if headers else sized(MIB) + "\n")
        tap.ok(f"1 MiB {how} is read", c.read().get("result", {}).get("bytes", 0) > MIB - 100)
        c = Client(sock, headers)
        try:
            c.send(framed(sized(MIB + 1)) if headers else sized(MIB + 1) + "\n")
        except (BrokenPipeError, ConnectionResetError):
            pass
        r = c.read()
        tap.ok(f"1 MiB and a byte {how} is refused in words, then closed",
               code(r) == -32600 and "1048576" in r["error"]["message"] and r["id"] is None and c.read() is None, r)


def main():
    tap = private.Tap()
    with private.Private() as archive:
        with open(archive.dir + "/article.txt", "w", encoding="utf-8") as f:
            f.write("Pier\n\n3 April 2025\n\n“The bridge will stay open for the ferries,” said Mara Ellison, the harbour master.\n")
        archive.start()
        added = archive.quotes("add", archive.dir + "/article.txt", "--json")
        assert added.returncode == 0 and archive.json("speakers")["total"] == 1, added
        for part in singles, notifications, batches, framings, sizes:
            part(tap, archive.env["QUOTED_SOCKET"])
        tap.ok("the daemon ends in order", archive.end() == 0, open(archive.dir + "/log", errors="replace").read()[-2000:])
    tap.done()


main()
