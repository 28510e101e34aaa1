"""words.py -- the lists of words that quotes-extract itself is built with, read out of index/words/."""
import glob
import os

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "index", "words")


def lists(name):
    """{section: set of words} of one file."""
    found, words = {}, set()
    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        for line in file:
            line = line.split("#")[0].strip()
            if line.startswith("["):
                words = found.setdefault(line.strip("[]"), set())
            else:
                words.update(part for word in line.split() for part in word.split("/"))
    return found


def all_words():
    """Every word of every list."""
    return {word for path in glob.glob(FOLDER + "/*.words") for some in lists(os.path.basename(path)).values() for word in some}
