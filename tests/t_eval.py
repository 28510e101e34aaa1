#!/usr/bin/env python3
"""t_eval.py -- make eval: its figures on articles whose answer is known, its list of errors, its renaming.

The gold is twenty small articles made up here, each with five quotes; what a program would have found is made of the
gold itself, whole or damaged in a known way.
"""
import copy
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import private

EVAL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "eval")
sys.path.insert(0, EVAL)
import gold as files
import rename
import score
import speakers

tap = private.Tap()
PEOPLE = [("Martin", "Hallberg", "He"), ("Susanne", "Adeyo", "She"), ("Andrew", "Quintal", "He"), ("Brenda", "Pavlik", "She"),
          ("Stefan", "Sorel", "He")]


class Writer:
    """An article that knows its quotes, places in characters."""

    def __init__(self, name):
        self.name, self.text, self.quotes = name, "", []

    def put(self, text):
        start = len(self.text)
        self.text += text
        return start, len(self.text)

    def quote(self, words, kind, **more):
        self.put("“")
        start, end = self.put(words)
        self.put("”")
        self.quotes.append({"start": start, "end": end, "text": words, "type": kind, **more})

    def by(self, speaker, **more):
        """The speaker of the quotes that have none yet."""
        start, end = self.put(speaker)
        for quote in self.quotes:
            if "speaker" not in quote:
                quote.update(speaker=speaker, speaker_start=start, speaker_end=end, **more)

    def article(self):
        return {"id": self.name, "lang": "en", "text": self.text, "quotes": self.quotes}


def write(number):
    """Five quotes: by a full name, a surname, a pronoun, a role, and one with a title."""
    (given, surname, he), (given2, surname2, _) = (PEOPLE[(number + k) % len(PEOPLE)] for k in (0, 1))
    w = Writer(f"article-{number}")
    w.put(f"The council of Brenn met again – it was meeting no. {number}.\n\n")
    w.quote("The bridge will be closed at noon,", "direct")
    w.put(" said ")
    w.by(f"{given} {surname}")
    w.put(", who builds bridges.\n\n")
    w.quote(f"Nobody but {given2} {surname2} has asked us before,", "direct")
    w.put(" ")
    w.by(surname)
    w.put(" added. The plan was ")
    w.quote("a gift to the ferry", "mixed")
    w.put(", ")
    w.by(he.lower(), speaker_canonical=f"{given} {surname}")
    w.put(" said.\n\n")
    w.quote("We have waited for years,", "direct")
    w.put(" a ")
    w.by("ferryman")
    w.put(" said. Mr. ")
    w.by(surname2)
    w.put(" asked for ")
    w.quote("one more winter", "mixed", speaker=f"Mr. {surname2}")
    w.put(f", against {surname}’s advice.\n")
    return w.article()


def answer(article):
    """What quotes-extract would print for an article if it found just the gold."""
    at = lambda place: len(article["text"][:place].encode())
    quotes = []
    for quote in article["quotes"]:
        found = {"start": at(quote["start"]), "end": at(quote["end"]), "type": quote["type"], "mention": quote["speaker"],
                 "speaker": quote.get("speaker_canonical") or quote["speaker"], "confidence": 0.95, "rule": "planted"}
        for place in ("speaker_start", "speaker_end"):
            found[place] = None if quote.get(place) is None else at(quote[place])
        quotes.append(found)
    return {"id": article["id"], "quotes": quotes}


def figures(articles, answers):
    """The figures, by way of what would stand in the two files."""
    lines = [json.dumps(a) for a in copy.deepcopy(answers)]
    return score.score_all(articles, files.found_in(articles, lines, "answers"))


def percent(triple):
    return tuple(round(100 * x, 1) for x in triple)


def damaged(articles, change):
    """The answers after change(number of the quote over all articles, quote), which returns the quote or None."""
    out, number = [], 0
    for article in articles:
        kept = []
        for quote in answer(article)["quotes"]:
            quote = change(number, quote)
            number += 1
            if quote:
                kept.append(quote)
        out.append({"id": article["id"], "quotes": kept})
    return out


def is_bad(call, *args):
    """The words a file is refused with, or None."""
    try:
        call(*args)
    except files.Bad as error:
        return str(error)
    return None


def test_figures(articles):
    f = figures(articles, [answer(a) for a in articles])
    tap.ok("a hundred quotes in twenty articles", f["gold"] == 100 and f["articles"] == 20)
    tap.ok("gold against itself is 100 throughout",
           all(percent(f[name]) == (100, 100, 100) for name in ("spans", "spans exact", "spans 0.3", "joint", "joint exact"))
           and f["lenient"] == f["surface"] == 1 and f["unjudged"] == f["nobody"] == 0)
    tap.ok("and gold without answers is 0", percent(figures(articles, [])["spans"]) == (0, 0, 0)
           and figures(articles, [])["absent"] == 20)

    f = figures(articles, damaged(articles, lambda n, q: None if n % 10 == 3 else q))
    tap.ok("a tenth of the quotes not found: R 90, P 100", percent(f["spans"])[:2] == (100, 90)
           and percent(f["joint"])[:2] == (100, 90))

    wrong = lambda n, q: dict(q, speaker="Ilkin Zebedo", mention="Ilkin Zebedo", speaker_start=None, speaker_end=None)
    f = figures(articles, damaged(articles, lambda n, q: wrong(n, q) if n % 5 == 0 else q))
    tap.ok("a fifth of the speakers wrong: spans 100, joint 80",
           percent(f["spans"]) == (100, 100, 100) and percent(f["joint"]) == (80, 80, 80))
    tap.ok("the fifth is the named ones of direct quotes",
           f["by kind"]["mixed"]["speaker"] == 1 and round(f["by kind"]["direct"]["speaker"], 3) == 0.667
           and f["by source"]["pronoun"]["speaker"] == 1 and round(f["by source"]["named"]["speaker"], 3) == 0.667)
    tap.ok("and their confidence is shown to be wrong", f["sure"] == {"share": 1, "speaker": 0.8})

    nobody = lambda n, q: dict(q, speaker=None, mention=None, speaker_start=None, speaker_end=None, confidence=0.1)
    f = figures(articles, damaged(articles, lambda n, q: nobody(n, q) if n % 4 == 0 else q))
    tap.ok("a quarter without a speaker is counted as such", f["nobody"] == f["nobody wrong"] == 25
           and f["sure"] == {"share": 0.75, "speaker": 1} and f["tenths"]["0.1"]["n"] == 25)

    mark = len("“".encode())
    f = figures(articles, damaged(articles, lambda n, q: dict(q, end=q["end"] + mark) if n % 2 else
                                  dict(q, start=q["start"] - mark)))
    tap.ok("the marks may be in or out", percent(f["spans exact"]) == (100, 100, 100))
    half = lambda q: dict(q, end=(q["start"] + q["end"]) // 2)
    f = figures(articles, damaged(articles, lambda n, q: half(q) if n % 5 == 0 else q))
    tap.ok("half of the words is not the quote, but loosely", percent(f["spans"]) == (80, 80, 80)
           and percent(f["spans 0.3"]) == (100, 100, 100))
    twice = [{"id": a["id"], "quotes": a["quotes"] * 2} for a in map(answer, articles)]
    f = figures(articles, twice)
    tap.ok("what is found twice counts once", percent(f["spans"]) == (100, 100, 100) and f["repeated"] == 100)


def test_paragraphs():
    text = "“First there was the harbour.\n\n“Then there was the tram.\n\n“Now there is nothing,” said Orla Venn.\n"
    cut = lambda words: (text.index(words), text.index(words) + len(words))
    parts = [cut(w) for w in ("First there was the harbour.", "Then there was the tram.", "Now there is nothing,")]
    quote = lambda start, end: {"start": start, "end": end, "type": "direct", "speaker": "Orla Venn"}
    whole = {"id": "a", "text": text, "quotes": [quote(parts[0][0], parts[2][1])]}
    three = {"id": "a", "text": text, "quotes": [quote(*part) for part in parts]}
    for name, gold, found in (("one record against three", whole, three), ("three against one", three, whole)):
        f = figures([gold], [answer(found)])
        tap.ok(f"a quotation of three paragraphs: {name}", percent(f["joint exact"]) == (100, 100, 100) and f["gold"] == 3)


def test_indirect(articles):
    """Every mixed quote made an indirect one."""
    articles = copy.deepcopy(articles)
    for article in articles:
        for quote in article["quotes"]:
            quote["type"] = quote["type"].replace("mixed", "indirect")
    silent = figures(articles, damaged(articles, lambda n, q: q if q["type"] == "direct" else None))
    tap.ok("indirect quotes of the gold lower no figure of the others", percent(silent["joint"]) == (100, 100, 100)
           and silent["gold"] == 60 and silent["indirect"]["0.8"]["gold"] == 40)
    f = figures(articles, damaged(articles, lambda n, q: dict(q, type="direct")))
    tap.ok("a direct one found on them is neither right nor wrong", percent(f["spans"]) == (100, 100, 100)
           and f["ignored"] == 40)
    some = figures(articles, damaged(articles, lambda n, q: None if q["type"] == "indirect" and n % 5 == 2 else q))
    tap.ok("half of them found: R 50, P 100 in their own row, nothing elsewhere",
           percent(some["indirect"]["0.8"]["joint"])[:2] == (100, 50) and
           {k: v for k, v in some.items() if k != "indirect"} == {k: v for k, v in silent.items() if k != "indirect"})
    short = lambda q: dict(q, end=q["start"] + (2 * (q["end"] - q["start"]) + 2) // 3) if q["type"] == "indirect" else q
    f = figures(articles, damaged(articles, lambda n, q: short(q)))["indirect"]
    tap.ok("two thirds of the words: 0 at 0.8, 100 at 0.5, 0 exact",
           f["0.8"]["spans"][0] == 0 and percent(f["0.5"]["joint"]) == (100, 100, 100) and f["0.5"]["spans exact"][0] == 0)


def test_speakers():
    same, other = speakers.same_speaker, lambda a, b: not speakers.same_speaker(a, b)
    for fact, right in (
            ("a surname is the full name", same("Venn", "Mayor Orla Venn, who took office in May")),
            ("another first name is another person", other("Orla Venn", "Milo Venn")),
            ("a short first name is not", same("Dan Venn", "Daniel Venn")),
            ("father and son are two", other("Milo Venn", "Milo Venn Jr.")),
            ("the head stands before \"of\"", same("the mayor of Brenn", "the mayor")),
            ("and not after it", other("the mayor of Brenn", "the harbour of Brenn")),
            ("initials are an organisation", same("NRB", "Northern Rail Board")),
            ("other initials are not", other("NRD", "Northern Rail Board")),
            ("a pronoun is nobody's name", other("she", "Orla Venn"))):
        tap.ok(fact, right)
    gold = {"speaker": "she", "speaker_start": 4, "speaker_end": 7}
    found = {"speaker": "Orla Venn", "mention": "she", "speaker_start": 4, "speaker_end": 7}
    tap.ok("a gold pronoun without a name cannot be judged", speakers.judge(gold, found) == (None, None, True))
    gold["speaker_canonical"] = "Orla Venn"
    tap.ok("with a name it is that name", speakers.judge(gold, found) == (True, True, True))
    tap.ok("and no other", speakers.judge(gold, dict(found, speaker="Ada Kovar")) == (False, False, True))
    tap.ok("nobody in the gold: only nobody is right", speakers.judge({"speaker": None}, {"speaker": None}).lenient
           and not speakers.judge({"speaker": None}, found).lenient)
    gold = {"speaker": "the harbour master", "speaker_aliases": ["Orla Venn"]}
    tap.ok("an alias of the gold is right", speakers.judge(gold, {"speaker": "Venn"}).lenient
           and not speakers.judge({"speaker": "the harbour master"}, {"speaker": "Venn"}).lenient)
    gold = {"speaker": "the harbour master", "speaker_start": 0, "speaker_end": 18}
    found = {"speaker": "Orla Venn", "mention": "the harbour master", "speaker_start": 0, "speaker_end": 18}
    tap.ok("a role without a name is right by its mention", speakers.judge(gold, found).lenient)
    tap.ok("and by no other mention", not speakers.judge(gold, dict(found, speaker_start=40, speaker_end=58)).lenient)
    tap.ok("with a name it is that name", not speakers.judge(dict(gold, speaker_canonical="Milo Kovar"), found).lenient)
    tap.ok("a name is no role", not speakers.judge(dict(gold, speaker="Milo Kovar"), found).lenient)


def test_page(folder):
    """The example of docs/EVAL.md is what it says it is."""
    with open(os.path.join(EVAL, "..", "docs", "EVAL.md"), encoding="utf-8") as page:
        example = re.search(r'^    (\{"id".*?\]\})$', page.read(), re.M | re.S)[1]
    path = os.path.join(folder, "example.jsonl")
    with open(path, "w", encoding="utf-8") as file:
        file.write(example.replace("\n", " ") + "\n")
    one = files.read_gold(path)[0]
    cut = lambda q, a, b: one["text"][q[a]:q[b]]
    tap.ok("the example of docs/EVAL.md is gold", [cut(q, "start", "end") for q in one["quotes"]] ==
           ["The ferry will sail,", "a promise."] and
           all(cut(q, "speaker_start", "speaker_end") == q["speaker"] for q in one["quotes"]))


def test_files(folder, articles):
    path = os.path.join(folder, "bad.jsonl")

    def refused(line):
        with open(path, "w", encoding="utf-8") as file:
            file.write(line + "\n")
        return is_bad(files.read_gold, path)

    one = articles[0]
    bytes_of = lambda q: dict(q, start=len(one["text"][:q["start"]].encode()), end=len(one["text"][:q["end"]].encode()))
    tap.ok("a good line is read", refused(json.dumps(one)) is None)
    for name, line, words in (
            ("places in bytes", json.dumps({**one, "quotes": [bytes_of(q) for q in one["quotes"]]}), "are its offsets characters?"),
            ("a quote past the end", json.dumps({**one, "quotes": [{"start": 5, "end": 10 ** 6}]}), "in a text of"),
            ("no text", json.dumps({"id": 1, "quotes": []}), "holds no \"text\""),
            ("the same article twice", json.dumps(one) + "\n" + json.dumps(one), "a second article"),
            ("not JSON", "{", "not JSON"), ("nothing", "", "holds no articles")):
        tap.ok(f"gold with {name} is refused in words", words in (refused(line) or ""))
    inside = [{"id": one["id"], "quotes": [{"start": len(one["text"][:one["text"].index("–")].encode()) + 1, "end": 90}]}]
    tap.ok("an answer inside a character is refused", "no place between" in (is_bad(figures, [one], inside) or ""))


def run(*args, **env):
    return subprocess.run([sys.executable, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
                          env={**os.environ, "B": private.B, "COLUMNS": "100", **env})


def planted(articles):
    """One wrong speaker under a rule of its own, one quote missed, one that is none."""
    plant = dict(speaker="Ilkin Zebedo", mention="Ilkin Zebedo", speaker_start=None, speaker_end=None, rule="coin-toss",
                 confidence=0.42, why="it fell on its edge")
    answers = damaged(articles, lambda n, q: dict(q, **plant) if n == 30 else None if n == 41 else q)
    answers[2]["quotes"].append({"start": 0, "end": 21, "type": "mixed", "speaker": None, "rule": "too-eager",
                                 "confidence": 0.3})
    return answers


def test_errors(folder, articles):
    gold, found, clean = (os.path.join(folder, name) for name in ("gold.jsonl", "found.jsonl", "clean.jsonl"))
    for path, lines in ((gold, articles), (found, planted(articles)), (clean, map(answer, articles))):
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)
    tool = os.path.join(EVAL, "errors.py")
    shown = run(tool, gold, found).stdout
    rows = {line.split()[0]: line.split()[1:] for line in shown.split("\n\n")[0].split("\n")}
    tap.ok("errors.py: the table counts by rule", rows["planted"] == "98 98 0 0 100.0 95.0 0".split()
           and rows["coin-toss"] == "1 0 1 0 0.0 42.0 0".split() and rows["too-eager"] == "0 0 0 0 - - 1".split())
    group = shown.split("==== coin-toss: 1 wrong speaker\n")[-1].split("====")[0]
    tap.ok("the planted error stands under its rule, in its place", "[[The bridge will be closed at noon]]" in group
           and "<Susanne Adeyo>" in group and "<Andrew" not in group, group)
    tap.ok("with both speakers, confidence and reason", re.search(r"found  Ilkin Zebedo, rule coin-toss, confidence 0\.420, "
                                                                  r"why: it\s+fell on its edge", group) is not None
           and "gold   Susanne Adeyo, named" in group)
    tap.ok("the missed quote and the extra one too", "==== not found: 1 missed" in shown and "1 extra, mixed" in shown
           and "[[Nobody but Stefan Sorel" not in shown.split("==== not found")[0])
    only = run(tool, gold, found, "--rule", "too-eager").stdout
    tap.ok("--rule shows that rule alone", "==== too-eager" in only and "==== coin-toss" not in only)
    only = run(tool, gold, found, "--what", "miss", "--kind", "direct").stdout
    tap.ok("--what and --kind too", "1/1 missed, direct" in only and "extra," not in only.split("left out")[1])
    than = run(tool, gold, found, "--than", found).stdout
    new = run(tool, gold, found, "--than", clean).stdout
    tap.ok("--than shows what is new", "====" not in than and "==== coin-toss" in new and re.search(r"speaker +0 gone +1 new", new))
    none = run(tool, gold, clean)
    tap.ok("without errors none is shown", none.returncode == 0 and "====" not in none.stdout)
    tap.ok("a file that is not there ends it with 2", run(tool, gold + "x").returncode == 2)
    return gold


def test_rename(articles):
    renamed, _ = rename.rename_all(articles, 7)
    again, _ = rename.rename_all(articles, 7)
    other, _ = rename.rename_all(articles, 8)
    tap.ok("rename.py: one seed, one result", renamed == again and renamed != other)
    old = {word for given, surname, _ in PEOPLE for word in (given, surname)}
    tap.ok("no old name is left", not any(re.search(rf"\b{name}\b", json.dumps(a, ensure_ascii=False)) for a in renamed
                                          for name in old))
    same = [(q, n, b) for a, b in zip(articles, renamed) for q, n in zip(a["quotes"], b["quotes"])]
    holds = lambda n, b: b["text"][n["start"]:n["end"]] == n["text"] and b["text"][n["start"] - 1] + b["text"][n["end"]] == "“”"
    tap.ok("every quote stands between its marks", len(same) == 100 and all(holds(n, b) for _, n, b in same))
    tap.ok("quotes without a name are as they were, the others are not",
           all((q["text"] == n["text"]) == (not any(name in q["text"] for name in old)) for q, n, _ in same))
    tap.ok("every mention holds its speaker", all(
        b["text"][n["speaker_start"]:n["speaker_end"]] == n["speaker"] for _, n, b in same if n.get("speaker_start")))
    tap.ok("pronouns and roles stay, their names change with the others", all(
        n["speaker"] == q["speaker"] and n["speaker_canonical"] == b["quotes"][0]["speaker"]
        for q, n, b in same if q["speaker"] in ("he", "she")) and all(n["speaker"] == "ferryman" for _, n, _ in same[3::5]))
    tap.ok("the surname is that of the full name", all(
        n["speaker"].lower() in b["quotes"][0]["speaker"].lower() for _, n, b in same[1::5]))
    male, female = rename.MALE, rename.FEMALE
    sex = lambda quote: (quote["speaker"].split()[0].lower() in male, quote["speaker"].split()[0].lower() in female)
    tap.ok("men stay men, and women women", all(sex(q) == sex(n) for q, n, _ in same[0::5]))
    tap.ok("the possessive goes on", all(re.search(r"against .+’s advice\.$", b["text"].strip()) for b in renamed))
    f = figures(renamed, [answer(a) for a in renamed])
    tap.ok("renamed gold against itself is 100", percent(f["joint exact"]) == (100, 100, 100) and f["gold"] == 100)
    plain, _ = rename.rename_all(articles, 7, plain=True)
    tap.ok("--plain makes one word of each surname", all(re.fullmatch(r"\w+", a["quotes"][1]["speaker"]) for a in plain)
           and not all(re.fullmatch(r"\w+", a["quotes"][1]["speaker"]) for a in renamed))

    text = "Orla van der Venn and Mayor Kovar met. MAYOR KOVAR said anti-Venn posters of the Kovars were gone, Van der Venn said.\n"
    out = rename.rename_all([{"id": 1, "text": text.replace("Orla", "Martina"), "quotes": []}], 1, plain=True)[0][0]["text"]
    form = re.fullmatch(r"(\w+) (\w+) and Mayor (\w+) met\. MAYOR (\w+) said anti-(\w+) posters of the (\w+) were gone, "
                        r"(\w+) said\.\n", out)
    tap.ok("particles, capitals, plurals and compounds go along", bool(form) and form[4] == form[3].upper()
           and form[5] == form[7] == form[2] and form[6] == form[3] + "s" and form[3] != "Kovar", out)


def test_run(gold):
    tool = os.path.join(EVAL, "run.py")
    none = run(tool)
    tap.ok("make eval without GOLD says what to give, with 2", none.returncode == 2 and "make eval GOLD=" in none.stderr
           and not none.stdout)
    tap.ok("and so it does without quotes-extract", run(tool, gold, B="/nowhere").returncode == 2)
    whole = run(tool, gold)
    tap.ok("it prints one table a file", whole.returncode == 0 and whole.stdout.count("direct and mixed") == 1)
    for row in (r"spans( +\d+\.\d){3}", r"joint( +\d+\.\d){3}", r"by kind( .*)\n +direct +60", r"by source( .*)\n +named +60",
                r"confidence( .*)\n +0\.9 and more +\d", r"nobody named +\d+ of \d+", r"speed +\d+\.\d MB/s", r"memory +\d+\.\d MiB"):
        tap.ok("with " + re.match(r"[a-z]+ ?[a-z]*", row)[0], re.search(rf"^ *{row}", whole.stdout, re.M), whole.stdout)
    both = run(tool, gold, gold, "--renamed", "plain")
    tap.ok("--renamed prints both and the difference, for each file", both.stdout.count("direct and mixed") == 4
           and both.stdout.count("as it is   renamed    change") == 2)


def main():
    articles = [write(n) for n in range(20)]
    test_figures(articles)
    test_paragraphs()
    test_indirect(articles)
    test_speakers()
    test_rename(articles)
    with tempfile.TemporaryDirectory() as folder:
        test_page(folder)
        test_files(folder, articles)
        test_run(test_errors(folder, articles))


main()
tap.done()
