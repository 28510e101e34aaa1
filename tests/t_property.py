#!/usr/bin/env python3
"""What comes later changes nothing before it: every English case article, with an unrelated paragraph at its end."""
import glob
import json
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
EXTRACT = os.path.join(os.environ.get("B", os.path.join(HERE, "..", "build")), "quotes-extract")
UNRELATED = "The weather stayed dry in the valleys, and the trams ran to the harbour as on any other day of the week."
RELATED = "“It was the coldest night of my life,” said Wanda Okafor-Quist."


def articles():
    for path in sorted(glob.glob(os.path.join(HERE, "cases", "quote", "*.case"))):
        with open(path, encoding="utf-8") as file:
            text = file.read().split("\n--- quotes", 1)[0].partition("--- article\n")[2].strip("\n") # "" of Markdown
        if " the " in text or " The " in text:
            yield os.path.basename(path), text


def quotes(texts):
    lines = "".join(json.dumps({"id": str(i), "text": t}) + "\n" for i, t in enumerate(texts))
    out = subprocess.run([EXTRACT], input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout
    return [json.loads(line)["quotes"] for line in out.decode().splitlines()]


def main():
    names, texts = zip(*articles())
    plain = quotes(texts)
    longer = quotes([t + "\n\n" + UNRELATED + "\n" for t in texts])
    control = quotes([t + "\n\n" + RELATED + "\n" for t in texts])
    changed = [n for n, a, b in zip(names, plain, longer) if a != b]
    found = sum(len(b) == len(a) + 1 and b[-1]["speaker"] == "Wanda Okafor-Quist" for a, b in zip(plain, control))
    results = [
        (len(texts) > 150 and sum(map(len, plain)) > 200, "there are articles to try: %d" % len(texts)),
        (not changed, "an unrelated paragraph at the end changes nothing: %s" % (", ".join(changed) or "in all of them")),
        (found >= 0.95 * len(texts), "control: one that speaks is found at the end of %d of %d" % (found, len(texts))),
    ]
    for i, (fine, words) in enumerate(results, 1):
        print("%s %d - %s" % ("ok" if fine else "not ok", i, words))
    print("1..%d" % len(results))


if __name__ == "__main__":
    main()
