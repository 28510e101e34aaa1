#!/usr/bin/env python3
"""territories.py -- writes territories.words: countries in the languages of most newspapers, out of CLDR.

    python3 index/words/territories.py > index/words/territories.words

Reads what Debian ships (unicode-cldr-core). Names of one word are taken; of the others ("United Arab Emirates") no
word is a place by itself. Left out are short ones, and those that are a small word or a first name somewhere: Maurice.
"""
import glob
import os
import re
import textwrap
import xml.etree.ElementTree as tree

CLDR = os.environ.get("CLDR_DATA", "/usr/share/unicode/cldr/common")
LANGUAGES = "en de fr es it pt nl sv da nb fi pl cs hu ro tr el ru uk ar".split()
SHORTEST = 4


def names(code):
    path = os.path.join(CLDR, "main", code + ".xml")
    for element in tree.parse(path).iter("territory") if os.path.exists(path) else ():
        if re.fullmatch("[A-Z]{2}", element.get("type")) and element.text and not element.get("alt"):
            yield element.text.strip()


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    small = set()
    for path in sorted(glob.glob(os.path.join(here, "*.words"))):
        with open(path, encoding="utf-8") as f:
            text = f.read()
            small |= set((text if "first_names" in path else text.partition("[small words]")[2]).lower().split())
    found = set()
    for code in LANGUAGES:
        for name in names(code):
            if re.fullmatch(r"\w[\w’']+", name) and len(name) >= SHORTEST and name.lower() not in small:
                if name[0].isupper() or name.lower() == name.upper():
                    found.add(name.lower() if name[0] != "İ" else "i" + name[1:].lower())
    print("# territories.words -- countries and territories whose name is one word, in twenty languages.\n"
          "# Written by territories.py.\n"
          "# Origin: Unicode CLDR 41, Debian's unicode-cldr-core, (c) 1991-2022 Unicode, Inc. Licence: Unicode-DFS-2016.\n\n"
          "[places]")
    print("\n".join(textwrap.wrap(" ".join(sorted(found)), 118)))


if __name__ == "__main__":
    main()
