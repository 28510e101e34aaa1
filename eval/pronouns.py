"""Whom pronouns mean, in marked articles: what eval/train.py learns the choice of an antecedent from.

Two sources: quotes whose `speaker` is a pronoun with a `speaker_canonical`, and eval/pronouns.tsv beside this file. Each
is laid beside what build/eval/candidates offers for the pronoun; where the right one is not offered, `missing` says why.
Standard library only.
"""
import os, re, zlib

MARKS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pronouns.tsv")
FOLDS = 10


def load():
    """article id -> [(pronoun's first byte, (start, end) of a mention)]"""
    marks = {}
    for line in open(MARKS, encoding="utf-8"):
        if line.strip() and not line.startswith("#"):
            article, pronoun, mention = line.rstrip("\n").split("\t")
            marks.setdefault(article, []).append((int(pronoun.split("-")[0]), tuple(int(n) for n in mention.split("-"))))
    return marks


class Offered:
    """What the program sees of the pronouns of one article."""

    def __init__(self):
        self.mentions = []    # (start, end, where its entity's name stands, sex, kind)
        self.pronouns = {}    # first byte -> [PERSON or THING, (start, end, name, what is seen)...]


def words(name):
    found = [re.sub("['’]s$", "", w.lower()) for w in re.findall(r"[^\W_][\w’'.-]*", name)]
    while len(found) > 1 and found[-1].rstrip(".") in ("jr", "sr", "ii", "iii", "iv"):
        found.pop()
    return found or [""]


def alike(a, b):
    """Two forms of one name: the same last word, and the same first one when both have several."""
    a, b = words(a), words(b)
    return a[-1] == b[-1] and (len(a) == 1 or len(b) == 1 or a[0] == b[0])


def entity_of(offered, start, end):
    """The mention that is the head of the words marked, or None."""
    for m in offered.mentions:
        both = min(m[1], end) - max(m[0], start)
        if m[1] >= end and both > 0 and both * 3 >= 2 * (end - start):
            return m
    return None


def right(offered, text, all, start, end):
    """Which of those offered are the marked one. text: the article's bytes."""
    entity, marked = entity_of(offered, start, end), text[start:end].decode()
    result = []
    for a, b, name, _ in all:
        both = min(b, end) - max(a, start)
        is_it = both > 0 and both * 2 >= min(b - a, end - start) and b >= end
        if entity:
            is_it = a == entity[2]
        elif b > a and words(name)[-1] == words(marked)[-1]:
            is_it = True   # a letter, for the letter
        if marked != marked.lower() and (not entity or alike(name, text[entity[0]:entity[1]].decode())):
            is_it = is_it or alike(name, marked)
        result.append(is_it)
    return result


def missing(offered, pronoun, start, end, text):
    """Why the right one is not among those offered."""
    if pronoun not in offered.pronouns:
        return "the pronoun is not seen: within marks, or joined to its verb"
    person = offered.pronouns[pronoun][0] == "PERSON"
    marked = text[start:end].decode()
    if re.search(r"\band\b", marked):
        return "several together"
    entity = entity_of(offered, start, end)
    if not entity:
        nameless = marked == marked.lower() or not person
        return "without a name" if nameless else "a name that is not seen as one"
    if person and entity[4] in ("organisation", "place"):
        return "a person taken for an organisation or a place"
    if not person and entity[4] in ("person", "unknown"):
        return "an organisation taken for a person, or for nothing known"
    he = text[pronoun:pronoun + 1].lower() == b"h"
    if person and entity[3] == ("female" if he else "male"):
        return "of the other sex"
    if person and entity[4] == "unknown" and entity[3] == "any":
        return "of no known kind or sex"
    if min(m[0] for m in offered.mentions if m[2] == entity[2]) > pronoun:
        return "named only after it"
    return "too far back"


def fold_of(article):
    return zlib.crc32(article.encode()) % FOLDS
