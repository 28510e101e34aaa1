"""gold.py -- articles marked by people, and what a program found in them.

A gold file is JSON lines, one article a line, offsets in characters (code points), `end` the first after:

    {"id", "text", "quotes": [{"start", "end", "type", "speaker", "speaker_start", "speaker_end",
                               "speaker_canonical", "speaker_aliases", ...}]}

What quotes-extract prints has the same shape, but its offsets are bytes; they become characters here. docs/EVAL.md
says what each field means.
"""
import json
import os
import re
import subprocess
import sys
from typing import NamedTuple

MARKS = "“”\"„‟«»‹›‘’'`‚「」『』"
# What may stand around the words of a quote without making another quote of it.
AROUND = MARKS + ",.;:…—–- \t\r\n\u00a0\u202f"
# A quotation of several paragraphs is as many pieces: a blank line, or a line that begins with a mark.
PARAGRAPH = re.compile(r"(\n\s*\n|\n(?=\s*[“\"„«]))")
PLACES = ("start", "end", "speaker_start", "speaker_end")


class Bad(Exception):
    """A file that cannot be used, in words for the person who wrote it."""


class Piece(NamedTuple):
    """One paragraph of a quote, its marks and the stops at its ends taken off."""
    start: int
    end: int
    quote: dict

    @property
    def place(self):
        return self.start, self.end


def kind(quote):
    """What the quote says it is: direct, mixed, indirect."""
    return quote.get("type") or "direct"


def records(lines, name):
    """The record of each line, with the words that name the line."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{name}:{number}"
        try:
            record = json.loads(line)
        except ValueError as error:
            raise Bad(f"{where}: not JSON: {error}") from None
        if not isinstance(record, dict) or "id" not in record or not isinstance(record.get("quotes"), list):
            raise Bad(f"{where}: a line is an object with \"id\" and a list \"quotes\"")
        yield where, record


def read_lines(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Bad(f"{path}: {getattr(error, 'strerror', None) or error}") from None


def check(where, article):
    """A gold quote must hold what it says it holds: offsets of another unit are the usual mistake."""
    text = article["text"]
    for quote in article["quotes"]:
        start, end = quote.get("start"), quote.get("end")
        if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
            raise Bad(f"{where}: a quote from {start} to {end} in a text of {len(text)} characters")
        if quote.get("text", text[start:end]) != text[start:end]:
            raise Bad(f"{where}: \"text\" of the quote at {start} is not what stands there: are its offsets characters?")


def read_gold(path):
    """The articles of a gold file, in its order. Raises Bad."""
    articles, seen = [], set()
    for where, article in records(read_lines(path), path):
        if not isinstance(article.get("text"), str):
            raise Bad(f"{where}: the line holds no \"text\"")
        if article["id"] in seen:
            raise Bad(f"{where}: a second article with the id {article['id']}")
        check(where, article)
        seen.add(article["id"])
        articles.append(article)
    if not articles:
        raise Bad(f"{path}: holds no articles")
    return articles


def to_characters(quotes, text, where):
    """Turns the places of quotes, in place, from bytes of UTF-8 into characters."""
    at = 0
    character = {0: 0}
    for number, letter in enumerate(text, 1):
        at += len(letter.encode())
        character[at] = number
    for quote in quotes:
        for place in PLACES:
            if quote.get(place) is not None:
                if quote[place] not in character:
                    raise Bad(f"{where}: byte {quote[place]} is no place between two characters of the text")
                quote[place] = character[quote[place]]


def found_in(articles, lines, name):
    """{id: quotes} of what quotes-extract printed, in characters."""
    texts = {article["id"]: article["text"] for article in articles}
    found = {}
    for where, record in records(lines, name):
        if record["id"] in texts and record["id"] not in found:
            to_characters(record["quotes"], texts[record["id"]], where)
            found[record["id"]] = record["quotes"]
    return found


def read_found(articles, path):
    return found_in(articles, read_lines(path), path)


def bare_lines(articles):
    """The input of quotes-extract: nothing but id and text."""
    return "".join(json.dumps({"id": a["id"], "text": a["text"]}, ensure_ascii=False) + "\n" for a in articles).encode()


def program():
    """quotes-extract as it was built."""
    return os.path.join(os.environ.get("B", "build"), "quotes-extract")


def run_program(articles):
    """What quotes-extract finds in the articles now."""
    try:
        run = subprocess.run([program(), "--indirect"], input=bare_lines(articles), stdout=subprocess.PIPE, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Bad(f"{program()}: {error} (make builds it)") from None
    return found_in(articles, run.stdout.decode().split("\n"), program())


def pieces(quote, text):
    """The pieces of a quote, in their order."""
    at = quote["start"]
    for part in PARAGRAPH.split(text[quote["start"]:quote["end"]]):
        start, end = at, at + len(part)
        at = end
        while start < end and text[start] in AROUND:
            start += 1
        while start < end and text[end - 1] in AROUND:
            end -= 1
        if start < end:
            yield Piece(start, end, quote)


def tool(main):
    """Runs the main function of a tool: input that cannot be used ends it with words and 2, a reader who has seen enough
    without any."""
    try:
        main()
        sys.stdout.flush()
    except Bad as error:
        print(f"{sys.argv[0]}: {error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
