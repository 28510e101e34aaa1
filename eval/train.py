#!/usr/bin/env python3
"""Learns index/weights.h from articles marked by hand (docs/EVAL.md has their format).

    train.py nothing > weights.h                         what is known before anything is learned
    train.py who CANDIDATES GOLD.jsonl... > weights.h    who spoke, and whom a pronoun means
    train.py all CANDIDATES GOLD.jsonl... > weights.h    the rest, beside those already in index/weights.h

`make train` does them in turn and builds CANDIDATES with the new weights after each: a quotation may take over the
speaker of the one before it, so what is to be learned depends on what was. `who` twice is enough; it starts from
nothing, so that the same articles give the same weights.

CANDIDATES is the program build/eval/candidates. Four things are learned, each by gradient steps (AdaGrad) with a
penalty on large weights, so that what is seldom seen weighs little:

    which candidate spoke       softmax over the candidates of a piece and "nobody"
    whom a pronoun means        softmax over those lately named that it fits
    is it a quotation at all    logistic, over what is seen of the piece and of the candidate chosen
    is the answer right         logistic, over the chance of the chosen one and how its mention was resolved

A candidate is right when its mention overlaps the marked mention, or has the marked name's last word. Whom pronouns
mean is also learned from eval/pronouns.tsv (pronouns.py). Standard library only.
"""
import json, math, random, re, subprocess, sys
from collections import Counter, defaultdict

import pronouns

EPOCHS, RATE = 18, 0.2
ORDERS = 4                              # the articles are shuffled so many ways; the weights are the mean
PENALTY_ANY, PENALTY_RULE = 1e-4, 3e-4   # of a weight for all rules, and of one rule's own
# What the marked articles cannot tell: nearly all whom he and she mean there have a name.
BY_HAND = {("PERSON", "NO_NAME"): -0.8}
HEAD = "/* weights.h -- made by eval/train.py; see weigh.h. */\n"
LEAST = 60                              # thousandths: smaller weights are not printed
TRIM = "“”\"„‟«»‹›‘’'`‚「」『』,.;:…—–- \t\r\n"   # what a span may have more or less at its ends
PRONOUNS = set("he she it they i we who him her his them".split())


def byte_offsets(text):
    at, n = [0], 0
    for c in text:
        n += len(c.encode())
        at.append(n)
    return at


def last_word(name):
    words = re.findall(r"[^\W_][\w’'-]*", re.split(r" (?:of|for|in|from|at|with) ", name or "")[0])
    words = [w.lower().replace("’s", "").replace("'s", "") for w in words]
    while len(words) > 1 and words[-1] in ("jr", "sr", "ii", "iii", "iv", "qc"):
        words.pop()
    return words[-1] if words else ""


def same(name, gold):
    names = [gold.get("speaker_canonical"), gold.get("speaker")] + list(gold.get("alt_speakers") or [])
    names = [n for n in names if n and n.lower() not in PRONOUNS]
    return bool(name) and any(last_word(name) == last_word(n) for n in names)


class Pronoun:
    """A pronoun that somebody resolved: those it may mean, what is seen of each, which of them is right; or why none is."""
    __slots__ = "article row all right why".split()

    def __init__(self, article, row, all, right, why):
        self.article, self.row, self.all, self.right, self.why = article, row, all, right, why


class Piece:
    __slots__ = "start end rule chance means seen candidates gold right".split()


def resolve(d, golds, offered, marks):
    """The pronouns that are resolved in an article: by its quotes, and by the marks of eval/pronouns.tsv."""
    out, text, asked = [], d["text"].encode(), set()
    for _, _, spans, q in golds:
        if spans and q.get("speaker_canonical") and (q.get("speaker") or "").lower() in PRONOUNS:
            all = offered.pronouns.get(spans[0][0])
            if all and spans[0][0] not in asked:
                asked.add(spans[0][0])
                right = [same(a[2], {"speaker": q["speaker_canonical"]}) for a in all[1:]]
                out.append(Pronoun(d["id"], all[0], [a[3] for a in all[1:]], right, "not told where he is named"))
    for pronoun, (start, end) in marks:
        if pronoun in asked:
            continue
        row, *all = offered.pronouns.get(pronoun) or ["PERSON" if text[pronoun:pronoun + 1].lower() in (b"h", b"s") else "THING"]
        out.append(Pronoun(d["id"], row, [a[3] for a in all], pronouns.right(offered, text, all, start, end),
                           pronouns.missing(offered, pronoun, start, end, text)))
    return out


def read(program, path):
    """All pieces of the gold file, each with the gold quote it is (or None), and the pronouns that are resolved there."""
    docs = [json.loads(line) for line in open(path, encoding="utf-8") if line.strip()]
    bare = "".join(json.dumps({"id": d["id"], "text": d["text"]}, ensure_ascii=False) + "\n" for d in docs)
    out = subprocess.run([program], input=bare.encode(), stdout=subprocess.PIPE, check=True).stdout.decode()
    found, pieces, offered, here = {}, [], {}, []
    for line in out.split("\n"):
        if line.startswith("A "):
            pieces = found[line[2:]] = []
            article = offered[line[2:]] = pronouns.Offered()
        elif line.startswith("M "):
            f = line.split()
            article.mentions.append((int(f[1]), int(f[2]), int(f[3]), f[4], f[5]))
        elif line.startswith("R "):
            f = line.split()
            here = article.pronouns[int(f[1])] = [f[2]]
        elif line.startswith("P "):
            p, f = Piece(), line.split()
            p.start, p.end, p.rule, p.chance, p.means, p.seen = int(f[1]), int(f[2]), f[3], int(f[4]), f[5], f[6:]
            p.candidates, p.gold, p.right = [], None, None
            pieces.append(p)
        elif line.startswith("C "):
            head, _, seen = line.rpartition("|")
            f = head.split(" ", 4)
            if f[1] == "antecedent":
                here.append((int(f[2]), int(f[3]), f[4], seen.split()))
                continue
            pieces[-1].candidates.append((f[1], int(f[2]), int(f[3]), f[4], seen.split()))
    everything, resolved, marks = [], [], pronouns.load()
    for d in docs:
        at = byte_offsets(d["text"])
        golds = []
        for q in d["quotes"]:
            if q.get("type", "direct") not in ("direct", "mixed"):
                continue
            spans = [(q["speaker_start"], q["speaker_end"])] if q.get("speaker_start") is not None else []
            spans += [tuple(s) for s in q.get("speaker_spans", [])]
            words = d["text"][q["start"]:q["end"]]
            left, right = len(words) - len(words.lstrip(TRIM)), len(words.rstrip(TRIM))
            if left >= right:
                continue
            golds.append((at[q["start"] + left], at[q["start"] + right], [(at[a], at[b]) for a, b in spans], q))
        resolved += resolve(d, golds, offered.get(d["id"], pronouns.Offered()), marks.get(d["id"], []))
        for p in found.get(d["id"], []):
            for a, b, spans, q in golds:
                both = min(b, p.end) - max(a, p.start)
                if both > 0 and both >= 0.7 * (max(b, p.end) - min(a, p.start)):
                    p.gold = q
                    p.right = [bool(c[2] > c[1]) and (any(min(y, c[2]) > max(x, c[1]) for x, y in spans)
                                                      or same(c[3], q)) for c in p.candidates]
                    if not any(p.right):
                        p.right[-1] = True
            everything.append(p)
    return everything, resolved


class Model:
    """Weights, and their mean over the later epochs, which is steadier than the last ones."""

    def __init__(self):
        self.w, self.g, self.sum, self.epochs = defaultdict(float), defaultdict(float), defaultdict(float), 0

    def end_epoch(self, epoch):
        if epoch >= EPOCHS // 3:
            self.epochs += 1
            for f, w in self.w.items():
                self.sum[f] += w
        if epoch == EPOCHS - 1:
            self.w = defaultdict(float, {f: s / self.epochs for f, s in self.sum.items()})

    def score(self, features):
        w = self.w
        return sum(w[f] for f in features if f in w)

    def step(self, features, gradient):
        w, g = self.w, self.g
        for f in features:
            d = gradient + w[f] * (PENALTY_ANY if f[0] == "ANY" else PENALTY_RULE) * 10
            g[f] += d * d
            w[f] -= RATE * d / math.sqrt(1e-3 + g[f])


def who_features(rule, seen):
    own = [(rule, a) for a in seen]
    return own if rule == "RULE_NONE" else own + [("ANY", a) for a in seen]


def softmax(scores):
    top = max(scores)
    e = [math.exp(s - top) for s in scores]
    total = sum(e)
    return [x / total for x in e]


def share_right(scores, right):
    return right[scores.index(max(scores))]


def mean_of(learn):
    """The mean of the models that each order of the data gives: what the order decides is no fact about the articles."""
    models, mean = [learn(seed) for seed in range(1, ORDERS + 1)], Model()
    for m in models:
        for f, w in m.w.items():
            mean.w[f] += w / ORDERS
    return mean


def choice_in_order(data, start, seed):
    m, rng, data = Model(), random.Random(seed), list(data)
    m.w.update(start)
    for epoch in range(EPOCHS):
        rng.shuffle(data)
        for features, right in data:
            chance = softmax([m.score(f) for f in features])
            good = sum(c for c, r in zip(chance, right) if r)
            for f, c, r in zip(features, chance, right):
                gradient = c - (c / good if r and good > 0 else 0)
                if abs(gradient) > 1e-3:
                    m.step(f, gradient)
        m.end_epoch(epoch)
    return m


def learn_choice(name, data, start=()):
    """data: (a list of features for each of those to choose from, whether each is right)."""
    m = mean_of(lambda seed: choice_in_order(data, start, seed))
    if name is None:
        return m
    hit = sum(share_right([m.score(f) for f in features], right) for features, right in data)
    print("%s: %d, %.1f %% of them chosen rightly" % (name, len(data), 100 * hit / max(1, len(data))), file=sys.stderr)
    return m


def learn_who(pieces, ids):
    return learn_choice("speakers", [([who_features("RULE_" + ids[c[0]], c[4]) for c in p.candidates], p.right)
                                     for p in pieces if p.gold is not None])


def pronoun_data(row, some):
    return [([[(row, a) for a in seen] for seen in p.all], p.right) for p in some if any(p.right)]


def choose(m, row, p):
    scores = [m.score([(row, a) for a in seen]) for seen in p.all]
    return bool(scores) and share_right(scores, p.right)


def learn_pronouns(row, resolved):
    """Says how many of the articles of one fold are right by what is learned from the others, then learns from all."""
    some = [p for p in resolved if p.row == row]
    start = [(k, v) for k, v in BY_HAND.items() if k[0] == row]
    hits = able = 0
    for fold in range(pronouns.FOLDS):
        m = learn_choice(None, pronoun_data(row, [p for p in some if pronouns.fold_of(p.article) != fold]), start)
        for p in some:
            if pronouns.fold_of(p.article) == fold and any(p.right):
                able += 1
                hits += choose(m, row, p)
    print("pronouns, %s: %d, the right one among those offered of %d; %.1f %% of these right by cross-validation"
          % (row, len(some), able, 100 * hits / max(1, able)), file=sys.stderr)
    for why, n in Counter(p.why for p in some if not any(p.right)).most_common():
        print("    not offered: %3d  %s" % (n, why), file=sys.stderr)
    return learn_choice("pronouns, " + row, pronoun_data(row, some), start)


def one_in_order(row, data, seed):
    m, rng, data = Model(), random.Random(seed), list(data)
    for epoch in range(EPOCHS):
        rng.shuffle(data)
        for seen, y in data:
            f = [(row, a) for a in seen]
            p = 1 / (1 + math.exp(-max(-30, min(30, m.score(f)))))
            if abs(p - y) > 1e-3:
                m.step(f, p - y)
        m.end_epoch(epoch)
    return m


def learn_one(row, data):
    return mean_of(lambda seed: one_in_order(row, data, seed))


def main():
    if sys.argv[1:] == ["nothing"]:
        print(HEAD + "W(WEIGH_QUOTATION, ALWAYS, 2000)")
        return
    if len(sys.argv) < 4 or sys.argv[1] not in ("who", "all"):
        sys.exit(__doc__)
    stage, program, golds = sys.argv[1], sys.argv[2], sys.argv[3:]
    header = open("index/speaker.h", encoding="utf-8").read()
    ids = {name: rule for rule, name in re.findall(r'X\((\w+),\s*"([^"]+)"', header)}
    both = [read(program, path) for path in golds]
    pieces = [p for b in both for p in b[0]]
    resolved = [r for b in both for r in b[1]]
    asked = [p for p in pieces if p.gold is not None]
    able = sum(any(p.right[:-1]) for p in asked)
    print("%d pieces, %d quotations, a right candidate in %.1f %%" % (len(pieces), len(asked), 100 * able / len(asked)),
          file=sys.stderr)
    models = []
    if stage == "who":
        models += [learn_who(pieces, ids), learn_pronouns("PERSON", resolved), learn_pronouns("THING", resolved)]
    else:  # the first stage's weights are compiled in: keep them
        kept = [line for line in open("index/weights.h", encoding="utf-8")
                if line.startswith("W(") and "WEIGH_QUOTATION" not in line and "WEIGH_SURE" not in line]
        models.append(learn_one("QUOTATION", [(p.seen, p.gold is not None) for p in pieces]))
        sure = []
        for p in asked:
            chosen = [i for i, c in enumerate(p.candidates) if c[0] == p.rule]
            if p.rule == "none" or not p.gold.get("speaker"):
                continue
            pronoun = p.gold["speaker"].lower() in PRONOUNS
            # the chosen one is the first of its rule with the chosen attributes; its resolved name decides
            best = [i for i in chosen if set(p.candidates[i][4]) <= set(p.seen)] or chosen
            if not best:
                continue
            if pronoun and not p.gold.get("speaker_canonical"):
                continue
            right = same(p.candidates[best[0]][3], p.gold) or (not pronoun and p.right[best[0]])
            sure.append((p.seen + [p.means], right))
        models.append(learn_one("SURE", sure))
    print(HEAD, end="")
    if stage == "all":
        sys.stdout.writelines(kept)
    rows = defaultdict(list)
    for m in models:
        for (row, attribute), w in {**m.w, **{k: v for k, v in BY_HAND.items() if any(f[0] == k[0] for f in m.w)}}.items():
            t = max(-32000, min(32000, round(1000 * w)))
            if abs(t) >= LEAST:
                rows[row].append((attribute, t))
    for row in rows:
        name = row if row.startswith("RULE_") else "WEIGH_" + row
        for attribute, t in sorted(rows[row], key=lambda x: -abs(x[1])):
            print("W(%s, %s, %d)" % (name, attribute, t))


if __name__ == "__main__":
    main()
