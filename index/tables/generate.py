#!/usr/bin/env python3
"""generate.py -- writes index/char_tables.c: what every character of Unicode 15.0 is, and what it folds to.

    make tables        (index/tables/generate.py > index/char_tables.c)

Reads only what Debian ships: unicode-data (15.0, the version of utf8proc 2.8) and CLDR's Latin-ASCII rules
(unicode-cldr-core). The same data gives the same bytes; tests/t_tables.py checks that.
"""
import os
import re
import sys

UNICODE = os.environ.get("UNICODE_DATA", "/usr/share/unicode")
CLDR = os.environ.get("CLDR_DATA", UNICODE + "/cldr/common")
LAST = 0x110000


# enum char_bits and enum char_flags of index/char.h, in the order of their bits.
BITS = "LETTER DIGIT UPPER LOWER SPACE MARK DENSE IGNORED".split()
FLAGS = "EXACT_SLOW LOOSE_SLOW LOOSE_DIFFERS ACCENTED STRESSED ACCENT PAIRS PICTOGRAPH ARABIC RIGHT_TO_LEFT ALONE ATTACHES".split()
RUNS = "END WORD ASK".split()

# Written without spaces between words: found by pairs of characters. Hangul has spaces, but its particles are
# written onto the noun, so it is found by pairs too (without being DENSE for those who look for spaces).
DENSE_SCRIPTS = {"Han", "Hiragana", "Katakana", "Bopomofo", "Thai", "Lao", "Khmer", "Myanmar"}
# Where a combining mark is an accent that people leave out, and not a part of the spelling.
ACCENT_SCRIPTS = {"Latin", "Greek", "Arabic", "Hebrew", "Syriac"}
# Russian and Ukrainian vowels: an acute or grave on them is a mark of stress.
STRESSED = set("аеиоуыэюяіє")

APOSTROPHES = [0x60, 0xB4, 0x2B9, 0x2BB, 0x2BC, 0x2BD, 0x2BE, 0x2BF, 0x2C8, 0x5F3, 0x2018, 0x2019, 0x201B, 0x2032]
HYPHENS = [0x5BE, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2043, 0x2212]
JOINERS = {ord(c) for c in "'-\".,"}  # what key.c takes out of words
DOUBLES = [0x5F4]  # Hebrew gershayim, typed " as often: צה״ל

# Letters that carry no mark to take off, and are typed as another letter all the same. Latin ones are CLDR's
# (below); these are Lucene's Arabic and Persian normalisers', final forms, and common habit. "" goes altogether.
LETTERS = {
    0x259: "e",                                                  # Azerbaijani ə: Əliyev, Eliyev
    0x622: "ا", 0x623: "ا", 0x625: "ا", 0x671: "ا",              # alef with hamza, madda, wasla
    0x624: "و", 0x626: "ي", 0x649: "ي", 0x6CC: "ي", 0x6D2: "ي",  # hamza carriers; Persian and Urdu yeh
    0x6A9: "ك", 0x6AA: "ك",                                      # Persian kaf
    0x629: "ه", 0x6BE: "ه", 0x6C1: "ه", 0x6C3: "ه", 0x6D5: "ه",  # teh marbuta; the hehs; ۀ is 6D5 and hamza
    0x6BA: "ن",                                                  # Urdu noon ghunna
    0x640: "",                                                   # tatweel
    0x55B: "", 0x55C: "", 0x55E: "",                             # Armenian marks of stress, call and question in a word
    0x66B: ".", 0x66C: ",",                                      # Arabic decimal and thousands separators
    0x5DA: "כ", 0x5DD: "מ", 0x5DF: "נ", 0x5E3: "פ", 0x5E5: "צ",  # Hebrew final letters
    0x5F0: "וו", 0x5F1: "וי", 0x5F2: "יי",                       # Yiddish digraphs
}


# ---- reading ---------------------------------------------------------------------------------------------

def rows(path):
    """The fields of each line, comments and blank lines left out."""
    with open(os.path.join(UNICODE, path), encoding="utf-8") as f:
        for line in f:
            line = line.split("#")[0].strip()
            if line:
                yield [field.strip() for field in line.split(";")]


def span(field):
    first, _, last = field.partition("..")
    return range(int(first, 16), int(last or first, 16) + 1)


def property_of(path, default, want=None):
    """code point -> value of a property file."""
    out = [default] * LAST
    for fields in rows(path):
        if want is None or fields[1] == want:
            for cp in span(fields[0]):
                out[cp] = fields[1]
    return out


def read_unicode_data():
    category, combining, canonical, right_to_left = ["Cn"] * LAST, [0] * LAST, {}, set()
    first = None
    for f in rows("UnicodeData.txt"):
        cp = int(f[0], 16)
        run = range(first if f[1].endswith("Last>") else cp, cp + 1)
        first = cp
        for c in run:
            category[c], combining[c] = f[2], int(f[3])
            if f[4] in ("R", "AL"):
                right_to_left.add(c)
        if f[5] and not f[5].startswith("<"):
            canonical[cp] = [int(x, 16) for x in f[5].split()]
    return category, combining, canonical, right_to_left


category, combining, canonical, right_to_left = read_unicode_data()
script = property_of("Scripts.txt", "Unknown")
word = property_of("auxiliary/WordBreakProperty.txt", "Other")
sentence = property_of("auxiliary/SentenceBreakProperty.txt", "Other")
cluster = property_of("auxiliary/GraphemeBreakProperty.txt", "Other")
pictograph = property_of("emoji/emoji-data.txt", "", "Extended_Pictographic")

casefold, never_composed, may_compose = {}, set(), set()
for f in rows("DerivedNormalizationProps.txt"):
    for cp in span(f[0]):
        if f[1] == "NFKC_CF":
            casefold[cp] = [int(x, 16) for x in f[2].split()]
        elif f[1] == "Full_Composition_Exclusion":
            never_composed.add(cp)
        elif f[1] == "NFC_QC":  # N or M: not certain to stand unchanged
            may_compose.add(cp)

composed = {tuple(d): cp for cp, d in canonical.items() if len(d) == 2 and cp not in never_composed}

# CLDR's rules "ø → o" for single Latin letters that Unicode does not decompose.
with open(os.path.join(CLDR, "transforms/Latin-ASCII.xml"), encoding="utf-8") as f:
    for a, b in re.findall(r"^(\S) → ([A-Za-z]+) ;", f.read(), re.M):
        if script[ord(a)] == "Latin" and ord(a) not in casefold and ord(a) not in canonical:
            LETTERS[ord(a)] = b.lower()
LETTERS[0x138] = "k"  # kra is a k to those who write it; CLDR follows its collation


# ---- normalisation, from the data alone ------------------------------------------------------------------

def decompose(cp):
    if 0xAC00 <= cp <= 0xD7A3:
        s = cp - 0xAC00
        return [0x1100 + s // 588, 0x1161 + s % 588 // 28] + ([0x11A7 + s % 28] if s % 28 else [])
    return [x for c in canonical[cp] for x in decompose(c)] if cp in canonical else [cp]


def in_order(points):
    out = []
    for cp in points:
        at = len(out)
        while at and combining[cp] and combining[out[at - 1]] > combining[cp]:
            at -= 1
        out.insert(at, cp)
    return out


def pair(a, b):
    if 0x1100 <= a <= 0x1112 and 0x1161 <= b <= 0x1175:
        return 0xAC00 + ((a - 0x1100) * 21 + b - 0x1161) * 28
    if 0xAC00 <= a <= 0xD7A3 and (a - 0xAC00) % 28 == 0 and 0x11A8 <= b <= 0x11C2:
        return a + b - 0x11A7
    return composed.get((a, b))


def compose(points):
    out, starter, last = [], None, 0
    for cp in points:
        c = combining[cp]
        if starter is not None and (last < c or (last == 0 and len(out) == starter + 1)):
            both = pair(out[starter], cp)
            if both is not None:
                out[starter] = both
                continue
        if c == 0:
            starter = len(out)
        last = c
        out.append(cp)
    return out


# ---- folding ---------------------------------------------------------------------------------------------

UNIFY = {**{c: ord("'") for c in APOSTROPHES}, **{c: ord("-") for c in HYPHENS}, **{c: ord('"') for c in DOUBLES}}

digit_zero = {}
for cp in range(LAST):
    if category[cp] == "Nd":
        digit_zero[cp] = digit_zero.get(cp - 1, cp)
        if cp - digit_zero[cp] >= 10:
            digit_zero[cp] = cp


def exact(cp):
    return [UNIFY[cp]] if cp in UNIFY else [UNIFY.get(c, c) for c in casefold.get(cp, [cp])]


def without_iota(cp):
    """The exact fold, where an iota subscript is an accent and not the letter that case folding makes of it."""
    parts = decompose(cp)
    return [x for c in parts if c != 0x345 for x in exact(c)] if 0x345 in parts else exact(cp)


def is_accent(cp):
    """A mark of the scripts whose marks can be left out, or of any: not a Thai vowel on a Latin letter."""
    return (category[cp] in ("Mn", "Me") and (script[cp] in ACCENT_SCRIPTS or script[cp] == "Inherited") and
            exact(cp) != [] and all(category[c] in ("Mn", "Me") for c in exact(cp)))


def is_accented(cp):
    return script[cp] in ACCENT_SCRIPTS and not category[cp].startswith("M") or 0x30 <= cp <= 0x39


def loosen(points):
    """The loose fold of decomposed text, not composed yet, and the letter that a mark after it would stand on."""
    out, base = [], 0
    for cp in points:
        if is_accent(cp) and ((base and is_accented(base)) or (base == 0x435 and cp == 0x308) or
                              (base and chr(base) in STRESSED and cp in (0x300, 0x301))):
            continue
        if cp in LETTERS:
            to = [ord(c) for c in LETTERS[cp]]
        else:
            to = [0x30 + cp - digit_zero[cp]] if cp in digit_zero else [cp]
        out += to
        if to and combining[cp] == 0 and not is_accent(cp):
            base = to[-1]
    return out, base


def simple(points):
    """The one character that certainly stays what it is among others, or None."""
    if len(points) == 1 and combining[points[0]] == 0 and points[0] not in may_compose:
        return points[0]
    return None


def delta(cp, to):
    """What to add to cp, as index/char.h adds it; None when 16 bits do not hold it."""
    if cp < 0x10000 and to < 0x10000:
        return (to - cp + 0x8000) % 0x10000 - 0x8000
    return to - cp if cp >= 0x10000 and to >= 0x10000 and -0x8000 <= to - cp < 0x8000 else None


# ---- one character ---------------------------------------------------------------------------------------

def bits_of(cp):
    c = category[cp]
    dense = script[cp] in DENSE_SCRIPTS or word[cp] == "Katakana"
    b = set()
    if c[0] == "L" or c == "Nl":
        b.add("LETTER")
        if c in ("Lu", "Lt"):
            b.add("UPPER")
        elif c == "Ll":
            b.add("LOWER")
        if dense:
            b.add("DENSE")
    elif c in ("Nd", "No"):
        b.add("DIGIT")
    elif c[0] == "M":
        if 0xFE00 <= cp <= 0xFE0F or 0xE0100 <= cp <= 0xE01EF:
            b.add("IGNORED")
        else:
            b.add("MARK")
            if dense:
                b.add("DENSE")
    elif c[0] == "Z" or cp in (9, 10, 11, 12, 13, 0x85, 0x200B):
        b.add("SPACE")
    elif c == "Cf" and not 0x600 <= cp <= 0x605:
        b.add("IGNORED")
    return b


def flags_of(cp, bits, to_exact, to_loose, base):
    f = set()
    if to_exact is None:
        f.add("EXACT_SLOW")
    if to_loose is None:
        f.add("LOOSE_SLOW")
    if to_loose is None or to_exact is None or to_loose != to_exact:
        f.add("LOOSE_DIFFERS")
    if base and is_accented(base):
        f.add("ACCENTED")
    if base and chr(base) in STRESSED:
        f.add("STRESSED")
    if is_accent(cp):
        f.add("ACCENT")
    if "LETTER" in bits and ("DENSE" in bits or script[cp] == "Hangul"):
        f.add("PAIRS")
    if pictograph[cp]:
        f.add("PICTOGRAPH")
    if script[cp] == "Arabic" and "LETTER" in bits:
        f.add("ARABIC")
    if "PAIRS" in f and to_exact == to_loose == cp and cluster[cp] in ("Other", "LV", "LVT"):
        f.add("ALONE")
    if cluster[cp] in ("Extend", "ZWJ", "SpacingMark", "V", "T") or category[cp][0] == "M":
        f.add("ATTACHES")
    if cp in right_to_left:
        f.add("RIGHT_TO_LEFT")
    return f


def run_of(cp, bits, flags, to_loose):
    """What the word reader does with it without looking further: END, WORD, or ASK the whole rules."""
    if "PAIRS" in flags or cp in HYPHENS or cp in (ord("-"), ord("&")):
        return "ASK"
    if word[cp] in ("ALetter", "Hebrew_Letter", "Numeric") and "LOOSE_SLOW" not in flags and \
            ("LETTER" in bits or "DIGIT" in bits) and to_loose not in JOINERS:
        return "WORD"
    if word[cp] in ("Other", "CR", "LF", "Newline", "WSegSpace", "Regional_Indicator", "Double_Quote") and \
            not bits & {"DIGIT", "LETTER", "MARK", "IGNORED"} and cp not in (0xA0, 0x2009):
        return "END"
    return "ASK"


def names_of(order, names):
    return " | ".join("CHAR_" + n for n in order if n in names) or "0"


def describe(cp):
    unassigned = category[cp] == "Cn"
    folded, base = exact(cp), 0
    if unassigned and folded != [cp]:
        to_exact = to_loose = None  # utf8proc keeps unassigned ignorable ones
    else:
        loosened, base = loosen(in_order([x for c in without_iota(cp) for x in decompose(c)]))
        to_exact, to_loose = simple(folded), simple(compose(in_order(loosened)))
    if cp in may_compose or combining[cp]:
        to_exact = to_loose = None
    if is_accent(cp):
        to_loose = None
    if to_exact is not None and delta(cp, to_exact) is None:
        to_exact = None
    if to_loose is not None and delta(cp, to_loose) is None:
        to_loose = None
    bits = bits_of(cp)
    flags = flags_of(cp, bits, to_exact, to_loose, base)
    row = ("WB_" + word[cp].upper(), "SB_" + sentence[cp].upper(), "GCB_" + cluster[cp].upper(),
           names_of(BITS, bits), "RUN_" + run_of(cp, bits, flags, to_loose), names_of(FLAGS, flags))
    return row, delta(cp, to_exact) if to_exact is not None else 0, delta(cp, to_loose) if to_loose is not None else 0


# ---- writing ---------------------------------------------------------------------------------------------

def table(values, block):
    """Two stages: the number of each block, and the distinct blocks in the order of their first use."""
    blocks, page = {}, []
    for at in range(0, len(values), block):
        page.append(blocks.setdefault(tuple(values[at:at + block]), len(blocks)))
    return page, list(blocks)


def put(kind, name, values):
    print(f"const {kind} {name}[{len(values)}] = {{")
    line = ""
    for v in values:
        if len(line) + len(str(v)) > 120:
            print(line)
            line = ""
        line += f"{v},"
    print(line + "\n};\n")


def put_table(name, kind, values, block):
    page, blocks = table(values, block)
    assert len(blocks) <= 256 and (kind != "uint8_t" or max(values) < 256), (len(blocks), max(values))
    put("uint8_t", f"char_{name}_page", page)
    put(kind, f"char_{name}_block", [v for b in blocks for v in b])


def glance(cp, row, to_loose):
    """What index/char.h's char_glance says of a character of two bytes."""
    run, flags = row[4], row[5].split(" | ")
    to = (cp + to_loose) % 0x10000
    if "CHAR_PAIRS" in flags or run == "RUN_END":
        return 0
    if script[cp] in ("Arabic", "Inherited", "Hebrew") and is_accent(cp) and 0x590 <= cp <= 0x6FF:
        return 2
    if run != "RUN_WORD" or to >= 0x800:
        return 1
    return (to | 0x800 * ("CHAR_LOOSE_DIFFERS" in flags) | 0x1000 * ("CHAR_ARABIC" in flags) |
            0x2000 * (word[cp] == "Hebrew_Letter"))


def main():
    glances = []
    numbers, row_of, exact_delta, loose_delta = {}, [], [], []
    for cp in range(LAST):
        row, to_exact, to_loose = describe(cp)
        row_of.append(numbers.setdefault(row, len(numbers)))
        exact_delta.append(to_exact)
        loose_delta.append(to_loose)
        if 0x80 <= cp < 0x800:
            glances.append(glance(cp, row, to_loose))
    print("/* char_tables.c -- made by index/tables/generate.py from Unicode 15.0 and CLDR 41; not to be edited.")
    print(" *")
    print(" * Data: Debian unicode-data and unicode-cldr-core, (c) 1991-2022 Unicode, Inc., Unicode licence.")
    print(" */")
    print('#include "index/char.h"\n')
    print("/* clang-format off */")
    print(f"const struct char_row char_rows[{len(numbers)}] = {{")
    for row in numbers:
        print("    {%s}," % ", ".join(row))
    print("};\n")
    put_table("row", "uint8_t", row_of, 256)
    put_table("exact", "int16_t", exact_delta, 64)
    put_table("loose", "int16_t", loose_delta, 64)
    put("uint16_t", "char_glance", glances)
    rows = list(numbers)
    put("uint8_t", "char_ascii", [rows[row_of[cp]][3] if cp < 0x80 else "0" for cp in range(0x100)])
    print(f"const struct plain_letter plain_letters[{len(LETTERS)}] = {{")
    for cp, text in sorted(LETTERS.items()):
        a, b = [ord(c) for c in (text + "\0\0")[:2]]
        print(f"    {{0x{cp:04X}, {{0x{a:X}, 0x{b:X}}}}},")
    print("};")
    print("const unsigned plain_letter_count = sizeof plain_letters / sizeof *plain_letters;\n")
    zeros = [cp for cp in sorted(digit_zero) if digit_zero[cp] == cp]
    put("uint32_t", "digit_zeros", zeros)
    print("const unsigned digit_zero_count = sizeof digit_zeros / sizeof *digit_zeros;")
    print("/* clang-format on */")


main()
