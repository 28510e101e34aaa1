"""private.py -- a private archive, index and daemon for a test, in a temporary folder; and TAP.

Only processes that this file started are ever ended, by their pid.
"""
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

B = os.path.abspath(os.environ.get("B", "build"))

WORDS = """harbour ferry council budget river bridge teacher minister winter market grain tram library hospital
orchard signal canal engine letter garden window museum railway forest valley summer parcel lantern copper meadow
festival cabinet border treaty storm pension factory airport ballot village station mountain island cinema""".split()
PEOPLE = ["Orla Venn", "Tomas Hallberg", "Miriam Adeyo", "Jean-Luc Sorel", "Ines Quintal", "Radu Pavlik", "Hana Ishigo"]


def article(seed):
    """One short article with a few quotes, always the same for a seed."""
    rnd = random.Random(seed)
    sentence = lambda n: " ".join(rnd.choice(WORDS) for _ in range(n)).capitalize()
    lines = [sentence(6), ""]
    for _ in range(rnd.randint(3, 8)):
        who = rnd.choice(PEOPLE)
        lines += [f"{sentence(14)}. “{sentence(rnd.randint(5, 20))},” said {who}, who speaks for the {rnd.choice(WORDS)}. "
                  f"{sentence(10)}.", "The words are of no language, but these are: it is by them that it is known.", ""]
    return "\n".join(lines)


class Private:
    """A folder with an index and a socket of its own. Use it in a `with`."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="quoted-test-")
        self.env = dict(os.environ, QUOTED_INDEX=self.dir + "/index", QUOTED_SOCKET=self.dir + "/sock",
                        QUOTED_CONFIG=self.dir + "/quoted.conf", LC_ALL="C.UTF-8")
        self.daemon = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()
        shutil.rmtree(self.dir, ignore_errors=True)

    def start(self, nofile=None):
        """Starts the daemon, which may have so many files open, and waits until it answers."""
        limit = (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (nofile, nofile))) if nofile else None
        self.log = open(self.dir + "/log", "ab")
        self.daemon = subprocess.Popen([B + "/quoted"], env=self.env, stdin=subprocess.DEVNULL, stdout=self.log,
                                       stderr=self.log, preexec_fn=limit)
        for _ in range(600):
            if self.quotes("status", "--no-daemon").returncode == 0:
                return
            if self.daemon.poll() is not None:
                break
            time.sleep(0.05)
        sys.exit("the daemon did not come up: " + open(self.dir + "/log", errors="replace").read()[-2000:])

    def end(self, how=signal.SIGTERM):
        if self.daemon and self.daemon.poll() is None:
            self.daemon.send_signal(how)
            try:
                self.daemon.wait(60)
            except subprocess.TimeoutExpired:
                self.daemon.kill()
                self.daemon.wait()
        status = self.daemon.returncode if self.daemon else None
        self.daemon = None
        return status

    def quotes(self, *args, **more):
        more.setdefault("timeout", 600)
        return subprocess.run([B + "/quotes", *args], env=self.env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)

    def json(self, *args):
        return json.loads(self.quotes(*args, "--json").stdout or b"null")


class Tap:
    def __init__(self):
        self.n = self.bad = 0

    def ok(self, fact, good, detail=""):
        self.n += 1
        self.bad += not good
        print(f"{'ok' if good else 'not ok'} {self.n} - {fact}", flush=True)
        if not good and detail:
            print("\n".join("# " + line for line in str(detail)[-2000:].splitlines()), flush=True)

    def is_(self, fact, got, wanted=True):
        self.ok(fact, got == wanted, f"got:    {str(got)[:900]}\nwanted: {str(wanted)[:900]}")

    def skip(self, fact, why):
        self.n += 1
        print(f"ok {self.n} - {fact} # skip {why}", flush=True)

    def done(self):
        print(f"1..{self.n}", flush=True)
        sys.exit(1 if self.bad else 0)
