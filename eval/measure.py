"""measure.py -- what quotes-extract finds in some articles, how fast it is and how much memory it takes."""
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
from typing import NamedTuple, Optional

import gold as files

RUNS = 3
ENOUGH = 4_000_000  # bytes: a shorter input is given several times over, or starting the program would be measured


class Measured(NamedTuple):
    found: dict             # {id: quotes}
    bytes: int              # of the input: lines with id and text alone
    copies: int             # of it, in each run
    seconds: float          # the best of RUNS
    core: Optional[int]     # the one core it ran on; None where taskset is not there
    peak: Optional[int]     # KiB; None where the system does not say


def broke(words):
    return files.Bad(f"{files.program()}: {words} (make builds it)")


def peak_of(pid):
    """The most memory the process has held, in KiB. Its rusage would not do: a child starts with its parent's peak."""
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8") as file:
            return int(re.search(r"VmHWM:\s*(\d+) kB", file.read())[1])
    except (OSError, TypeError):
        return None


def watch(lines):
    """Everything the program prints for the lines, and its peak of memory, asked after the last answer and before the
    program learns that there is no more."""
    try:
        run = subprocess.Popen([files.program(), "--indirect"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    except OSError as error:
        raise broke(error.strerror) from None

    def write():
        try:
            run.stdin.write(lines)
            run.stdin.flush()
        except BrokenPipeError:
            pass  # it ended early, which the missing answers tell

    writer = threading.Thread(target=write)
    writer.start()
    answers = [run.stdout.readline() for _ in range(lines.count(b"\n"))]
    writer.join()
    peak = peak_of(run.pid)
    run.stdin.close()
    run.stdout.close()
    if run.wait() != 0 or not all(answers):
        raise broke(f"gave {sum(map(bool, answers))} answers to {len(answers)} articles, status {run.returncode}")
    return b"".join(answers).decode(), peak


def best_time(lines):
    """Seconds of the fastest run, and the core."""
    core = max(os.sched_getaffinity(0)) if shutil.which("taskset") else None
    command = ([] if core is None else ["taskset", "-c", str(core)]) + [files.program()]
    with tempfile.TemporaryFile() as file:
        file.write(lines)
        file.flush()
        times = []
        for _ in range(RUNS):
            file.seek(0)
            start = time.perf_counter()
            subprocess.run(command, stdin=file, stdout=subprocess.DEVNULL, check=True)
            times.append(time.perf_counter() - start)
    return min(times), core


def measure(articles):
    lines = files.bare_lines(articles)
    answers, peak = watch(lines)
    copies = -(-ENOUGH // len(lines))
    seconds, core = best_time(lines * copies)
    found = files.found_in(articles, answers.split("\n"), files.program())
    return Measured(found, len(lines), copies, seconds, core, peak)


def print_measured(m):
    where = f"one core, best of {RUNS}" if m.core is not None else f"best of {RUNS}, on no fixed core: taskset is not here"
    size = f"{m.bytes / 1e3:.0f} kB" + (f" {m.copies} times over" if m.copies > 1 else "")
    print(f"speed                   {m.bytes * m.copies / 1e6 / m.seconds:.1f} MB/s ({size}, {where})")
    if m.peak is not None:
        print(f"memory                  {m.peak / 1024:.1f} MiB at its peak")
