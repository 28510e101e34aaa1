"""compare.py -- which quotes of an article were found, which were missed, and which are none.

Both sides are cut into pieces (gold.py). A piece is found when another covers the same place: the characters they share
are at least `iou` of all they cover. Pairs are made from the closest on, each piece in one pair at most.
"""
from typing import NamedTuple

import gold as files

# A find that lies on a gold quote of a kind not asked for is neither right nor wrong.
ON_ANOTHER_KIND = 0.5


class Comparison(NamedTuple):
    gold: list      # pieces of the kinds asked for
    found: list     # pieces found, without the ignored
    pairs: list     # (index of gold, index of found)
    ignored: int    # finds on gold quotes of other kinds
    repeated: int   # finds of a piece found already

    @property
    def missed(self):
        paired = {g for g, _ in self.pairs}
        return [piece for i, piece in enumerate(self.gold) if i not in paired]

    @property
    def extra(self):
        paired = {f for _, f in self.pairs}
        return [piece for i, piece in enumerate(self.found) if i not in paired]


def overlap(a, b):
    """Shared characters as a part of all that the two cover."""
    shared = min(a.end, b.end) - max(a.start, b.start)
    return shared / (max(a.end, b.end) - min(a.start, b.start)) if shared > 0 else 0.0


def pair_up(gold, found, iou):
    by_start = sorted(range(len(found)), key=lambda f: found[f].start)
    close = []
    for g, piece in enumerate(gold):
        for f in by_start:
            if found[f].start >= piece.end:
                break
            share = overlap(piece, found[f])
            if share > 0 and share >= iou:
                close.append((-share, g, f))
    pairs, paired_gold, paired_found = [], set(), set()
    for _, g, f in sorted(close):
        if g not in paired_gold and f not in paired_found:
            paired_gold.add(g)
            paired_found.add(f)
            pairs.append((g, f))
    return pairs


def distinct(pieces):
    """The pieces without those whose place came before."""
    first = {}
    for piece in pieces:
        first.setdefault(piece.place, piece)
    return list(first.values())


def compare(article, quotes, kinds, iou=0.8):
    text = article["text"]
    cut = lambda some: [piece for quote in some for piece in files.pieces(quote, text)]
    wanted = distinct(cut(q for q in article["quotes"] if files.kind(q) in kinds))
    others = cut(q for q in article["quotes"] if files.kind(q) not in kinds)
    all_found = cut(q for q in quotes if files.kind(q) in kinds)
    found = distinct(all_found)
    repeated = len(all_found) - len(found)
    paired = {f for _, f in pair_up(wanted, found, iou)}
    kept = [piece for f, piece in enumerate(found)
            if f in paired or not any(overlap(other, piece) >= ON_ANOTHER_KIND for other in others)]
    return Comparison(wanted, kept, pair_up(wanted, kept, iou), len(found) - len(kept), repeated)
