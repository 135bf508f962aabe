"""What a process still holds in its memory: a text, as any of the ways a program keeps one."""

import os
import re
import signal
from collections import Counter
from pathlib import Path

WRITABLE = re.compile(r"([0-9a-f]+)-([0-9a-f]+) rw\S+ \S+ \S+ \S+\s*(.*)")
ENCODINGS = ("utf-8", "utf-16-le", "gb18030")
"""Python's own texts are Latin 1 or UCS-2, as those of a chip are; UTF-8 is sent, GB 18030 printed."""


def traces(pid, texts):
    """How often each text is in the memory of a process, by text and encoding."""
    held = snapshot(pid)
    found = Counter()
    for key, needle in _needles(texts).items():
        found[key] = sum(data.count(needle) for data in held)
    return {key: count for key, count in found.items() if count}


def snapshot(pid):
    """Every region that the process can write to, of one moment: it stands still meanwhile."""
    held = []
    os.kill(pid, signal.SIGSTOP)
    try:
        with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
            for begin, end in regions(pid):
                try:
                    memory.seek(begin)
                    held.append(memory.read(end - begin))
                except OSError:  # a device's memory
                    continue
    finally:
        os.kill(pid, signal.SIGCONT)
    return held


def regions(pid):
    """Where the process has memory that it can write to: begin and end."""
    for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
        row = WRITABLE.match(line)
        if row and not row[3].startswith(("/dev", "[v")):
            yield int(row[1], 16), int(row[2], 16)


def _needles(texts):
    """Each text in each encoding that writes it in its own way."""
    rows = {(text, name): text.encode(name) for text in texts for name in ENCODINGS}
    return {key: rows[key] for key in rows if key == next(k for k in rows if rows[k] == rows[key])}
