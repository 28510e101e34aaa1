"""random_query.py -- random queries of every operator: a tree (plain_scan.py) and how a person would type it.

Each operator is a row of LEAVES or INNER: its weight and its maker. Words come from the archive's own texts, changed as people
change them: other capitals, no accents, a hyphen more or less.
"""
import datetime
import unicodedata

EVER = (datetime.date.min, datetime.date.max)
RESERVED = {"AND", "OR", "NOT", "NEAR", "ADJ"}


class Queries:
    def __init__(self, rnd, scan, names):
        self.rnd, self.scan, self.names = rnd, scan, names
        self.texts = [t for t in (words_of(a) for a in scan.articles.values()) if t]
        rows = [row for row in self.LEAVES]
        self.leaves, self.leaf_weights = zip(*rows)

    # ---- words -----------------------------------------------------------------------------------------

    def surface(self):
        """A word as somebody types it."""
        rnd = self.rnd
        word = rnd.choice(rnd.choice(self.texts))
        r = rnd.random()
        if r < 0.15:
            word = word.upper()
        elif r < 0.25:
            word = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
        elif r < 0.32:
            word = word.replace("-", "")
        elif r < 0.36:
            word = word.replace("’", "'")
        elif r < 0.40:
            word = word.replace("ü", "ue").replace("ø", "oe").replace("å", "aa")
        elif r < 0.43:
            word = word[:rnd.randint(1, len(word))]
        elif r < 0.45:
            word = "zzz" + word
        return self.fit(word) or "harbour"

    def fit(self, word):
        """The word, if as a chunk of its own it is nothing but words."""
        if not word or word in RESERVED or word[0] in "-=(" or any(c in word for c in '"“”„«»()*~:\t ') or not is_word(word[0]):
            return None
        return word if any(w[4] == 0 for w in self.scan.drive.do("split", word)["words"]) else None

    def row_of_words(self):
        """Words that stand in a row somewhere, or only might."""
        rnd = self.rnd
        text = rnd.choice(self.texts)
        n = rnd.choice([1, 2, 2, 3, 3, 4])
        at = rnd.randrange(max(1, len(text) - n))
        words = text[at:at + n]
        if rnd.random() < 0.2:
            words[rnd.randrange(len(words))] = self.surface()
        row = " ".join(w for w in words if not any(c in w for c in '"“”„«»\t'))
        return row if any(w[4] == 0 for w in self.scan.drive.do("split", row)["words"]) else "the harbour"

    # ---- operators: what each gives is (tree, as it is typed) ------------------------------------------

    def word(self):
        word = self.surface()
        return ("words", word, "word"), word

    def phrase(self):
        row = self.row_of_words()
        opening, closing = self.rnd.choice(['""', '""', "“”", "«»"])
        return ("words", row, "phrase"), opening + row + closing

    def spelled(self):
        if self.rnd.random() < 0.3:
            row = self.row_of_words()
            return ("words", row, "spelled"), f'="{row}"'
        word = self.surface()
        return ("words", word, "spelled"), "=" + word

    def speaker(self):
        rnd = self.rnd
        name = rnd.choice(self.names)
        parts = name.split()
        if rnd.random() < 0.6:
            parts = [rnd.choice(parts)]
        rnd.shuffle(parts)
        if rnd.random() < 0.2:
            parts = [p.upper() for p in parts]
        name = " ".join(parts)
        spelled = rnd.random() < 0.15
        if len(parts) == 1 and not spelled and rnd.random() < 0.6:
            return ("speaker", name, False), "speaker:" + name
        return ("speaker", name, spelled), f'speaker:{"=" if spelled else ""}"{name}"'

    def kind(self):
        rnd = self.rnd
        if rnd.random() < 0.2:
            return ("kind", {"direct", "mixed", "pull", "reported", "indirect"}), "kind:all"
        kinds = rnd.sample(["direct", "mixed", "pull", "reported", "indirect"], rnd.choice([1, 1, 2, 3]))
        return ("kind", set(kinds)), "kind:" + ",".join(kinds)

    def iso(self):
        rnd = self.rnd
        day = datetime.date(rnd.choice([1999, 2023, 2024, 2025, 2025, 2026]), rnd.randint(1, 12), rnd.randint(1, 28))
        return str(day)[:rnd.choice([4, 7, 10])]

    def date(self):
        from plain_scan import days_of
        rnd = self.rnd
        a, b = sorted([self.iso(), self.iso()], key=days_of)
        r = rnd.random()
        if r < 0.3:
            return ("date", *days_of(a)), "date:" + a
        if r < 0.5:
            return ("date", days_of(a)[0], EVER[1]), "since:" + a
        if r < 0.6:
            return ("date", days_of(a)[0], EVER[1]), "date:" + a + ".."
        if r < 0.8:
            return ("date", EVER[0], days_of(a)[1]), "until:" + a
        if days_of(a)[0] > days_of(b)[1]:
            return ("date", *days_of(a)), "date:" + a
        return ("date", days_of(a)[0], days_of(b)[1]), f"date:{a}..{b}"

    LEAVES = [(word, 30), (phrase, 14), (spelled, 8), (speaker, 6), (kind, 4), (date, 5)]

    # ---- the grammar -----------------------------------------------------------------------------------

    def leaf(self):
        return self.rnd.choices(self.leaves, self.leaf_weights)[0](self)

    def bracketed(self, made):
        tree, typed = made
        return tree, typed if tree[0] not in ("and", "or", "not") and self.rnd.random() < 0.9 else f"({typed})"

    def without(self, depth):
        tree, typed = self.bracketed(self.make(depth - 1) if self.rnd.random() < 0.3 else self.leaf())
        return ("not", tree), self.rnd.choice(["-", "NOT "]) + typed if may_have_minus(typed) else "NOT " + typed

    def both(self, depth):
        """Side by side, or with AND; what binds less tightly stands in brackets."""
        rnd = self.rnd
        kids, typed = [], ""
        for _ in range(rnd.choice([2, 2, 3])):
            tree, words = self.without(depth) if rnd.random() < 0.2 else self.make(depth - 1)
            if tree[0] in ("and", "or"):
                words = f"({words})"
            kids.append(tree)
            typed += (rnd.choice([" ", " ", " AND "]) if typed else "") + words
        return ("and", kids), typed

    def either(self, depth):
        rnd = self.rnd
        kids, typed = [], []
        for _ in range(rnd.choice([2, 2, 3])):
            tree, words = self.make(depth - 1)
            if tree[0] == "or" or (tree[0] == "and" and rnd.random() < 0.5):
                words = f"({words})"
            kids.append(tree)
            typed.append(words)
        return ("or", kids), " OR ".join(typed)

    def make(self, depth):
        r = self.rnd.random()
        if depth <= 0 or r < 0.35:
            return self.leaf()
        if r < 0.70:
            return self.both(depth)
        if r < 0.93:
            return self.either(depth)
        return self.without(depth)

    def query(self):
        return self.make(self.rnd.choice([0, 1, 1, 2, 2, 3]))


def is_word(c):
    return unicodedata.category(c)[0] in "LN"


def may_have_minus(typed):
    """Where a minus sign is no part of a word."""
    return typed[0] in '"“«(=' or is_word(typed[0])


def words_of(article):
    """The words of an article as they might be copied out of it: exact keys of whole words."""
    return [w[1] for w in article.row["words"] if w[4] == 0]
