"""words.py -- the lists of words that quotes-extract itself is built with, read out of index/*.h."""
import glob
import os
import re

INDEX = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "index")
# `#define NAME` and the strings after it, over as many lines as end in a backslash.
LIST = re.compile(r"^#define ([A-Z_]+)((?:[^\n]*\\\n)*[^\n]*)$", re.M)


def lists(header):
    """{NAME: set of words} of one header."""
    with open(os.path.join(INDEX, header), encoding="utf-8") as file:
        return {name: set(" ".join(re.findall(r'"([^"]*)"', body)).split()) for name, body in LIST.findall(file.read())}


def all_words():
    """Every word of every list."""
    return {word for path in glob.glob(INDEX + "/*.h") for some in lists(os.path.basename(path)).values() for word in some}
