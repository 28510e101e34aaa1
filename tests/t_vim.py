"""t_vim.py -- editors/vim in a real Vim, by its commands and real keys (tests/editors/vim.vim). Prints TAP."""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "editors"))
import driver

tap = driver.private.Tap()
argv = ["vim.nox", "-Nu", "NONE", "-i", "NONE", "-n", "-S", f"{driver.HERE}/vim.vim"]
driver.run(tap, lambda fakes: [(f"the script beside {fake or 'a daemon'}", argv, {"QUOTES_FAKE": fake}) for fake in ["", *fakes]])

screen = driver.Screen([*argv[:-2], "-c", "call timer_start(1, {-> NoSuchFunction()})"], dict(os.environ, TERM="xterm"), None)
end = time.time() + 30
while screen.look() and time.time() < end:
    time.sleep(0.01)
screen.end()
tap.ok("(an error in the editor would have been seen)", b"Press ENTER" in screen.written and b"NoSuchFunction" in screen.written)
tap.done()
