#!/usr/bin/env python3
"""t_bad_input.py -- what people really have on their disks: each bad file gets a clear sentence, and nothing else is lost."""
import os
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import private

tap = private.Tap()

GOOD = """Ferry to sail again

The ferry will sail again on Monday. “Nobody was hurt, and the boat is sound,” said Orla Venn, the harbour master.
"""

with private.Private() as p:
    a = p.dir + "/archive"
    os.mkdir(a)

    def put(name, data):
        path = os.path.join(a.encode(), name if isinstance(name, bytes) else name.encode())
        with open(path, "wb") as f:
            f.write(data if isinstance(data, bytes) else data.encode())
        return path

    put("good.txt", GOOD)
    put("empty.txt", b"")
    put("blank.txt", b" \n\n \t\n")
    put("binary.txt", bytes(range(256)) * 64)
    put("picture.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + os.urandom(4000))
    put("photo.jpg", b"\xff\xd8\xff\xe0 not read at all")
    put("nul.txt", b"The mayor spoke.\x00 Then she left.\n" * 40)
    put("latin1.txt", "Le maire, Jean-Luc Sorel, a déclaré : « Le marché rouvrira après l’été, dès que les travaux seront achevés. »\n"
        .replace("’", "'").encode("latin-1") * 5)
    put("broken-utf8.txt", "The tram stops here. “We will repair it,” said Radu Pavlik.\n".encode() + b"A stray byte \xff\xfe here.\n")
    put("utf16.txt", ("\ufeff" + "“The library opens at nine,” said Hana Ishigo.\n").encode("utf-16-le"))
    put("utf8-bom.txt", b"\xef\xbb\xbf" + "“The museum is free,” said Ines Quintal.\n".encode())
    put("crlf.txt", "Market day\r\n\r\n“Grain is dear,” said Miriam Adeyo.\r\n".encode())
    put(b"caf\xe9-\xff.txt", "“The café stays open,” said Tomas Hallberg.\n")
    put("long-line.txt", ("The orchard was quiet. " * 45000 * 50)[:50 << 20])
    put("marks.txt", "“”“”„“‚‘»«›‹\"\"\"''''``  ” said “ nobody „ at » all\n\n”It is closed,“ said Orla Venn.\n“Never closed\n\nNext.\n")
    put("many.txt", "A long night\n\n" + "\n\n".join(f"“Number {i} has been counted twice,” said Orla Venn." for i in range(10000)))
    put("lines.jsonl", '{"id":"a","text":"“It is raining in the harbour,” said Tomas Hallberg."}\n{broken\n\n[]\n{"id":"b"}\n{"id":"c","text":7}\n'
        '{"id":"d","text":"“The storm has passed,” said Tomas Hallberg."}\n')
    with open(a + "/huge.txt", "wb") as f:
        f.truncate(1 << 30)
    os.mkdir(a + "/loop")
    os.symlink("..", a + "/loop/again")
    os.mkdir(a + "/.hidden")
    shutil.copy(a + "/good.txt", a + "/.hidden/secret.txt")
    os.mkfifo(a + "/pipe.txt")
    deep = a
    for i in range(80):
        deep += "/d"
        os.mkdir(deep)
    shutil.copy(a + "/good.txt", deep + "/deep.txt")

    p.start()
    t0 = time.time()
    add = p.quotes("add", a)
    took = time.time() - t0
    said = (add.stdout + add.stderr).decode(errors="replace")
    tap.ok(f"an archive full of bad files is indexed all the same ({took:.1f} s)", add.returncode == 0, said)
    for name in ("empty.txt", "binary.txt", "picture.txt", "photo.jpg", "nul.txt", "huge.txt"):
        line = [l for l in said.splitlines() if name in l]
        tap.ok(f"{name} is named with its reason", len(line) == 1 and len(line[0].split(name)[-1]) > 10, said)
    tap.ok("a fifo is not waited for", took < 120, took)

    def quotes_of(who):
        return [q["text"] for q in (p.json("by", who, "-n", "0") or {}).get("quotes", [])]

    def has(fact, who, words):
        got = quotes_of(who)
        tap.ok(fact, any(words in t for t in got), got[:5])

    has("the good file is found", "venn", "the boat is sound")
    has("a Latin-1 file is converted", "sorel", "Le marché rouvrira")
    has("a file in UTF-16 is read", "ishigo", "The library opens at nine")
    has("a byte order mark does no harm", "quintal", "The museum is free")
    has("CRLF line ends do no harm", "adeyo", "Grain is dear")
    has("a path that is not UTF-8 is read", "hallberg", "café stays open")
    has("a good JSON line before a broken one", "hallberg", "raining in the harbour")
    has("and one after it", "hallberg", "storm has passed")
    venn = p.json("by", "venn", "-n", "0") or {"quotes": []}
    tap.ok("ten thousand quotes of one article are all there", len([q for q in venn["quotes"] if "counted twice" in q["text"]]) == 10000,
           len(venn["quotes"]))
    tap.ok("hidden files are left alone", not any("/.hidden/" in q["source"]["path"] for q in venn["quotes"]))
    tap.ok("a symlink loop is not followed", not any("/again/" in q["source"]["path"] for q in venn["quotes"]))
    wrong = 0
    for who in private.PEOPLE:
        for q in (p.json("by", who, "-n", "0") or {}).get("quotes", []):
            s = q["source"]
            if "byte_start" in s and "caf" not in s["path"]:
                with open(s["path"], "rb") as f:
                    f.seek(s["byte_start"])
                    wrong += f.read(s["byte_end"] - s["byte_start"]) != q["text"].encode()
    tap.ok("for every quote of a plain UTF-8 file the bytes are the text", wrong == 0, wrong)
    tap.ok("verify is clean after it", p.quotes("verify").returncode == 0, p.quotes("verify").stdout)
    t0 = time.time()
    tap.ok("the second add finds everything unchanged", p.quotes("add", a).returncode == 0)
    tap.ok(f"and is quick ({time.time() - t0:.2f} s)", time.time() - t0 < max(2.0, took / 2))

    # A path that is not there; a query that cannot be read; nothing found.
    gone = p.quotes("add", a + "/nowhere")
    tap.ok("a path that is not there is an error that names it", gone.returncode == 2 and b"nowhere" in gone.stderr, gone.stderr)
    bad = p.quotes("search", '"unclosed')
    tap.ok("a query that cannot be read says where", bad.returncode == 2 and len(bad.stderr) > 20, bad.stderr)
    none = p.quotes("by", "Nobody Atall")
    tap.ok("nothing found is exit 1 and a sentence", none.returncode == 1 and none.stderr.strip() and not none.stdout, none)

    # Files that change and vanish.
    with open(a + "/good.txt", "w", encoding="utf-8") as f:
        f.write(GOOD.replace("the boat is sound", "the boat is sunk"))
    os.unlink(a + "/utf16.txt")
    p.quotes("reindex")
    has("a changed file is read again", "venn", "the boat is sunk")
    tap.ok("and its old words are gone", not any("boat is sound" in t for t in quotes_of("venn")) )
    tap.ok("a vanished file leaves", quotes_of("ishigo") == [], quotes_of("ishigo"))

    # Deleting the index loses nothing.
    inbox = subprocess.run(
        [private.B + "/quotes", "add", "-", "--title", "A note", "--date", "2024-02-03"], env=p.env, timeout=60,
        input="“I was never asked,” said Radu Pavlik.\n".encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    tap.ok("a document on standard input is kept", inbox.returncode == 0, inbox.stderr)
    has("and found", "pavlik", "I was never asked")
    p.end()
    shutil.rmtree(p.dir + "/index")
    p.start()
    tap.ok("after the index was deleted `reindex` works", p.quotes("reindex").returncode == 0)
    has("and brings the archive back", "venn", "counted twice")
    has("and the inbox", "pavlik", "I was never asked")

    # Another version of the index: set aside and rebuilt, said.
    p.end()
    os.rename(p.dir + "/index/data.mdb", p.dir + "/saved.mdb")
    with open(p.dir + "/index/data.mdb", "wb") as f:
        f.write(b"not an index at all " * 1000)
    p.start()
    p.quotes("reindex")
    has("a file that is no index is set aside and rebuilt", "venn", "counted twice")
    tap.ok("and kept aside", any("damaged" in n or "aside" in n for n in os.listdir(p.dir + "/index")), os.listdir(p.dir + "/index"))
    p.end()
    with open(p.dir + "/index/data.mdb", "r+b") as f:
        f.truncate(os.path.getsize(f.name) // 2 // 4096 * 4096)
    p.start()
    p.quotes("reindex")
    has("a file cut short does not kill the daemon and is rebuilt", "venn", "counted twice")
    p.end()

# Without the right to read: as nobody.
if os.geteuid() == 0:
    with private.Private() as p:
        a = p.dir + "/archive"
        os.mkdir(a)
        for name in ("open.txt", "shut.txt"):
            with open(f"{a}/{name}", "w", encoding="utf-8") as f:
                f.write(GOOD.replace("Ferry", name))
        os.mkdir(a + "/shut")
        shutil.copytree(private.B, p.dir + "/bin", ignore=lambda d, names: [n for n in names if n not in ("quoted", "quotes")])
        subprocess.run(["chown", "-R", "65534:65534", p.dir], check=True)
        os.chmod(a + "/shut.txt", 0)
        os.chmod(a + "/shut", 0)
        become = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        got = subprocess.run(become + [p.dir + "/bin/quotes", "add", a], env=dict(p.env, HOME=p.dir), stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
        said = (got.stdout + got.stderr).decode()
        tap.ok("without the right to read a file, the rest is indexed", got.returncode == 0, said)
        tap.ok("and the file is named", any("shut.txt" in l and "ermission" in l for l in said.splitlines()), said)
        tap.ok("and the folder too", any(l.rstrip().split(":")[0].endswith("/shut") or "/shut:" in l for l in said.splitlines()), said)
        subprocess.run(become + [p.dir + "/bin/quotes", "stop"], env=dict(p.env, HOME=p.dir), timeout=60,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
else:
    tap.skip("without the right to read a file, the rest is indexed", "needs root to become nobody")

# A full disk.
with private.Private() as p:
    small = p.dir + "/small"
    os.mkdir(small)
    if os.geteuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", small], stderr=subprocess.DEVNULL).returncode == 0:
        try:
            p.env["QUOTED_INDEX"] = small + "/index"
            os.mkdir(p.dir + "/a")
            for i in range(3000):
                with open(f"{p.dir}/a/{i:05}.txt", "w", encoding="utf-8") as f:
                    f.write(private.article(i) + private.article(i + 5000))
            with open(p.dir + "/first.txt", "w", encoding="utf-8") as f:
                f.write(GOOD)
            p.start()
            tap.ok("on a small disk the first file is indexed", p.quotes("add", p.dir + "/first.txt").returncode == 0)
            full = p.quotes("add", p.dir + "/a")
            tap.ok("a full disk stops `add` with a sentence", full.returncode in (2, 75) and b"space" in full.stderr, full)
            got = p.json("by", "venn", "-n", "0") or {}
            tap.ok("and what was acknowledged is still answered",
                   any("boat is sound" in q["text"] for q in got.get("quotes", [])), got.get("total"))
            tap.ok("verify is clean on the full disk", p.quotes("verify").returncode == 0, p.quotes("verify"))
            tap.ok("with room again the same command continues", subprocess.run(
                ["mount", "-o", "remount,size=200m", small]).returncode == 0 and p.quotes("add", p.dir + "/a").returncode == 0)
            tap.ok("and everything is there", (p.json("status") or {}).get("documents") == 3001, p.json("status"))
        finally:
            p.end()
            subprocess.run(["umount", small])
    else:
        tap.skip("a full disk stops `add` with a sentence", "no right to mount a small tmpfs")
tap.done()
