#!/usr/bin/env python3
"""fake.py SOCKET MODE -- a daemon that answers a little, nothing, or nonsense; prints what it was asked, a line each.

Modes: `good` answers; `late` answers after a second; `mute` never does; `SHAPE:JSON` gives JSON as the result of
every question; `RAW:TEXT` sends TEXT (with Python's escapes) instead; `refuse` lets nobody in; `flood`, `long`, `parts`, `broken` and `ask` are below.
"""
import json
import socket
import sys
import threading
import time

path, mode = sys.argv[1:]

QUOTE = {"id": "aaaaaaaaaaaa", "text": "The bridge stays,", "kind": "direct",
         "speaker": {"name": "Tilda Okafor", "mention": "Okafor", "role": None},
         "source": {"path": "/nowhere/pier.txt", "title": "Pier", "date": "2025-04-03", "line": 3, "column": 2}}
GOOD = {"found": 1, "shown": 1, "people": 1, "format": "json",
        "answer": {"format_version": 1, "total": 1, "people": [{"name": "Tilda Okafor", "quotes": 1}], "quotes": [QUOTE]}}


def frame(conn, **message):
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    conn.sendall(b"Content-Length: %d\r\n\r\n" % len(body) + body)


def message(stream):
    length = 0
    for line in stream:
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
        if line == b"\r\n":
            return json.loads(stream.read(length))
    return None


def answer(conn, ask):
    if mode == "good":
        frame(conn, id=ask["id"], result=GOOD)
    elif mode == "late":
        time.sleep(1)
        frame(conn, id=ask["id"], result=GOOD)
    elif mode.startswith("SHAPE:"):
        frame(conn, id=ask["id"], result=json.loads(mode[6:]))
    elif mode.startswith("RAW:"):
        conn.sendall(mode[4:].encode().decode("unicode_escape").encode("latin-1"))
    elif mode == "flood":  # bytes without an end
        while True:
            conn.sendall(b"x" * 65536)
    elif mode == "long":  # a message of a gigabyte, begun
        conn.sendall(b"Content-Length: 1000000000\r\n\r\n" + b" " * 8000000)
    elif mode == "parts":  # an answer without an end
        while True:
            frame(conn, method="part", params={"id": ask["id"], "text": "x" * 1000000})
    elif mode == "broken":  # parts that are no JSON together
        frame(conn, method="part", params={"id": ask["id"], "text": "{\"quotes\":["})
        frame(conn, id=ask["id"], result={"found": 1, "format": "json", "parts": 1})
    elif mode == "ask":  # requests and notifications of its own, then an answer
        frame(conn, id=1, method="workspace/applyEdit", params={"edit": "(delete-file \"/nowhere\")"})
        frame(conn, method="eval", params={"form": "(error \"evaluated\")"})
        frame(conn, method="part", params={"id": 999, "text": "nobody asked"})
        frame(conn, method="part", params={"id": ask["id"], "text": 7})
        frame(conn, id=999, result={"found": 5})
        frame(conn, id=ask["id"], result=GOOD)


def talk(conn):
    stream = conn.makefile("rb")
    try:
        while ask := message(stream):
            print(json.dumps(ask), flush=True)
            if mode == "refuse":  # as the daemon does with one connection too many
                if ask.get("method") == "initialize":
                    frame(conn, id=ask["id"], error={"code": -10017, "message": "too many clients are connected"})
            elif ask.get("method") in ("initialize", "subscribe"):
                frame(conn, id=ask["id"], result={"protocol": 1})
            elif "id" in ask and "method" in ask:
                answer(conn, ask)
    except (OSError, ValueError):
        pass


listener = socket.socket(socket.AF_UNIX)
listener.bind(path)
listener.listen(8)
print("ready", flush=True)
while True:
    threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()
