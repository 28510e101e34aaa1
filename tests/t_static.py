"""t_static.py -- the client without a dynamic linker (`make quotes-static`) is the same client."""
import os
import subprocess

from private import Private, Tap, B

tap = Tap()
here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "CFLAGS", "LDFLAGS")}
made = subprocess.run(["make", "-s", "DEPS=no", f"B={os.path.relpath(B, here)}", "quotes-static"], cwd=here, env=env,
                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
tap.ok("it is built, with what is there", made.returncode == 0, made.stdout)
headers = subprocess.run(["readelf", "-lW", B + "/quotes-static"], stdout=subprocess.PIPE, text=True).stdout
tap.ok("it asks for no interpreter", "INTERP" not in headers and "LOAD" in headers, headers)
tap.ok("the control: the usual one does",
       "INTERP" in subprocess.run(["readelf", "-lW", B + "/quotes"], stdout=subprocess.PIPE, text=True).stdout)
with Private() as p:
    p.start()
    os.mkdir(p.dir + "/articles")
    with open(p.dir + "/articles/ferry.txt", "w") as f:
        f.write("The ferry\n\n“The ferry sails at six, storm or no storm,” said José Brandão, the skipper.\n")
    p.quotes("add", p.dir + "/articles")
    for words in (["by", "brandao"], ["by", "brandao", "--json"], ["search", "ferry"], ["by", "nobody"], ["by"], ["status", "--format=nonsense"],
                  ["help"], ["version"]):
        both = [subprocess.run([B + program, *words], env=p.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                for program in ("/quotes", "/quotes-static")]
        tap.ok(f"quotes {' '.join(words)}: the same words and the same status",
               both[0].returncode == both[1].returncode and both[0].stdout == both[1].stdout and both[0].stderr == both[1].stderr, both)
tap.done()
