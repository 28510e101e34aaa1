#!/usr/bin/env python3
"""t_emacs.py -- editors/emacs/quotes.el in a real Emacs, as its commands are used, over a private daemon.

The facts are in tests/editors/emacs/quotes-test.el; here stand the archive and the daemon they are about.
"""
import os
import shutil
import subprocess
import sys

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
                           "-f", "quotes-test-tap"], env=env, stdin=subprocess.DEVNULL, timeout=500,
                          restore_signals=False)
if done.returncode not in (0, 1):
    print(f"# emacs ended with {done.returncode}")
sys.exit(done.returncode)
