"""random_archive.py -- an invented archive in several languages, and random changes of it. All out of one random.Random, so
that a seed is an archive and a history.

The words are chosen for what may go wrong with them: hyphens, apostrophes, umlauts printed and typed, numbers, initialisms,
scripts without spaces, articles written onto words, a word that stands in nearly every article and one that fills an article.
"""
import json
import os
import shutil

COMMON = "the of and said in that was on for harbour council water".split()
PLAIN = """ferry budget river bridge teacher minister winter market grain tram library hospital orchard signal canal engine letter
garden window museum railway forest valley summer parcel lantern copper meadow festival cabinet border treaty storm pension
factory airport ballot village station mountain island cinema talks peace aid dose does dos""".split()
ODD = """Müller Mueller Muller Müller’s MÜLLER müllers Lühr Luehr Aarhus Århus Ærø Aeroe smørrebrød smoerrebroed e-mail email
E-Mails co-operate cooperate Al-Nadim Alnadim AL-NADIM al-nadim’s secretary-general well-to-do résumé resume Résumé’s resumé
naïve naive l’État état etat d’aujourd’hui l’eau O’Brannock OBrannock Straße Strasse U.S. US u.s U.K. 21,000 21000 21.000
21\u00a0000 3,5 3.5 1.234.567 0,125 2025 snake_case example.org AT&T İstanbul’da Istanbul co-op re-re-use ’tis rock’n’roll
東京都 東京 京都 東 北京市 都 서울은 서울 서울시장 وبالجسر الجسر جسر والجسر كتاب Прага Праги ёлка елка Ёлка Αθήνα αθηνα
กรุงเทพ ภาษาไทย""".split(" ")
ODD = [w for part in ODD for w in part.split("\n") if w]
PEOPLE = ["Orla Venn", "Tomas Hallberg", "Jean-Luc Sorel", "Jürgen Müller-Lühr", "Ines Quintal", "Radu Pavlik", "Hana Ishigo",
          "Noor al-Nadim", "Sean O’Brannock", "Māra Kalniņa", "Renée Étienne", "Olga Venn", "Tomas Venn"]
ROLES = ["mayor", "harbour master", "minister of water", "museum’s director", "teacher"]
VERBS = ["said", "added", "warned", "explained", "told reporters"]
OUTLETS = ["The Lindau Courier", "Kovar Weekly", "Der Hafenbote", ""]
LANGS = ["en", "de", "fr", ""]
DAYS = ["2024-02-29", "2024-12-31", "2025-01-01", "2025-03-04", "2025-03", "2025-06-30", "2025", "1999-07"]


class Archive:
    """A folder that is filled and changed."""

    def __init__(self, rnd, folder):
        self.rnd, self.folder = rnd, folder
        self.number = 0
        os.makedirs(folder, exist_ok=True)

    # ---- text ------------------------------------------------------------------------------------------

    def word(self):
        r = self.rnd.random()
        if r < 0.35:
            return self.rnd.choice(COMMON)
        if r < 0.75:
            return PLAIN[min(int(self.rnd.expovariate(0.08)), len(PLAIN) - 1)]
        if r < 0.97:
            return self.rnd.choice(ODD)
        return "".join(self.rnd.choice("abdeklmnorstuv") for _ in range(self.rnd.randint(3, 7)))

    def words(self, n):
        return " ".join(self.word() for _ in range(n))

    def sentence(self, n):
        text = self.words(max(n, 2))
        return text[0].upper() + text[1:]

    def speech(self):
        """A paragraph in which somebody speaks, or is reported to."""
        rnd, who = self.rnd, self.rnd.choice(PEOPLE)
        said, verb = self.sentence(rnd.randint(3, 14)), rnd.choice(VERBS)
        return rnd.choice([
            f"“{said},” {who} {verb}.",
            f"“{said},” said {who}, the {rnd.choice(ROLES)}.",
            f"The {rnd.choice(ROLES)}, {who}, said: “{said}.”",
            f"{who} {verb} that the {rnd.choice(PLAIN)} would close in {rnd.choice(PLAIN)} {self.word()}.",
            f"{who} called it “{said}” and went home.",
            f"“{said}. My neighbour said, ‘{self.sentence(4)},’” {who} recalled.",
            f"“{said},” the {rnd.choice(ROLES)} said.",
            f"„{said}“, sagte {who}.",
        ])

    def body(self):
        rnd = self.rnd
        paragraphs = []
        for _ in range(rnd.choice([1, 1, 2, 3, 6])):
            paragraphs.append(self.speech() if rnd.random() < 0.6 else self.sentence(rnd.randint(4, 25)) + ".")
        r = rnd.random()
        if r < 0.02: # fills a block of positions, and the block after it
            paragraphs.append(" ".join([rnd.choice(PLAIN)] * rnd.randint(600, 2500)) + ".")
        elif r < 0.04:
            paragraphs += [self.sentence(200) + "." for _ in range(8)]
        if rnd.random() < 0.1:
            paragraphs.insert(0, "Short Url")
        return "\n\n".join(paragraphs)

    def title(self):
        return self.sentence(self.rnd.randint(2, 6))

    def record(self):
        rnd = self.rnd
        fields = {"title": self.title(), "date": rnd.choice(DAYS), "source": rnd.choice(OUTLETS), "lang": rnd.choice(LANGS),
                  "url": f"https://{rnd.choice(['lindau', 'hafen'])}.example/{rnd.randrange(10**6)}", "text": self.body()}
        for name in list(fields)[:-1]:
            if rnd.random() < 0.3:
                del fields[name]
        return json.dumps(fields, ensure_ascii=False)

    def text(self, name):
        """What a file of this name may hold."""
        if name.endswith(".jsonl"):
            lines = [self.record() for _ in range(self.rnd.choice([1, 2, 5, 30]))]
            if self.rnd.random() < 0.1:
                lines.append(self.rnd.choice(["{broken", "", lines[0]]))
            return "\n".join(lines) + "\n"
        if name.endswith(".md"):
            front = {"title": self.title(), "date": self.rnd.choice(DAYS), "source": self.rnd.choice(OUTLETS),
                     "lang": self.rnd.choice(LANGS)}
            lines = [f"{k}: {v}" for k, v in front.items() if v and self.rnd.random() < 0.7]
            return "---\n" + "\n".join(lines) + "\n---\n\n# " + self.title() + "\n\n" + self.body() + "\n"
        day = self.rnd.choice(["", "", "Updated 3 April 2025\n\n", "4 March 2025\n\n"])
        return self.title() + "\n\n" + day + self.body() + "\n"

    # ---- files -----------------------------------------------------------------------------------------

    def files(self):
        return sorted(os.path.join(r, f) for r, _, names in os.walk(self.folder) for f in names)

    def new_path(self):
        self.number += 1
        folder = os.path.join(self.folder, self.rnd.choice(["", "a", "a/deep", "b", "2025/03"]))
        os.makedirs(folder, exist_ok=True)
        return os.path.join(folder, f"{self.rnd.choice('xyz')}{self.number}{self.rnd.choice(['.txt'] * 5 + ['.md', '.jsonl'])}")

    def stamp(self, path):
        at = 1700000000 + self.rnd.randrange(1000) * 86400
        os.utime(path, (at, at))

    def write(self, path):
        with open(path, "w", encoding="utf-8") as f:
            f.write(self.text(path))
        self.stamp(path)

    def fill(self, count):
        for _ in range(count):
            self.write(self.new_path())

    # ---- changes: a row each; what each returns is what it did -----------------------------------------

    def add(self):
        path = self.new_path()
        self.write(path)
        return f"add {path}"

    def change(self):
        path = self.rnd.choice(self.files())
        self.write(path)
        return f"change {path}"

    def mend(self):
        """A word at the end, as somebody who mends a text would; a record more of JSON lines."""
        path = self.rnd.choice(self.files())
        with open(path, "a", encoding="utf-8") as f:
            f.write(self.record() + "\n" if path.endswith(".jsonl") else self.word() + ".\n")
        self.stamp(path)
        return f"mend {path}"

    def shuffle(self):
        """The same records in another order, one of them gone."""
        lines = [p for p in self.files() if p.endswith(".jsonl")]
        if not lines:
            return "nothing"
        path = self.rnd.choice(lines)
        with open(path, encoding="utf-8") as f:
            records = f.read().splitlines()
        self.rnd.shuffle(records)
        with open(path, "w", encoding="utf-8") as f:
            f.write("\n".join(records[self.rnd.randrange(2):]) + "\n")
        self.stamp(path)
        return f"shuffle {path}"

    def delete(self):
        path = self.rnd.choice(self.files())
        os.remove(path)
        return f"delete {path}"

    def move(self):
        old, new = self.rnd.choice(self.files()), self.new_path()
        new = os.path.splitext(new)[0] + os.path.splitext(old)[1]
        os.rename(old, new)
        return f"move {old} {new}"

    def swap(self):
        a, b = self.rnd.choice(self.files()), self.rnd.choice(self.files())
        if a == b or os.path.splitext(a)[1] != os.path.splitext(b)[1]:
            return "nothing"
        os.rename(a, a + ".swap")
        os.rename(b, a)
        os.rename(a + ".swap", b)
        return f"swap {a} {b}"

    def copy(self):
        old, new = self.rnd.choice(self.files()), self.new_path()
        new = os.path.splitext(new)[0] + os.path.splitext(old)[1]
        shutil.copy2(old, new)
        return f"copy {old} {new}"

    def touch(self):
        path = self.rnd.choice(self.files())
        self.stamp(path)
        return f"touch {path}"

    def spoil(self):
        """A file that is no text any more, until it is written again."""
        path = self.rnd.choice(self.files())
        with open(path, "wb") as f:
            f.write(self.rnd.choice([b"", b"\0" * 3000, b"   \n"]))
        self.stamp(path)
        return f"spoil {path}"

    CHANGES = [(add, 5), (change, 4), (mend, 3), (shuffle, 2), (delete, 4), (move, 2), (swap, 1), (copy, 3), (touch, 2),
               (spoil, 1)]

    def step(self):
        """One random change."""
        if len(self.files()) < 3:
            return self.add()
        changes, weights = zip(*self.CHANGES)
        return self.rnd.choices(changes, weights)[0](self)
