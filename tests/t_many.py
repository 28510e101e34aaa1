"""t_many.py -- many questions in one request: each is answered as it is alone, all from one state of the index, within bounds.
Prints TAP.
"""
import json
import os
import random
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import private
from wire import Client, alone

TOO_BIG, DEADLINE, CANCELLED, PARAMS, REQUEST, SYNTAX = -10007, -10022, -32800, -32602, -32600, -10005
MIB = 1 << 20
tap = private.Tap()
ok, is_ = tap.ok, tap.is_


def pieces(line):
    """The answers in the line of a lookup_many, as they are written there."""
    text = line.decode()
    at = text.index('"answers":[') + len('"answers":[')
    found = []
    while text[at] != "]":
        _, end = json.JSONDecoder().raw_decode(text, at)
        found.append(text[at:end])
        at = end + (text[end] == ",")
    return found


def write_archive(path):
    rnd = random.Random(11)
    with open(path, "w", encoding="utf-8") as f:
        for i in range(300):
            said = [f"“The {rnd.choice(private.WORDS)} of the {rnd.choice(private.WORDS)} has number {i * 50 + k} in the book,” "
                    f"said {private.PEOPLE[(i + k) % 7]}." for k in range(50)]
            f.write(json.dumps({"id": f"r{i}", "title": f"Report {i}", "text": "\n\n".join(said), "date": f"2024-{1 + i % 12:02}-{1 + i % 28:02}"}) + "\n")


def as_alone(p):
    """(a) and (d): the answers of one request are those of many, and both are kept alike."""
    c = Client(p)
    ids = [q["id"] for q in c.ask("by", speaker="sorel", limit=7, offset=2)["result"]["answer"]["quotes"]]
    rows = [
        ("by", [{"speaker": who, "limit": n} for who in ("venn", "Adeyo", "hana ishigo", "nobody at all", "adey") for n in (1, 3)]),
        ("by", [{"speaker": "venn", "limit": 2, "format": f} for f in ("json", "text", "jsonl", "csv")] +
               [{"speaker": "nobody at all", "limit": 2, "format": "text"}, {"speaker": "pavlik", "count": True}, {"speaker": "pavlik", "facet": "month", "limit": 4},
                {"speaker": "venn", "query": '"harbour ferry"', "limit": 5}]),
        ("search", [{"query": "harbour", "limit": 2}, {"query": "harbor", "limit": 2}, {"query": "é “ \" \\ \t", "limit": 2},
                    {"query": "ferry canal", "limit": 1, "brief": True}, {"query": "lantern", "limit": 2, "format": "text"}]),
        ("show", [{"id": i} for i in ids] + [{"id": ids[0], "why": True}, {"id": "zzzzzzzzzzzz"}]),
        ("context", [{"id": i, "context": 2} for i in ids]),
        ("speakers", [{"speaker": "a", "limit": 3}, {"limit": 2}]),
    ]
    for method, each in rows:
        before = c.cache()["kept"]
        cold = c.raw("lookup_many", method=method, each=each)
        kept = c.cache()["kept"]
        single = [alone(c.raw(method, **params)) for params in each]
        is_(f"{method}: each of {len(each)} answers is what it is alone, byte for byte", pieces(cold), single)
        is_(f"{method}: they were kept as if they had been asked alone", (kept - before, c.cache()["kept"]), (len(each), kept))
        n = c.n
        warm = c.raw("lookup_many", method=method, each=each)
        is_(f"{method}: and they are the same when all of them are kept", warm.replace(b'"id":%d,' % c.n, b'"id":-,'),
            cold.replace(b'"id":%d,' % (n - len(each) - 2), b'"id":-,'))
        framed = Client(p, framed=True)
        is_(f"{method}: and behind headers", pieces(framed.raw("lookup_many", method=method, each=each)), single)


def not_kept(p):
    """What is not kept when it is asked alone is not kept here."""
    c = Client(p)
    each = [{"speaker": "venn", "limit": 2, "offset": 4}, {"speaker": "venn", "limit": 2, "explain": True, "format": "text"}]
    before = c.cache()["kept"]
    answers = c.many("by", each)["result"]["answers"]
    is_("further pages and explanations are answered, and not kept", ([a["shown"] for a in answers], c.cache()["kept"]), ([2, answers[1]["shown"]], before))


def errors(p):
    c = Client(p)
    each = [{"speaker": "venn", "limit": 1}, {"speaker": "venn", "query": "a AND (", "limit": 1}, {"limit": 1},
            {"speaker": "venn", "limit": 1, "colour": True}, {"speaker": 7, "limit": 1}, {"speaker": "venn", "limit": 1, "format": "xml"},
            {"speaker": "venn", "limit": 1, "stem": "klingon"}, {"speaker": "pavlik", "limit": 1}]
    single = [alone(c.raw("by", **params)) for params in each]
    is_("an error is what it is alone, and spoils no other", pieces(c.raw("lookup_many", method="by", each=each)), single)
    is_("the control: some are errors, and some are not", sum(s.startswith('{"error"') for s in single), 6)
    each = [{"speaker": "venn"}, {"speaker": "venn", "limit": 101}, {"speaker": "venn", "limit": 0}, {"speaker": "venn", "count": True},
            {"speaker": "nobody", "limit": 100}]
    codes = [a.get("error", {}).get("code") for a in c.many("by", each)["result"]["answers"]]
    is_("each needs a limit from 1 to 100, or to be a count", codes, [PARAMS, PARAMS, PARAMS, None, None])
    c.still()
    kept = c.cache()["kept"]
    c.ask("speakers", limit=101)
    is_("the control: an answer of more rows is kept", c.cache()["kept"], kept + 1)
    for words, each in [("alone", [{"limit": 101}]), ("beside one that is not kept", [{"limit": 101}, {"limit": 3, "offset": 1}])]:
        is_(f"no more rows are given where the answer is kept, either: {words}",
            c.many("speakers", each)["result"]["answers"][0].get("error", {}).get("code"), PARAMS)
    for words, params in [("no method", {"each": []}), ("no list", {"method": "by"}), ("a list of texts", {"method": "by", "each": ["a"]}),
                          ("an object for a list", {"method": "by", "each": {}}), ("a list for what is common", {"method": "by", "each": [], "common": []}),
                          ("257 of them", {"method": "by", "each": [{"speaker": "venn", "limit": 1}] * 257}),
                          ("a deadline that is no number", {"method": "by", "each": [], "deadline_ms": "soon"}),
                          ("a parameter that there is not", {"method": "by", "each": [], "limit": 5})] + [
                          (f"the method {m}", {"method": m, "each": []}) for m in ("status", "files", "dump", "add", "lookup_many", "nonsense", "")]:
        is_(f"refused: {words}", c.ask("lookup_many", **params).get("error", {}).get("code"), PARAMS)
    c.s.sendall(b'[{"id":1,"method":"lookup_many","params":{"method":"by","each":[]}},{"id":2,"method":"by","params":{"speaker":"venn","count":true}}]\n')
    is_("refused: in a batch, of which the rest is answered", sorted((a["id"], a.get("error", {}).get("code")) for a in json.loads(c.line())),
        [(1, REQUEST), (2, None)])
    is_("256 of them are answered", len(c.many("by", [{"speaker": f"venn {i}", "limit": 1} for i in range(256)])["result"]["answers"]), 256)
    is_("none of them are answered, too", c.many("by", [])["result"]["answers"], [])


def common(p):
    c = Client(p)
    each = [{"speaker": "venn"}, {"speaker": "venn", "limit": 1}, {}, {"format": "json"}]
    base = {"speaker": "sorel", "limit": 3, "format": "text"}
    single = [alone(c.raw("by", **{**base, **own})) for own in each]
    for state in ("cold", "kept"):
        is_(f"{state}: what is common goes to each, and its own wins", pieces(c.raw("lookup_many", method="by", each=each, common=base)), single)
    is_("what is common and wrong is the error of each",
        [a["error"]["code"] for a in c.many("by", [{"speaker": "venn"}] * 2, common={"limit": 1, "colour": True})["result"]["answers"]], [PARAMS] * 2)


def bounds(p):
    """(c): the result is at most 1 MiB, in which an answer that does not fit is told so in its place."""
    c = Client(p)
    long = {"query": "number", "limit": 100}
    n = c.raw("search", **long)
    size = len(c.texts.get(c.n, "")) or len(n)
    ok("the control: there is an answer longer than 32 KiB", size > 32 * 1024, size)
    answers = c.many("search", [{"query": "lantern", "limit": 1}, long, {"query": "copper", "limit": 1}])["result"]["answers"]
    is_("an answer that is too large to be kept is to be asked for alone", [a.get("error", {}).get("code") for a in answers], [None, TOO_BIG, None])
    each = [{"speaker": private.PEOPLE[i % 7], "limit": 44 + i // 7} for i in range(120)]
    lines = [c.raw("lookup_many", method="by", each=each) for _ in range(2)]
    for state, line in zip(("cold", "kept"), lines):
        answers = json.loads(line)["result"]["answers"]
        said = [a.get("error", {}).get("code") for a in answers]
        ok(f"{state}: the result is at most 1 MiB, and nearly that", 0.9 * MIB < len(line) <= MIB + 60, len(line))
        is_(f"{state}: each has its place", (len(said), sorted(set(said), key=str)), (120, [TOO_BIG, None]))
        is_(f"{state}: and those that are there are whole", [a["answer"]["total"] == a["found"] for a in answers if "found" in a], [True] * said.count(None))
    is_("the same are refused when all of them are kept", pieces(lines[1]), pieces(lines[0]))


def ended(p):
    """A deadline, a cancel and a group are those of the whole."""
    c = Client(p)
    heavy = [{"query": f"number OR book OR {private.WORDS[i % 30]}", "limit": 100, "offset": 1} for i in range(256)]
    is_("past the deadline there is none", c.many("search", heavy, deadline_ms=1).get("error", {}).get("code"), DEADLINE)
    params = {"method": "search", "each": heavy}
    c.s.sendall(c.frame("lookup_many", params) + json.dumps({"method": "$/cancelRequest", "params": {"id": c.n}}).encode() + b"\n")
    is_("it can be cancelled", json.loads(c.line()).get("error", {}).get("code"), CANCELLED)
    first = c.frame("lookup_many", {**params, "group": "draft"})
    c.s.sendall(first + c.frame("lookup_many", {"method": "by", "each": [{"speaker": "venn", "limit": 1}], "group": "draft"}))
    got = {a["id"]: a.get("error", {}).get("code") for a in (json.loads(c.line()) for _ in range(2))}
    is_("a newer one of its group takes its place", got, {c.n - 1: CANCELLED, c.n: None})


def one_state(p):
    """(b): what changes together is seen together."""
    stop, errors, rounds, apart = threading.Event(), [], 0, 0

    def change():
        w = Client(p)
        for i in range(60):
            r = w.ask("put", text=f"“The tide is at {i},” said Alda Brink.\n\n“It is not at {i},” said Bero Crane.", name=f"t{i}.txt")
            if "result" not in r:
                errors.append(r)
        stop.set()

    c = Client(p)
    t = threading.Thread(target=change, daemon=True)
    t.start()
    each, mixed = [{"speaker": "brink", "count": True}, {"speaker": "crane", "count": True}], []
    while not stop.is_set():
        c.ask("by", **each[rounds % 2])  # sometimes one of them is kept, and the other is not
        a = c.many("by", each)["result"]
        mixed.append(tuple(x["found"] for x in a["answers"]))
        rounds += 1
        apart += c.ask("by", **each[0])["result"]["found"] != c.ask("by", **each[1])["result"]["found"]
    t.join()
    is_("while the index changes all answers are of one state of it", ([m for m in mixed if m[0] != m[1]], errors), ([], []))
    print(f"# {rounds} rounds; two requests in a row saw different states {apart} times")
    c.ask("by", **each[0])
    c.many("by", each)
    c.ask("put", text="“One more,” said Alda Brink.\n\n“And one,” said Bero Crane.", name="more.txt")
    c.still()
    c.ask("by", **each[1])
    a = c.many("by", each)["result"]
    is_("an answer of an older state is not put beside a newer one", [x["found"] for x in a["answers"]], [61, 61])
    is_("and the generation is told", a["generation"], c.ask("status")["result"]["answer"]["generation"])


with private.Private() as p:
    write_archive(p.dir + "/a.jsonl")
    p.start()
    p.quotes("add", p.dir + "/a.jsonl")
    Client(p).still()
    as_alone(p)
    not_kept(p)
    errors(p)
    common(p)
    bounds(p)
    ended(p)
    one_state(p)
    is_("the daemon ends as it should", p.end(), 0)
    p.env["QUOTED_SYSTEM"] = "1"
    p.start()
    c = Client(p)
    each = [{"speaker": "venn", "limit": 2}, {"speaker": "sorel", "limit": 2}]
    is_("a daemon that keeps nothing answers alike", (c.cache(), pieces(c.raw("lookup_many", method="by", each=each))),
        (None, [alone(c.raw("by", **e)) for e in each]))
    is_("and ends as it should", p.end(), 0)
tap.done()
