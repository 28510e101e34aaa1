"""coin.py -- new names for people: first names that are known, of the same sex; surnames that nobody bears.

Names ending in s get names ending in s, the others do not, so that "Aarons’ plan" and "Kovar’s plan" stay right.
"""
import words

# Of no list: for a first name that quotes-extract does not know either.
UNKNOWN_GIVEN = """Tavish Orsolya Ilkin Maelis Zebedo Nkiru Yaleth Corvin Ottilke Branimo Saoirke Dagfinnur Thulani
Quilla Eskil Wambui Jorund Anahera Tereza-Lou Kwabena Ruvim Isolke Folami Oswin Makoa Ludovka Sizwe Aroha Enzoke
Gwilym Tomiko Bohdan Xiomara Vesle Ikaika Perrin Zsolt Nayeli Hallam Odalys""".split()
# First names that are words too: at the start of a sentence they would be another test than the name they replace.
ALSO_WORDS = set("""art bill brooke carol chase chuck claus clay cliff crystal daisy dale dawn dean don drew earl ed faith
florence frank gene ginger glen glenn gloria grace grant guy hal harmony hazel heather holly hope iris ivy jack jay jean
jo joy june kay kent lance lily lane ma mai mark max may melody mike miles misty neal ned olive pat patty paige pearl
penny perry pierce ray rex rich rob robin rock rod rose ruby russell rusty sal sandy scott sky stan sterling stone sue
sterling summer ted terry trinity viola violet virginia wade walt warren will wolf woody van kai per la jan an""".split())

ONSETS = "b br d dr f fl g gr h k kl kr l m n p pl pr r sk st t tr v vr w y z ch sh dz gw kw th zh".split()
VOWELS = "a a a e e e i i o o o u u ai ei ou".split()
MIDDLES = "b d f g k l m n p r t v z ld lm lk mb nd nk nt rd rk rl rn rv sk st tt ll zh gn".split()
ENDINGS = "a an ar e ek el en er i ik il in o ok ol om on or u un ur y ak im".split()
# Ends by which the reader takes a name for one of some country.
ORIGINS = "ainen oğlu ashvili enko eira inho ović ewski ström gaard iak yan ould opoulo eanu idze sson wala".split()
PARTICLES = "van den,de la,di,ter,du,de,dos,van,af,bin".split(",")


class Coin:
    """Makes names for one article: none twice, no first name that stands in it, no surname that is a word anywhere."""

    def __init__(self, rnd, here, anywhere, apostrophe, plain):
        self.rnd, self.here, self.anywhere, self.apostrophe, self.plain = rnd, set(here), anywhere, apostrophe, plain

    def keep(self, name):
        """Whether the name is free; then it is free no more."""
        free = name.lower() not in self.here
        self.here.add(name.lower())
        return free

    def given(self, sexes):
        """A first name of these sexes: "m", "f", both, or neither for a name that no list holds."""
        pool = list(KNOWN.get(sexes, UNKNOWN_GIVEN))
        self.rnd.shuffle(pool)
        for name in pool:
            if self.keep(name):
                return name
        return self.stem(False)

    def stem(self, s):
        """An invented word of two syllables or three."""
        while True:
            word = self.rnd.choice(ONSETS) + self.rnd.choice(VOWELS) + self.rnd.choice(MIDDLES)
            word += self.rnd.choice(ORIGINS) if self.rnd.random() < 0.2 else self.rnd.choice(ENDINGS)
            if s:
                word += "s"
            if word not in self.anywhere and self.keep(word):
                return word.capitalize()

    def surname(self, s=False, one_word=False):
        """Of ten: seven plain, and one each hyphenated, with a particle, with a beginning like al-, O', Mac. No "van der"
        and no "von": speakers.py takes "der" and "von" for prepositions, and two who share them for one."""
        draw = 1 if self.plain else self.rnd.random()
        if draw < 0.1:
            return self.stem(False) + "-" + self.stem(s)
        if draw < 0.2:
            first = self.rnd.choice(["al-", "Al-", "El-", "O" + self.apostrophe, "Mac", "Mc"])
            return first + self.stem(s)
        if draw < 0.3 and not one_word:
            return self.rnd.choice(PARTICLES) + " " + self.stem(s)
        return self.stem(s)


def known_given():
    """{sexes: names} of the lists, in Latin letters."""
    lists = words.lists("first_names.words")
    male, female = lists["first names of men"], lists["first names of women"]
    fine = lambda some: sorted(name.title() for name in some - ALSO_WORDS if len(name) > 2 and name[0] < "\u0250")
    return {"m": fine(male - female), "f": fine(female - male), "fm": fine(male & female)}


KNOWN = known_given()
