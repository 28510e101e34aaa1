"""plain_scan.py -- what a query means, said once more: over the words of each article and quote, without lists, segments or
order. Slow, and as near to docs/TEXT.md and `quotes help query` as can be, so that an index may be held to it.

A query is a tree of tuples, as random_query.py makes it:

    ("words", text, how)            how: "word", "phrase" or "spelled"
    ("and", [kids]) ("or", [kids]) ("not", kid)
    ("speaker", text, spelled) ("kind", {kinds}) ("date", first day, last day)
"""
import calendar
import datetime

KINDS = {"direct", "mixed", "pull", "reported", "indirect"}
UMLAUTS = [("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ø", "oe"), ("å", "aa"), ("æ", "ae")]
UMLAUT_WAYS = 16
ELIDED = set("""l d j m t s n c qu jusqu lorsqu puisqu quoiqu un dell nell all dall sull coll quell bell sant quest gl anch dov
com mezz senz""".split())
WHOLE, PART, REST = 0, 1, 2


class Unit:
    """The words of an article, of a quote, of a name: by key, where each stands, how it is spelled and how wide it is."""

    def __init__(self, words):
        self.at = {}
        for loose, exact, pos, width, _ in words:
            here = self.at.setdefault(loose, {}).setdefault(pos, [1, set()])
            here[0] = max(here[0], width)
            here[1].add(exact)

    def places(self, key):
        """Where a key stands: {position: width}."""
        how, loose, exact = key
        if how == "begins":
            return {pos: 1 for k, at in self.at.items() if k.startswith(loose) for pos in at}
        at = self.at.get(loose, {})
        if how == "loose":
            return {pos: width for pos, (width, _) in at.items()}
        wanted = {exact} if how == "spelled" else {exact, exact + "'s"}
        return {pos: width for pos, (width, exacts) in at.items() if exacts & wanted}


class Article:
    def __init__(self, row):
        self.row = row
        self.content = row["content"]
        self.unit = Unit(row["words"])
        self.days = days_of(row["date"])
        self.quotes = [Quote(self, q) for q in row["quotes"]]


class Quote:
    def __init__(self, article, row):
        self.article, self.row, self.kind = article, row, row["kind"]
        self.unit, self.name = Unit(row["words"]), Unit(row["name"])
        self.role, self.cue = Unit(row["role"]), Unit(row["cue"])
        self.named = bool(row["speaker"])


def days_of(iso):
    """The first and the last day that a date may mean, or None."""
    parts = [int(p) for p in iso.split("-")] if iso else []
    if not parts:
        return None
    year, month = parts[0], parts[1] if len(parts) > 1 else 0
    last_month = month or 12
    last = parts[2] if len(parts) > 2 else calendar.monthrange(year, last_month)[1]
    return (datetime.date(year, month or 1, parts[2] if len(parts) > 2 else 1), datetime.date(year, last_month, last))


class Scan:
    """Articles as they were read, each content once, and what matches among them."""

    def __init__(self, drive, rows):
        self.drive = drive
        self.articles = {}
        for row in rows:
            self.articles.setdefault(row["content"], Article(row))
        self.slots_known = {}
        self.keys_known = {}

    # ---- words of a query become slots: each has ways to be there, a way is keys in a row ---------------

    def key(self, text):
        if text not in self.keys_known:
            answer = self.drive.do("key", text)
            self.keys_known[text] = (answer["loose"], answer["exact"])
        return self.keys_known[text]

    def umlauts(self, exact, slot):
        """Printed müller is found by mueller, and what was printed Mueller by müller."""
        if len(exact.encode()) > 100:
            return
        typed = exact
        for printed, letters in UMLAUTS:
            typed = typed.replace(printed, letters)
        if typed != exact:
            slot.append([("loose", self.key(typed)[0], "")])

        def printed_from(word, start):
            for i in range(start, len(word) - 1):
                for printed, letters in UMLAUTS:
                    if word[i:i + 2] == letters and len(slot) < UMLAUT_WAYS:
                        other = word[:i] + printed + word[i + 2:]
                        slot.append([("umlaut", *self.key(other))])
                        printed_from(other, i + 1)
        printed_from(exact, 0)

    def slots(self, text, how):
        if (text, how) not in self.slots_known:
            self.slots_known[text, how] = self.read_slots(text, how)
        return self.slots_known[text, how]

    def read_slots(self, text, how):
        raw = text.encode()
        slots, whole, chain, alone = [], None, None, None
        for word in self.drive.do("split", text)["words"]:
            loose, exact, _, width, kind, start, end, head, pair = word
            if kind == WHOLE:
                if whole and end <= whole["end"]: # the last character of a run of pairs
                    alone = loose
                    continue
                if alone:
                    slots.append([[("begins", alone, "")]])
                alone = chain = None
                whole = {"start": start, "end": end, "width": width}
                if how == "spelled":
                    slots.append([[("spelled", loose, exact)]])
                    continue
                slots.append([[("begins" if pair and head == end else "loose", loose, "")]])
                if not pair:
                    self.umlauts(exact, slots[-1])
            elif how == "spelled":
                continue
            elif kind == PART:
                if chain is None:
                    chain = []
                    slots[-1].append(chain)
                chain.append(("loose", loose, ""))
            elif whole["width"] == 1: # another way to find the word
                before = self.key(raw[whole["start"]:start].decode())[1] if start > whole["start"] else ""
                before = before.rstrip("'")
                if start == whole["start"] and loose[:1].isdigit():
                    slots[-1].append([("loose", loose, "")])
                elif how == "word" and before in ELIDED and raw[whole["start"]:start].decode()[-1] in "'’ʼ":
                    slots[-1][:] = [[("loose", loose, "")]]
        return slots

    @staticmethod
    def places(unit, key):
        """(position, width) of each place of a key."""
        return list(unit.places(key).items())

    def spans(self, unit, slots):
        """(first position, position after it) of each place where the slots stand in a row."""
        spans = None
        for slot in slots:
            reached = set()
            for way in slot:
                here = spans
                for key in way:
                    places = self.places(unit, key)
                    if here is None:
                        here = {(pos, pos + width) for pos, width in places}
                    else:
                        here = {(start, pos + width) for start, end in here for pos, width in places if pos == end}
                reached |= here or set()
            spans = reached
        return spans or set()

    def stands(self, unit, text, how):
        return bool(self.spans(unit, self.slots(text, how)))

    # ---- what a query says of a quote, and of an article -----------------------------------------------

    def name_is(self, quote, node):
        """All words of the name, in any order; each chunk of it in a row."""
        how = "spelled" if node[2] else "phrase"
        return all(self.stands(quote.name, chunk, how) for chunk in node[1].split())

    def of_quote(self, node, quote):
        kind = node[0]
        if kind == "words":
            return self.stands(quote.unit, node[1], node[2])
        if kind == "speaker":
            return self.name_is(quote, node)
        if kind == "kind":
            return quote.kind in node[1]
        return self.of_either(node, lambda kid: self.of_quote(kid, quote), quote.article)

    def of_article(self, node, article, kinds):
        kind = node[0]
        if kind == "words":
            return self.stands(article.unit, node[1], node[2])
        if kind == "kind":
            return any(q.kind in node[1] for q in article.quotes)
        if kind == "and": # what is asked about quotes holds for one of them
            kids = side_by_side(node)
            said = [kid for kid in kids if is_of_quotes(kid)]
            if len(said) > 1 or any(map(asks_who, said)):
                return self.one_quote(said, article, kinds) and all(
                    self.of_article(kid, article, kinds) for kid in kids if not is_of_quotes(kid))
        elif is_of_quotes(node) and asks_who(node):
            return self.one_quote([node], article, kinds)
        return self.of_either(node, lambda kid: self.of_article(kid, article, kinds), article)

    def one_quote(self, said, article, kinds):
        groups = groups_of(kinds)
        return any(q.kind in groups and all(self.of_quote(node, q) for node in said) for q in article.quotes)

    @staticmethod
    def of_either(node, holds, article):
        kind = node[0]
        if kind == "and":
            return all(holds(kid) for kid in node[1])
        if kind == "or":
            return any(holds(kid) for kid in node[1])
        if kind == "not":
            return not holds(node[1])
        if kind == "date":
            return article.days is not None and node[1] <= article.days[0] and article.days[1] <= node[2]
        raise ValueError(kind)

    # ---- answers ---------------------------------------------------------------------------------------

    def search(self, node):
        kinds = kinds_of(node)
        return {a.content for a in self.articles.values() if self.of_article(node, a, kinds)}

    def by(self, speaker, node):
        """The quotes: (article, number of the quote in it)."""
        parts = [("speaker", speaker, False)] + ([node] if node else [])
        root = parts[0] if len(parts) == 1 else ("and", parts)
        groups = groups_of(kinds_of(root))
        return {(a.content, i) for a in self.articles.values() for i, q in enumerate(a.quotes)
                if q.kind in groups and self.of_quote(root, q)}


OF_QUOTES = {"speaker", "kind", "role", "cue"}


def side_by_side(node):
    """The kids of an AND; brackets of nothing but AND make no difference."""
    return [one for kid in node[1] for one in (side_by_side(kid) if kid[0] == "and" else [kid])]


def is_of_quotes(node):
    return node[0] in OF_QUOTES or (node[0] in ("and", "or") and all(map(is_of_quotes, node[1])))


def asks_who(node):
    return any(map(asks_who, node[1])) if node[0] in ("and", "or") else node[0] in OF_QUOTES - {"kind"}


def groups_of(kinds):
    """Quotes are looked for among those that are only reported, among the others, or among both."""
    return ({"indirect"} if "indirect" in kinds else set()) | (KINDS - {"indirect"} if kinds - {"indirect"} else set())


def kinds_of(root):
    """The kinds that can match. What is only reported is not among them unless it is named."""
    def can(node):
        if node[0] == "kind":
            return set(node[1])
        if node[0] == "and":
            return set.intersection(*map(can, node[1]))
        if node[0] == "or":
            return set.union(*map(can, node[1]))
        return set(KINDS)

    def names_indirect(node):
        if node[0] == "kind":
            return "indirect" in node[1]
        return node[0] in ("and", "or") and any(map(names_indirect, node[1]))

    return can(root) if names_indirect(root) else can(root) - {"indirect"}
