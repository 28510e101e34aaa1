#!/usr/bin/env python3
"""t_client.py -- the real client and the real daemon, over a small archive of invented articles: nothing is set up, and
every command answers as docs/OUTPUT.md says. The daemon is started by the client and ended with `quotes stop`.
"""
import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import private

tap = private.Tap()
folder = tempfile.mkdtemp(prefix="quoted-test-")
archive = folder + "/archive"
env = {k: v for k, v in os.environ.items() if not k.startswith(("QUOTED_", "CLICOLOR", "NO_COLOR", "LISTEN_", "NOTIFY_"))}
env.update(QUOTED_INDEX=folder + "/index", QUOTED_SOCKET=folder + "/sock", LC_ALL="C.UTF-8")

ferry = """The ferry comes back

“The ferry will sail on Monday,” said Orla Venn, the harbour minister. “Nobody on the island was left behind,” she added.

Tomas Hallberg, a teacher, said: “We have waited four long years for this morning.”
"""
grain = """Grain prices fall

“Bread will be cheaper before the winter comes,” Miriam Adeyo told the council. Paul Venn, a baker, said: “I do not believe a word of it.”
"""
os.makedirs(archive + "/2024")
for name, text in (("ferry.txt", ferry), ("2024/grain.txt", grain)):
    with open(f"{archive}/{name}", "w", encoding="utf-8") as f:
        f.write(text)
with open(archive + "/noise.txt", "wb") as f:
    f.write(bytes(range(256)) * 20)


def run(*args, **more):
    if "input" not in more:
        more.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.run([private.B + "/quotes", *args], env=more.pop("env", env), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=120, **more)


def answer(*args):
    return json.loads(run(*args, "--json").stdout)


def is_(fact, got, wanted):
    tap.ok(fact, got == wanted, f"got:    {got!r}\nwanted: {wanted!r}")


try:
    is_("with --no-daemon nothing is started", run("status", "--no-daemon").returncode, 3)
    t0 = time.time()
    got = subprocess.run(["sh", "-c", f'x=$("{private.B}/quotes" add archive); echo "$x"'], env=env, cwd=folder,
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    tap.ok("the first command starts the daemon, and $(...) returns", got.returncode == 0 and time.time() - t0 < 30, got)
    tap.ok("it says what was indexed", got.stdout.startswith(b"indexed 2 files: 2 articles, 5 quotes"), got.stdout)
    tap.ok("and which file was skipped", b"skipped: " + archive.encode() + b"/noise.txt: " in got.stderr, got.stderr)
    pid = answer("status")["pid"]
    held = {os.readlink(f"/proc/{pid}/fd/{n}") for n in (0, 1, 2)}
    is_("the daemon holds no descriptor of ours", held, {"/dev/null", folder + "/sock.start"})
    is_("leads no session and has no terminal", open(f"/proc/{pid}/stat").read().rsplit(")")[1].split()[4], "0")
    is_("and keeps no folder busy", os.readlink(f"/proc/{pid}/cwd"), "/")

    by = answer("by", "orla venn")
    is_("by: two quotes of hers", [q["text"] for q in by["quotes"]],
        ["The ferry will sail on Monday,", "Nobody on the island was left behind,"])
    is_("by: who she is", by["people"], [{"name": "Orla Venn", "quotes": 2}])
    q = by["quotes"][0]
    raw = open(q["source"]["path"], "rb").read()
    is_("by: the bytes of the file are the quote", raw[q["source"]["byte_start"]:q["source"]["byte_end"]].decode(), q["text"])
    is_("by: the name may be several words", run("by", "Orla", "Venn").stdout, run("by", "Orla Venn").stdout)
    is_("by: and a query may follow", answer("by", "Orla", "Venn", "island")["total"], 1)
    tap.ok("by: text names the speaker", b"Orla Venn" in run("by", "venn").stdout)
    got = run("by", "venn", "--strict")
    is_("by --strict: two people called Venn exit 4", (got.returncode, got.stdout), (4, b""))
    tap.ok("by --strict: and are listed", b"Orla Venn (2)" in got.stderr and b"Paul Venn (1)" in got.stderr, got.stderr)
    is_("by --strict: one is fine", run("by", "adeyo", "--strict").returncode, 0)
    is_("by: nobody exits 1", run("by", "Zebedee").returncode, 1)
    rows = list(csv.DictReader(io.StringIO(run("by", "hallberg", "-f", "csv").stdout.decode())))
    is_("by: csv has a header and a row a quote", [r["text"] for r in rows],
        ["We have waited four long years for this morning."])
    lines = run("by", "venn", "-f", "jsonl").stdout.decode().splitlines()
    is_("by: jsonl has a line a quote", len([json.loads(line) for line in lines]), 3)
    is_("by: --limit and --offset page", [len(answer("by", "venn", "-n", "2")["quotes"]),
        len(answer("by", "venn", "-n2", "--offset", "2")["quotes"])], [2, 1])

    is_("by --count: only the number", run("by", "venn", "--count").stdout, b"3\n")
    is_("by --count of nobody is 0 and exits 1", (run("by", "zebedee", "--count").stdout, run("by", "zebedee", "--count").returncode),
        (b"0\n", 1))
    is_("by --by speaker: a line a name, the most quoted first", run("by", "venn", "--by", "speaker").stdout,
        b"     2  Orla Venn\n     1  Paul Venn\n")
    is_("search --by speaker: who speaks of it", [(f["value"], f["count"]) for f in answer("search", "bread", "--by=speaker")["facets"]],
        [("Miriam Adeyo", 1)])
    got = run("by", "hallbergg")
    is_("by: who may have been meant is said, and not asked", (got.returncode, got.stdout, got.stderr.splitlines()[-1]),
        (1, b"", b"Did you mean Tomas Hallberg?"))
    is_("by -q: nothing is said", run("by", "hallbergg", "-q").stderr, b"")
    got = run("search", "breadd", "--json")
    is_("search: so is what may have been meant, in JSON too", (got.returncode, json.loads(got.stdout)["did_you_mean"]), (1, ["bread"]))
    got = run("search", "bread", "--sort", "size")
    tap.ok("an unknown order is told with those there are", got.returncode == 2 and b"date, -date, speaker or relevance" in got.stderr, got.stderr)
    is_("a value may begin with a dash", run("search", "bread", "--sort", "-date").returncode, 0)
    tap.ok("search --explain: the lists of each word", b"bread  text  1 article  1 time" in run("search", "bread", "--explain").stdout)

    found = answer("search", "bread", "winter")
    is_("search: the article", [d["path"] for d in found["documents"]], [archive + "/2024/grain.txt"])
    passage = found["documents"][0]["passages"][0]
    with open(found["documents"][0]["path"], "rb") as file:
        bytes_ = file.read()
    is_("search: the passage stands in the file where it says", (bytes_[passage["byte_start"]:passage["byte_end"]].decode(),
        bytes_[:passage["byte_start"]].count(b"\n") + 1, len(bytes_[:passage["byte_start"]].decode().rpartition("\n")[2]) + 1),
        (passage["text"], passage["line"], passage["column"]))
    brief = answer("search", "bread", "winter", "--brief")["documents"]
    is_("search --brief: the same articles in the same order, without passages and quotes",
        [sorted(d) for d in brief], [sorted(k for k in d if k not in ("passages", "quotes", "more_quotes")) for d in found["documents"]])
    is_("search --brief: as text a line an article", run("search", "bread", "--brief").stdout.count(b"\n"), answer("search", "bread")["total"])
    is_("search: nothing exits 1", run("search", "zeppelin").returncode, 1)
    is_("search: a bracket left open exits 2", run("search", "(bread").returncode, 2)
    shown = answer("show", q["id"])["quotes"][0]
    is_("show: the same quote", (shown["id"], shown["text"]), (q["id"], q["text"]))
    why = answer("show", q["id"], "--why")["quotes"][0]["why"]
    is_("show --why: the rule", why["rule"], q["rule"])
    with open(q["source"]["path"], "rb") as file:
        bytes_ = file.read()
    is_("show --why: bytes of the file that hold the mention and the cue",
        [bytes_[why[f"{w}_start"]:why[f"{w}_end"]].decode() for w in ("mention", "cue")], [why["mention"], why["cue"]])
    tap.ok("show --why: the one who was taken is the likeliest", why["choices"][0]["mention"] == why["mention"] and
           why["choices"][0]["chance"] > 0.5, why)
    text = run("show", q["id"], "--why").stdout.decode()
    tap.ok("show --why: in words", f"{q['rule']}, as in: " in text and "chances: " in text, text)
    tap.ok("show: no reasons unasked", "why" not in shown and "as in: " not in run("show", q["id"]).stdout.decode())
    context = answer("context", q["id"], "-C", "1")["contexts"][0]["paragraphs"]
    is_("context: the paragraphs round it", [p["quote"] for p in context], [False, True, False])
    is_("speakers: everybody", sorted(s["name"] for s in answer("speakers")["speakers"]),
        ["Miriam Adeyo", "Orla Venn", "Paul Venn", "Tomas Hallberg"])
    is_("speakers: by part of a name", answer("speakers", "venn")["total"], 2)
    is_("files: what became of each", sorted((os.path.basename(f["path"]), f["state"]) for f in answer("files")["files"]),
        [("ferry.txt", "indexed"), ("grain.txt", "indexed"), ("noise.txt", "skipped")])
    is_("files --skipped: those only", answer("files", "--skipped")["total"], 1)
    is_("verify: all is well", run("verify").returncode, 0)
    dump = run("dump").stdout
    tap.ok("dump: lines of JSON", len([json.loads(line) for line in dump.splitlines()]) > 5)

    run("add", "-", "--title", "A memory", input="“My boss said, ‘You are done here for good,’” Ada Kovar recalled.\n".encode())
    told = answer("by", "boss")["quotes"]
    is_("what one says that another said is found by both, and says who tells it",
        [(x["text"], x["kind"], x["reported_by"], x["inside"]) for x in told],
        [("You are done here for good,", "reported", "Ada Kovar", answer("by", "kovar")["quotes"][0]["id"])])
    tap.ok("by: text says so too", "(as Ada Kovar tells it)" in run("by", "boss").stdout.decode())
    run("add", "-", "--title", "A vow", input="Rosa Amadi, the mayor of Lind, slept little.\n\n“I will go home last,” the mayor said.\n".encode())
    vow = answer("by", "amadi")
    is_("a role is listed under the person who has it", ([p["name"] for p in vow["people"]],
        [(x["speaker"]["name"], x["speaker"]["person"], x["speaker"]["mention"]) for x in vow["quotes"]]),
        (["Rosa Amadi"], [("mayor", "Rosa Amadi", "the mayor")]))
    is_("and found by the role too", [x["id"] for x in answer("by", "mayor")["quotes"]], [vow["quotes"][0]["id"]])
    tap.ok("show --why says how the role became a name", "“the mayor” means “Rosa Amadi, the mayor of Lind”" in
           run("show", vow["quotes"][0]["id"], "--why").stdout.decode().replace("\n              ", " "))
    is_("kind:reported finds those alone", (answer("by", "boss", "kind:reported")["total"],
        run("by", "kovar", "kind:reported").returncode), (1, 1))
    got = run("add", "-", "--title", "A letter", "--date", "2023-02-01", "--source", "Own notes",
              input="“The lighthouse stays,” said Ines Quintal.\n".encode())
    is_("add -: keeps what is typed", got.returncode, 0)
    source = answer("by", "quintal")["quotes"][0]["source"]
    is_("add -: with its title and date", (source["title"], source["date"]), ("A letter", "2023-02-01"))
    long = "".join(f"“The lamp was lit on evening {i} of the year,” said Ines Quintal.\n\n" for i in range(6000))
    is_("add -: a long document goes in pieces", run("add", "-", "--title", "Long", input=long.encode()).returncode, 0)

    os.unlink(archive + "/ferry.txt")
    is_("reindex: what vanished leaves", (run("reindex").returncode, answer("by", "hallberg")["total"]), (0, 0))
    is_("rm: what is taken out is gone", (run("rm", archive + "/2024").returncode, answer("by", "adeyo")["total"]), (0, 0))
    tap.ok("rm: the file is not touched", os.path.exists(archive + "/2024/grain.txt"))

    got = run("by", "venn", "--index", folder + "/other", "--socket", folder + "/sock")
    is_("a daemon of another index is refused", got.returncode, 2)
    is_("an older format version exits 20", run("by", "venn", "--format-version=0").returncode, 20)
    is_("extract runs quotes-extract", run("extract", input=json.dumps({"id": 1, "text": ferry}).encode() + b"\n").returncode, 0)

    is_("stop ends the daemon", run("stop").returncode, 0)
    for _ in range(100):
        if not os.path.exists(f"/proc/{pid}"):
            break
        time.sleep(0.05)
    tap.ok("really", not os.path.exists(f"/proc/{pid}"))
    starts = [subprocess.Popen([private.B + "/quotes", "status", "--json"], env=env, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(8)]
    outs = [p.communicate(timeout=60) for p in starts]
    is_("of eight clients that start at once each is answered, by one daemon",
        len({json.loads(out)["pid"] if out else err for out, err in outs}), 1)
finally:
    run("stop")
    shutil.rmtree(folder, ignore_errors=True)
tap.done()
