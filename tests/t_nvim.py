"""t_nvim.py -- editors/nvim in a real Neovim, by its commands and real keys (tests/editors/nvim.lua). Prints TAP."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "editors"))
import driver

tap = driver.private.Tap()
argv = ["nvim", "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", f"luafile {driver.HERE}/nvim.lua", "-c", "cquit 2"]
driver.run(tap, lambda fakes: [("the script", argv, {"QUOTES_FAKES": " ".join(fakes)})])
tap.done()
