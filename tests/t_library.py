"""t_library.py -- libquotes as a program of somebody else's meets it: installed, found by pkg-config, linked both ways. Each
program of client/examples is compiled and asked; what it prints is what the daemon knows."""
import os
import signal
import subprocess
import tempfile
import shutil
import time

from private import Private, Tap, B

tap = Tap()
root = tempfile.mkdtemp(prefix="quoted-library-")
here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
examples = here + "/client/examples/"


def is_(fact, got, wanted):
    tap.ok(fact, got == wanted, f"got:    {got!r}\nwanted: {wanted!r}")


def has(fact, text, part):
    tap.ok(fact, part in text, f"{part!r} is not in {text!r}")


def out(*words, **more):
    more.setdefault("timeout", 60)
    return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", **more)


# ---- installed

made = out("make", "-s", "DEPS=no", f"B={os.path.relpath(B, here)}", "install", f"prefix={root}", cwd=here,
           env={k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}, timeout=600)
tap.ok("make install works", made.returncode == 0, made.stdout)
env = dict(os.environ, PKG_CONFIG_PATH=root + "/lib/pkgconfig", LD_LIBRARY_PATH=root + "/lib")
flags = out("pkg-config", "--cflags", "--libs", "libquotes", env=env)
is_("pkg-config finds the library", flags.stdout.split(), [f"-I{root}/include", f"-L{root}/lib", "-lquotes"])
dynamic = out("readelf", "-dW", root + "/lib/libquotes.so").stdout
has("its name has a version", dynamic, "soname: [libquotes.so.1]")
sanitizer = [n for n in ("asan", "ubsan", "tsan") if f"lib{n}" in dynamic]
extra = ["-fsanitize=" + ("thread" if "tsan" in sanitizer else "address,undefined")] if sanitizer else []
symbols = [line.split() for line in out("nm", "-g", "--defined-only", root + "/lib/libquotes.a").stdout.splitlines()]
names = sorted(s[2] for s in symbols if len(s) == 3 and s[1] in "TDBRC" and not s[2].startswith("__"))
is_("the static library shows its own functions only", names,
    ["quotes_" + n for n in "ask ask_many begin close drop events fd generation open turn".split()])
versions = out("nm", "-D", "--defined-only", root + "/lib/libquotes.so").stdout
has("symbols carry the version of the interface", versions, "quotes_ask@@QUOTES_1")
strict = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]
with open(root + "/include.cc", "w") as f:
    f.write('#include <quotes.h>\nint main() { quotes_close(nullptr); }\n')
got = out("g++", "-std=c++17", *strict, *extra, root + "/include.cc", *flags.stdout.split(), "-o", root + "/cc")
tap.ok("the header is C++, too", got.returncode == 0, got.stdout)

# ---- each example compiles, strictly, and against the static library

for name in sorted(n[:-2] for n in os.listdir(examples) if n.endswith(".c")):
    got = out("gcc", "-std=c11", "-D_POSIX_C_SOURCE=200809L", *strict, *extra, examples + name + ".c",
              *flags.stdout.split(), "-o", f"{root}/{name}")
    tap.ok(f"{name}.c compiles as its first lines say", got.returncode == 0, got.stdout)
    got = out("gcc", "-std=c11", "-D_POSIX_C_SOURCE=200809L", *strict, *extra, examples + name + ".c", f"-I{root}/include",
              root + "/lib/libquotes.a", "-o", f"{root}/{name}-static")
    tap.ok(f"{name}.c links with the static library", got.returncode == 0, got.stdout)
with open(here + "/client/quotes.h") as f:
    declared = {w.split("(")[0].lstrip("*") for line in f if "QUOTES_API" in line for w in line.split() if "quotes_" in w and "(" in w}
used = "".join(open(examples + n).read() for n in os.listdir(examples))
is_("every function of quotes.h is shown by an example", sorted(n for n in declared if n + "(" not in used), [])

# ---- and each says what the daemon knows

ARTICLE = """The pier stays open

“The pier will stay open through the winter,” said Orla Venn, the harbour master.

“Nobody has asked the fishermen,” said Tomás Ibarra.

“We paid for it twice,” Venn said. “And we would pay again.”
"""

with Private() as p:
    for k in ("QUOTED_INDEX", "QUOTED_SOCKET", "QUOTED_CONFIG"):
        env[k] = p.env[k]
    got = out(root + "/ask", "venn", env=env)
    is_("without a daemon the program ends", got.returncode, 1)
    has("with a sentence", got.stdout, "no quoted answers at")

    p.start()
    os.mkdir(p.dir + "/articles")
    with open(p.dir + "/articles/pier.txt", "w") as f:
        f.write(ARTICLE)
    p.quotes("add", p.dir + "/articles")
    for program in ("ask", "ask-static"):
        got = out(f"{root}/{program}", "venn", env=env)
        is_(f"{program}: the whole of it", (got.returncode, got.stdout.count("Orla Venn") > 0, "(3 of 3)" in got.stdout),
            (0, True, True))
        has(f"{program}: word for word", got.stdout, "The pier will stay open through the winter")
    has("ask: what may have been meant", out(root + "/ask", "ibara", env=env).stdout, "Did you mean")
    is_("many: everybody at once", out(root + "/many", "venn", "ibarra", "nobody", env=env).stdout,
        "venn: 3\nibarra: 1\nnobody: 0\n")
    many = out(root + "/many", *["venn", "ibarra", "x\""] * 100, env=env).stdout.splitlines()
    is_("many: more than fit on their way at once, each with its own answer, however odd one of them is",
        (many.count("venn: 3"), many.count("ibarra: 1"),
         many.count('x": the parameters of the question are not a JSON object')), (100, 100, 100))

    got = out(root + "/pieces", "dump", "{}", env=env)
    is_("pieces: the dump as the client has it", got.stdout.encode(), p.quotes("dump").stdout)
    got = out(root + "/pieces", "add", f'{{"paths":["{p.dir}/articles"],"force":true}}', env=env)
    has("pieces: the result of a run", got.stdout, '"articles":1')
    got = out(root + "/pieces", "nonsense", "{}", env=env)
    has("pieces: an error in words", got.stdout, 'there is no method "nonsense"')
    slow = subprocess.Popen([root + "/pieces", "verify", "{}"], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    slow.send_signal(signal.SIGINT)
    tap.ok("pieces: Ctrl-C ends it", slow.wait(30) in (0, 1, -signal.SIGINT))
    slow.stdout.close()

    loop = subprocess.Popen([root + "/loop", "pier"], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    first = ""
    while "found)" not in first:
        first += loop.stdout.readline()
    has("loop: asks at once", first, "(1 found)")
    with open(p.dir + "/articles/second.txt", "w") as f:
        f.write("A second pier\n\n“The second pier is the better one,” said Ines Quintal.\n")
    p.quotes("add", p.dir + "/articles")
    again = ""
    while "(2 found)" not in again:
        line = loop.stdout.readline()
        again += line
        if not line:
            break
    has("loop: and again when the archive has changed", again, "(2 found)")
    loop.stdin.write("\n")
    loop.stdin.close()
    is_("loop: ends when told to", loop.wait(30), 0)
    loop.stdout.close()

    lua = dict(env)
    if sanitizer: # the interpreter is not ours: the sanitizer has to be there before it, and its leaks are its own
        lua["LD_PRELOAD"] = out("gcc", f"-print-file-name=lib{sanitizer[0]}.so").stdout.strip()
        lua["ASAN_OPTIONS"] = "detect_leaks=0"
    got = out("luajit", examples + "hover.lua", "Ibarra", env=lua)
    is_("hover.lua: LuaJIT asks without a line of C, over the socket and out of the shared memory alike",
        (got.returncode, got.stdout.count("Nobody has asked the fishermen"), got.stdout.count("1 quotes")), (0, 2, 2))
    got = out("luajit", examples + "hover.lua", 'a"\\\n', env=lua)
    is_("hover.lua: odd names are names", (got.returncode, got.stdout.count("0 quotes")), (0, 2))

    # ---- a hit costs no system call

    if not sanitizer:
        trace = root + "/trace"
        got = out("strace", "-f", "-o", trace, root + "/many", *["venn"] * 60, env=env)
        calls = open(trace).read().splitlines()
        last = max(i for i, line in enumerate(calls) if "recvmsg(" in line)
        between = [c for c in calls[last + 1:] if not any(x in c for x in ("write(1", "close(", "munmap(", "exit", "fstat(", "newfstatat("))]
        is_("60 answers out of the shared memory: no system call", between, [])
shutil.rmtree(root, ignore_errors=True)
tap.done()
