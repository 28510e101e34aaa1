"""wire.py -- a client of the daemon's socket that shows a test what the bytes are."""
import json
import socket
import time


class Client:
    def __init__(self, p, framed=False):
        self.s = socket.socket(socket.AF_UNIX)
        self.s.settimeout(300)
        self.s.connect(p.dir + "/sock")
        self.f = self.s.makefile("rb")
        self.n, self.framed, self.texts = 0, framed, {}

    def frame(self, method, params):
        self.n += 1
        line = json.dumps({"jsonrpc": "2.0", "id": self.n, "method": method, "params": params}).encode()
        return b"Content-Length: %d\r\n\r\n" % len(line) + line if self.framed else line + b"\n"

    def line(self):
        """The bytes of the next response; the texts of parts are put aside."""
        while True:
            if self.framed:
                n = int(self.f.readline().split(b":")[1])
                self.f.readline()
                line = self.f.read(n)
            else:
                line = self.f.readline()
            if not line.startswith(b'{"jsonrpc":"2.0","method"'):
                return line
            note = json.loads(line)
            if note["method"] == "part":
                self.texts[self.n] = self.texts.get(self.n, "") + note["params"]["text"]

    def raw(self, request, /, **params):
        self.s.sendall(self.frame(request, params))
        return self.line()

    def ask(self, request, /, **params):
        return json.loads(self.raw(request, **params))

    def many(self, method, each, **more):
        return self.ask("lookup_many", method=method, each=each, **more)

    def still(self):
        """Waits until the index is not being tidied any more: each commit of that makes what was kept stale."""
        quiet, generation = 0, None
        while quiet < 5:
            state = self.ask("status")["result"]["answer"]
            quiet = quiet + 1 if not state["upkeep"] and not state["job"] and state["generation"] == generation else 0
            generation = state["generation"]
            time.sleep(0.1)

    def cache(self):
        return self.ask("status")["result"]["answer"]["cache"]


def alone(line):
    """What a single request was answered, as an answer among others: its result, or an object with its error."""
    text = line.decode().rstrip("\n")
    at = text.index('"result":') if '"result":' in text else None
    return text[at + len('"result":'):-1] if at else "{" + text[text.index('"error":'):]
