"""bench_socket.py -- a connection that stays open, as an editor's."""
import json
import socket
import time


class Kept:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.left = b""

    def ask(self, method, **params):
        """Seconds from the question to the last byte of its answer, and its result."""
        line = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode() + b"\n"
        began = time.perf_counter()
        self.socket.sendall(line)
        while True:
            while b"\n" not in self.left:
                piece = self.socket.recv(1 << 18)
                if not piece:
                    raise ConnectionError("the daemon went away")
                self.left += piece
            line, self.left = self.left.split(b"\n", 1)
            if b'"error"' in line[:200]:
                raise RuntimeError(line.decode()[:300])
            if b'"result"' in line:
                return time.perf_counter() - began, json.loads(line)["result"]
