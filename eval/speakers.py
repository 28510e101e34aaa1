"""speakers.py -- do two ways to name a speaker mean the same one?

The question is asked leniently: "Mayor Ada Kovar" is "Kovar", "the mayor of Brenn" is "the mayor", "Northern Rail
Board" is "NRB". What decides is the head: the last word of the name, or of what stands before "of", "for", "in".
"""
import re
import unicodedata
from typing import NamedTuple, Optional

from gold import AROUND

PRONOUNS = set("""i me my we us our you your he him his she her hers it its they them their who whom which that himself
herself itself themselves this these those one
er sie es ihn ihm ihr wir ich dieser diese der die das""".split())
# Words before a name which are no part of it.
TITLES = set("""mr mrs ms miss dr prof sen rep gov lt gen col sgt maj capt adm rev hon sir dame lord lady
president vice-president vice chancellor premier minister prime secretary senator representative congressman
congresswoman governor mayor judge justice chief chairman chairwoman director general king queen prince princess pope
archbishop bishop cardinal attorney ambassador speaker leader candidate nominee former ex acting republican democratic
democrat gop the a an herr frau""".split())
# Words which two spellings of one name may differ in.
SMALL = {"the", "a", "an", "mr", "mrs", "ms", "dr"}
GENERATIONS = {"jr", "sr", "ii", "iii", "iv"}

TOKEN = re.compile(r"[^\W_][\w.'&-]*")
BEFORE_PLACE = re.compile(r"\s(?:of|for|from|at|in|with|on|to|by|near|inside|von|der|des|aus|für|bei)\s")
# Where what is said about the speaker begins: "Kovar, who", "Kovar (Ind.)", "Kovar - the mayor".
ASIDE = re.compile(r"\s(?:who|that|which|whose|where|when|as|while|including)\b|[,;(\[–—]|\s-\s")


def plain(text):
    return unicodedata.normalize("NFKC", text or "").replace("’", "'").replace("‘", "'")


def tokens(text):
    return TOKEN.findall(plain(text))


def word(token):
    return token.lower().strip(".'-").replace("'s", "")


def core(text):
    """The name without what is said about it."""
    text = plain(text).strip(AROUND)
    aside = ASIDE.search(text)
    while aside and aside.start() == 0:
        text = text[aside.end():].strip()
        aside = ASIDE.search(text)
    return (text[:aside.start()] if aside else text).strip(AROUND)


def name_words(text):
    """The words of the name, titles left out."""
    return [w for w in map(word, tokens(core(text))) if w and w not in TITLES]


def last_token(text):
    return next((t for t in reversed(tokens(text)) if word(t) not in GENERATIONS), "")


def heads(text):
    """The words one of which another name must share: the last before a preposition, and where that is a name
    ("Department of State") the last of all."""
    text = core(text)
    preposition = BEFORE_PLACE.search(f" {text} ")
    before = last_token(f" {text} "[:preposition.start()] if preposition else text)
    last = last_token(text)
    out = {word(before)} if before else set()
    if last and (not before or before[0].isupper()):
        out.add(word(last))
    return out


def spelling(text):
    """The name as two exact spellings are compared."""
    return " ".join(w for w in map(word, tokens(plain(text).strip(AROUND))) if w and w not in SMALL)


def initials(text):
    """"nrb" of "Northern Rail Board"; nothing of one word."""
    capitals = [t[0] for t in tokens(core(text)) if t[0].isupper()]
    return "".join(capitals).lower() if len(capitals) > 1 else ""


def is_pronoun(text):
    return bool(text) and plain(text).strip(AROUND).lower() in PRONOUNS


def is_full_name(text):
    """Two capitalised words or more and nothing else: first names can be compared."""
    text = core(text)
    found = tokens(text)
    return (len(found) >= 2 and all(t[0].isupper() for t in found) and "'s" not in text and
            not BEFORE_PLACE.search(text))


def other_person(a, b):
    """Two full names with one surname, which are not one person's: "Ada Kovar", "Milo Kovar"."""
    words_a, words_b = name_words(a), name_words(b)
    short_a, short_b = ([w for w in words if w not in GENERATIONS] for words in (words_a, words_b))
    if not (is_full_name(a) and is_full_name(b) and len(short_a) >= 2 and len(short_b) >= 2):
        return False
    if short_a[0][0] != short_b[0][0] and not set(short_a[:-1]) & set(short_b[:-1]):
        return True
    return len(short_a) == len(short_b) and (short_a != words_a) != (short_b != words_b)


def same_speaker(a, b):
    if not a or not b:
        return False
    if spelling(a) == spelling(b):
        return True
    if is_pronoun(a) or is_pronoun(b):
        return False
    if heads(a) & heads(b):
        return not other_person(a, b)
    short = lambda text: spelling(core(text)).replace(" ", "").replace(".", "")
    return bool(initials(a)) and initials(a) == short(b) or bool(initials(b)) and initials(b) == short(a)


def source(quote):
    """How the gold names the speaker: named, nominal ("the mayor"), pronoun, canonical only, none."""
    speaker = quote.get("speaker")
    if speaker is None:
        return "canonical only" if quote.get("speaker_canonical") else "none"
    if is_pronoun(speaker):
        return "pronoun"
    found = tokens(core(speaker))
    named = found and (found[-1][0].isupper() or any(t[0].isupper() for t in found[1:]))
    return "named" if named else "nominal"


class Verdict(NamedTuple):
    """Whether the speaker found is the gold one; None where the gold does not say who that is."""
    strict: Optional[bool]   # the same name, word for word
    lenient: Optional[bool]  # the same one
    surface: Optional[bool]  # the same mention, a pronoun for a pronoun


def mentions_overlap(gold, found):
    if gold.get("speaker_start") is None or found.get("speaker_start") is None:
        return False
    spans = [(gold["speaker_start"], gold["speaker_end"]), *gold.get("speaker_spans", [])]
    return any(found["speaker_start"] < end and start < found["speaker_end"] for start, end in spans)


def is_role(printed):
    """"the mayor", "the GOP nominee": its head is no name."""
    text = core(printed or "")
    preposition = BEFORE_PLACE.search(f" {text} ")
    head = last_token(f" {text} "[:preposition.start()] if preposition else text)
    return bool(head) and head[0].islower() and not is_pronoun(printed)


def judge(gold, found):
    printed, canonical = gold.get("speaker"), gold.get("speaker_canonical")
    speaker, mention = found.get("speaker"), found.get("mention", found.get("speaker"))
    if not printed and not canonical:
        return Verdict(not speaker, not speaker, not mention)
    overlap = mentions_overlap(gold, found)
    surface = bool(mention) and (same_speaker(mention, printed) or overlap) if printed else None
    if is_pronoun(printed) and not canonical:
        return Verdict(None, None, surface)
    right = [canonical, None if is_pronoun(printed) else printed, *(gold.get("alt_speakers") or []),
             *(gold.get("speaker_aliases") or [])]
    right = [name for name in right if name]
    strict = bool(speaker) and any(spelling(speaker) == spelling(name) for name in right)
    lenient = strict or any(same_speaker(speaker, name) for name in right)
    if not lenient and overlap and speaker and printed and not is_pronoun(printed) and not is_pronoun(speaker):
        # The right mention under a fuller or shorter name: they must share a word of it.
        lenient = speaker == found.get("mention") or bool(set(name_words(speaker)) & set(name_words(printed)))
    if not lenient and overlap and speaker and not canonical and is_role(printed) and not is_pronoun(speaker):
        lenient = True  # whom a role means is not marked: the right mention is all that can be judged
    return Verdict(strict, lenient, surface)
