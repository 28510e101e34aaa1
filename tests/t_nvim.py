"""t_nvim.py -- editors/nvim in a real Neovim, by its commands and real keys (tests/editors/nvim.lua). Prints TAP."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "editors"))
import driver

tap = driver.private.Tap()
argv = ["nvim", "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", f"luafile {driver.HERE}/nvim.lua", "-c", "cquit 2"]
env = {}
if "san" in driver.private.B:  # the editor is not ours: the sanitizer has to be there before the library, and its leaks are its own
    asan = subprocess.run(["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True).stdout.strip()
    env = {"LD_PRELOAD": asan, "ASAN_OPTIONS": "detect_leaks=0"}
driver.run(tap, lambda fakes: [("the script", argv, {"QUOTES_FAKES": " ".join(fakes), **env})])
tap.done()
