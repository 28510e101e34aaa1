"""driven.py -- an index driven through tests/drive: one process, a command and its answer at a time."""
import json
import os
import subprocess

B = os.path.abspath(os.environ.get("B", "build"))


class Failed(Exception):
    pass


class Drive:
    def __init__(self, folder=None, env=None):
        self.process = subprocess.Popen([B + "/tests/drive"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env=dict(os.environ, **(env or {})))
        if folder:
            self.must("open", folder)

    def do(self, *words):
        """The answer, whatever it is; None when the program is gone."""
        try:
            self.process.stdin.write(("\t".join(words) + "\n").encode())
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = b""
        if not line:
            return None
        return json.loads(line.decode("utf-8", "replace"))

    def must(self, *words):
        answer = self.do(*words)
        if answer is None or answer["rc"] < 0:
            raise Failed(f"{' '.join(words)}: {answer if answer else 'the program ended: ' + str(self.process.wait())}")
        return answer

    def upkeep(self, most=10**6):
        """Up to so many steps; False when there is nothing left to do."""
        for _ in range(most):
            if self.must("upkeep")["rc"] == 0:
                return False
        return True

    def dump(self, path):
        self.must("dump", path)
        with open(path, "rb") as f:
            return f.read()

    def end(self):
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait(60)
