#!/usr/bin/env python3
"""t_indirect.py -- indirect statements in the index: nothing that is asked for quotes shows or counts them, kind: asks for
them. Through the daemon, over two invented articles that differ only by them. Prints TAP.
"""
import csv
import io
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import private

QUOTED = """The bridge of Lind

“We looked at every bolt,” said Ada Kovar, the mayor of Lind. The work began at dawn, and the ferry ran all night.

Victor Osei, an engineer, called the steel “sound enough for a century”.
"""
REPORTED = """The tunnel of Lind

Ada Kovar said that the tunnel would close in May. “It is too wet,” she said, adding that the pumps were old.

According to Rosa Amadi, the tunnel had been flooded twice.
"""

tap = private.Tap()


def is_(fact, got, wanted):
    tap.ok(fact, got == wanted, f"got:    {got!r}\nwanted: {wanted!r}")


def texts(answer):
    return [q["text"] for q in answer["quotes"]]


def counts(a):
    """Everything that counts quotes or people."""
    status = a.json("status")
    return {k: status[k] for k in ("quotes", "quotes_attributed", "speakers")}


with private.Private() as a:
    folder = a.dir + "/archive"
    os.mkdir(folder)
    for name, text in (("bridge.txt", QUOTED), ("tunnel.txt", REPORTED)):
        with open(f"{folder}/{name}", "w", encoding="utf-8") as f:
            f.write(text)
    a.start()
    added = json.loads(a.quotes("add", folder, "--json").stdout)
    is_("add counts the quotes alone", added["quotes"], 3)
    is_("so does the index, and people", counts(a), {"quotes": 3, "quotes_attributed": 3, "speakers": 2})

    is_("by leaves them out", sorted(texts(a.json("by", "kovar"))), ["It is too wet,", "We looked at every bolt,"])
    is_("and out of the count of the person", a.json("by", "kovar")["people"], [{"name": "Ada Kovar", "quotes": 2}])
    is_("and of the total", a.json("by", "kovar")["total"], 2)
    is_("with words too", a.json("by", "kovar", "tunnel")["total"], 0)
    is_("speakers lists nobody for them", [(s["name"], s["quotes"]) for s in a.json("speakers")["speakers"]],
        [("Ada Kovar", 2), ("Victor Osei", 1)])
    is_("who is only reported is quoted by nobody", a.quotes("by", "amadi").returncode, 1)

    indirect = a.json("by", "kovar", "kind:indirect")
    is_("kind:indirect shows them alone", texts(indirect), ["that the tunnel would close in May", "that the pumps were old"])
    is_("with their kind", {q["kind"] for q in indirect["quotes"]}, {"indirect"})
    is_("their count", (indirect["total"], indirect["people"]), (2, [{"name": "Ada Kovar", "quotes": 2}]))
    q = indirect["quotes"][0]
    raw = open(q["source"]["path"], "rb").read()
    is_("their bytes are the words", raw[q["source"]["byte_start"]:q["source"]["byte_end"]].decode(), q["text"])
    beside = a.json("by", "kovar", "wet")["quotes"][0]["id"]
    is_("one is of its own utterance, or of that of the quotation beside it; none repeats anything",
        [(x["utterance"], "twin_of" in x) for x in indirect["quotes"]], [(q["id"], False), (beside, False)])
    is_("a word of theirs finds them", texts(a.json("by", "kovar", "kind:indirect", "pumps")), ["that the pumps were old"])
    is_("kind:all shows every kind", a.json("by", "kovar", "kind:all")["total"], 4)
    is_("kinds may be listed", a.json("by", "kovar", "kind:direct,indirect")["total"], 4)
    is_("kind:direct is as any filter", texts(a.json("by", "osei", "kind:direct")), [])
    is_("kind:mixed too", texts(a.json("by", "osei", "kind:mixed")), ["sound enough for a century"])
    is_("NOT kind:indirect is what is shown anyway", a.json("by", "kovar", "NOT kind:indirect")["total"], 2)
    is_("NOT kind:direct asks for no indirect ones", a.json("by", "kovar", "NOT kind:direct")["total"], 0)
    is_("who is only reported is found so", texts(a.json("by", "Rosa", "Amadi", "kind:indirect")),
        ["the tunnel had been flooded twice"])
    wrong = a.quotes("by", "kovar", "kind:shouted")
    tap.ok("an unknown kind is an error that names the kinds", wrong.returncode == 2 and b"indirect" in wrong.stderr, wrong)

    found = a.json("search", "tunnel")["documents"]
    is_("search finds the article, and no statement", [(os.path.basename(d["path"]), d["quotes"]) for d in found],
        [("tunnel.txt", [])])
    found = a.json("search", "tunnel", "kind:indirect")["documents"]
    is_("but with kind:indirect", [q["text"] for d in found for q in d["quotes"]],
        ["that the tunnel would close in May", "the tunnel had been flooded twice"])
    is_("kind: leaves out articles that have none", [os.path.basename(d["path"]) for d in
        a.json("search", "lind", "kind:indirect")["documents"]], ["tunnel.txt"])
    is_("search speaker: is who is quoted", a.json("search", "speaker:amadi")["total"], 0)
    is_("or reported, when that is asked for", a.json("search", "speaker:amadi", "kind:indirect")["total"], 1)
    is_("or either", a.json("search", "speaker:kovar", "kind:all")["total"], 2)

    text = a.quotes("by", "kovar", "kind:all").stdout.decode()
    tap.ok("text puts marks round quotations", "“It is too wet,”" in text, text)
    tap.ok("and none round what is reported", ": that the tunnel would close in May (" in text and "“that" not in text, text)
    shown = a.quotes("show", q["id"]).stdout.decode()
    tap.ok("show gives it whole, without marks", shown.startswith("that the tunnel would close in May\n") and "indirect" in shown, shown)
    rows = list(csv.DictReader(io.StringIO(a.quotes("by", "kovar", "kind:indirect", "-f", "csv").stdout.decode())))
    is_("csv has the kind", [r["kind"] for r in rows], ["indirect", "indirect"])
    article = a.json("show", a.json("search", "tunnel")["documents"][0]["id"])["documents"][0]
    is_("an article counts its quotes without them", article["quotes"], 1)

    dump = [json.loads(line) for line in a.quotes("dump").stdout.splitlines()]
    is_("dump holds them, as what they are", sorted(d["kind"] for d in dump if "quote" in d),
        ["direct", "direct", "indirect", "indirect", "indirect", "mixed"])
    is_("verify: every sum is right", a.quotes("verify").returncode, 0)
    os.remove(folder + "/tunnel.txt")
    a.quotes("reindex")
    is_("what leaves takes its own off the sums", counts(a), {"quotes": 2, "quotes_attributed": 2, "speakers": 2})
    is_("and is found no more", a.json("by", "kovar", "kind:all")["total"], 1)
    is_("verify: still", a.quotes("verify").returncode, 0)

line = json.dumps({"id": 1, "text": REPORTED}) + "\n"
plain, more = (json.loads(subprocess.run([private.B + "/quotes-extract", *options], input=line.encode(), check=True,
                                         stdout=subprocess.PIPE).stdout)["quotes"] for options in ([], ["--indirect"]))
is_("quotes-extract gives quotations", [q["text"] for q in plain], ["It is too wet,"])
is_("with --indirect statements too, in the order of the text", [(q["type"], q["text"]) for q in more],
    [("indirect", "that the tunnel would close in May"), ("direct", "It is too wet,"), ("indirect", "that the pumps were old"),
     ("indirect", "the tunnel had been flooded twice")])
is_("and the same quotations", [q for q in more if q["kind"] != "indirect"], plain)
tap.done()
