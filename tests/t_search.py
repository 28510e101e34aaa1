"""t_search.py -- tests/cases/search: a name or phrase is found however it is typed, in any script, and what is highlighted
is exactly what was found. Through the daemon, `quotes search --json`, and a terminal's lines. Prints TAP.

TABLE=1 prints what is typed beside what was found, too.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import private

OPEN, CLOSE = "⟦", "⟧"
CASES = "tests/cases/search/"


def lines(name):
    """The rows of a file of cases, each with its number."""
    with open(CASES + name, encoding="utf-8") as f:
        return [(n, line.rstrip("\n")) for n, line in enumerate(f, 1) if line.strip() and not line.startswith("#")]


def pairs():
    """(name of a file, options, what is typed, the article with its marks) for each row."""
    for number, line in lines("scripts.txt"):
        yield f"{number:03}.txt", [], *line.split(" | ", 1)
    for number, line in lines("stems.txt"):
        language, typed, article = line.split(" | ", 2)
        yield f"stem-{number:03}.txt", ["--stem", language], typed, article


def marked(text, ranges):
    """The text with its byte ranges in marks, as a row writes it."""
    raw = text.encode()
    for start, end in sorted(ranges, reverse=True):
        raw = raw[:start] + OPEN.encode() + raw[start:end] + CLOSE.encode() + raw[end:]
    return raw.decode()


def found(archive, options, typed, name):
    """The passage of that file in the answer, with its highlights; or None."""
    for document in archive.json("search", "--limit=0", *options, typed)["documents"]:
        if os.path.basename(document["path"]) == name:
            return "".join(marked(p["text"], p["highlights"]) for p in document["passages"])
    return None


def read_people():
    """The rows of speakers.txt, and its articles."""
    with open(CASES + "speakers.txt", encoding="utf-8") as f:
        table, articles = f.read().split("--- articles\n")
    rows = [line.split(" | ", 1) for line in table.splitlines() if line.strip() and not line.startswith("#")]
    return rows, articles


tap = private.Tap()
rows = list(pairs())
with private.Private() as archive:
    folder = archive.dir + "/archive"
    os.mkdir(folder)
    for name, _, _, article in rows:
        with open(f"{folder}/{name}", "w", encoding="utf-8") as f:
            f.write(article.replace(OPEN, "").replace(CLOSE, "") + "\n")
    people, articles = read_people()
    for i, article in enumerate(articles.strip().split("\n\n")):  # one each: an article has one language
        with open(f"{folder}/people-{i}.txt", "w", encoding="utf-8") as f:
            f.write("Who said what at the quay\n\n" + article + "\n")
    archive.start()
    archive.quotes("add", folder)
    for name, options, typed, article in rows:
        got, wanted = found(archive, options, typed, name), article if OPEN in article else None
        tap.ok(f"{' '.join(options + [typed])} {'finds' if wanted else 'does not find'}: {article}", got == wanted, f"got: {got}")
        if os.environ.get("TABLE"):
            print(f"{' '.join(options + [typed]):24} {got or '(is not found)'}", file=sys.stderr)
    for typed, names in people:
        got = ", ".join(sorted(person["name"] for person in archive.json("by", typed, "--limit=0")["people"]))
        tap.ok(f"by {typed}: {names}", got == names, f"got: {got}")
    lines = archive.quotes("search", "جسر", "--color=always", "--width=40").stdout.decode().splitlines()
    tap.ok("in a line for a terminal, text from right to left is isolated",
           any("\u2068" in line for line in lines) and all(line.count("\u2068") == line.count("\u2069") for line in lines),
           "\n".join(lines))
    wrong = archive.quotes("search", "--stem", "klingon", "bridge")
    tap.ok("an unknown language of stems is an error that says how languages are named",
           wrong.returncode == 2 and b"klingon" in wrong.stderr and b"german" in wrong.stderr, wrong.stderr)
    piped = archive.quotes("search", "جسر").stdout.decode()
    tap.ok("in a pipe it is left as it stands", "\u2068" not in piped and "الجسر" in piped, piped)
tap.done()
