#!/usr/bin/env python3
"""t_emacs.py -- editors/emacs/quotes.el in a real Emacs, as its commands are used, over a private daemon.

The facts are in tests/editors/emacs/quotes-test.el; here stand the archive and the daemon they are about.
"""
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import private

HERE = os.path.dirname(os.path.abspath(__file__))
ARTICLES = {
    "pier.txt": "Pier\n\n3 April 2025\n\nThe council met on Tuesday.\n\n“The bridge will stay open,” said Mara Ellison, the harbour "
                "master of Lindholm.\n\n“We paid 100% of it: %s, %d and %n, \\[save-buffer] and `\\\\n`,” Ellison said.\n",
    "star.txt": "Star\n\n7 April 2025\n\n“The *bold* <b>bridge</b> of snake_case,” said Joran Pike.\n",
    "pont.txt": "Le pont\n\n4 April 2025\n\n« Le pont restera ouvert », a dit Émile Vautrin, le maire de Lindholm.\n",
    "most.txt": "Мост\n\n5 April 2025\n\n«Мост будет открыт», — сказала Вера Королёва, министр.\n",
    "hashi.txt": "橋\n\n2025-04-03\n\n「橋は開いたままです」と小林花子は述べた。\n",
    "jisr.txt": "الجسر\n\n2025-04-03\n\nقالت ليلى حداد: «سيبقى الجسر مفتوحا».\n",
    "esc.txt": "Escape\n\n2025-04-08\n\n“Red \x1b[31mletters\x1b[0m and\x07 bells,” said Tilda Okafor.\n",
    "rain.txt": "Rain\n\n2025-04-09\n\nThe zeppelin stays in its hangar, and nobody spoke of it.\n",
}

class Terminal:
    """An Emacs in a terminal, and what it wrote there so far."""

    def __init__(self, args, env):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(args[0], args, env)
        self.seen = b""

    def wait(self, text, seconds=60):
        """True as soon as `text` was written since the last key."""
        end = time.time() + seconds
        while text.encode() not in self.seen and time.time() < end:
            if select.select([self.fd], [], [], 0.1)[0]:
                try:
                    self.seen += os.read(self.fd, 65536)
                except OSError:
                    break
        return text.encode() in self.seen

    def type(self, keys):
        self.seen = b""
        os.write(self.fd, keys.encode())

    def end(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def in_terminal(tap, emacs, folder, env):
    """As a person sees it: Fido, which completes while one types and does so in a style of its own; and ElDoc."""
    setup = "(progn (require 'quotes) (global-set-key (kbd \"C-c q\") 'quotes-command-map) (fido-vertical-mode))"
    t = Terminal([emacs, "-Q", "-nw", "-L", HERE + "/../editors/emacs", "--eval", setup, folder + "/draft.txt"],
                 dict(env, TERM="xterm", LC_ALL="C.UTF-8"))
    t.wait("draft.txt")
    t.type("\x03qs")
    t.wait("Search quotes")
    t.type("bridge op")
    tap.ok("in a terminal, candidates appear while one types", t.wait("The bridge will stay open"), t.seen)
    t.type("\r")
    t.wait("Lindholm")
    t.type("\x18\x13")
    t.wait("Wrote")
    try:
        with open(folder + "/draft.txt") as f:
            text = f.read()
    except OSError as e:
        text = str(e)
    tap.ok("and the first of them is inserted", text == "“The bridge will stay open,” — Mara Ellison, the harbour master of "
           "Lindholm (Pier, 2025-04-03)\n", text)
    t.type("Mara Ellison\x1bxquotes-mode\r")
    t.wait("enabled")
    t.type("\x02")
    tap.ok("ElDoc says who it is", t.wait("2 quotes"), t.seen)
    t.end()


emacs = shutil.which("emacs")
if not emacs:
    tap = private.Tap()
    tap.skip("quotes.el in Emacs", "emacs is not installed (emacs-nox)")
    tap.done()

with private.Private() as p:
    archive = p.dir + "/archive"
    os.mkdir(archive)
    for name, text in ARTICLES.items():
        with open(f"{archive}/{name}", "w") as f:
            f.write(text)
    with open(archive + "/many.txt", "w") as f:  # of so many the answer comes in parts
        f.write("Many\n\n2025-01-01\n\n" + "".join(
            f"“Pier number {n} will stay open for the ferries, whatever the weather – été comme hiver,” said Ines Quintal.\n\n"
            for n in range(300)))
    p.start()
    added = p.quotes("add", archive)
    if added.returncode:
        sys.exit(added.stderr.decode())
    env = dict(p.env, HOME=p.dir, XDG_RUNTIME_DIR=p.dir + "/run", QUOTES_TEST_DIR=p.dir, B=private.B, TERM="dumb")
    # SIGPIPE stays ignored, as an Emacs with a display or terminal has it; in a batch it would die of a daemon that does.
    done = subprocess.run([emacs, "-Q", "--batch", "-L", HERE + "/../editors/emacs", "-l", HERE + "/editors/emacs/quotes-test.el",
                           "-f", "quotes-test-tap"], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=500,
                          restore_signals=False)  # the facts come through standard error
    if done.returncode not in (0, 1):
        print(f"# emacs ended with {done.returncode}")
    tap = private.Tap()
    in_terminal(tap, emacs, p.dir, env)
if done.returncode:
    tap.bad += 1
tap.done()
