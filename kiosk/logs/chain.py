"""The chain of the log: every line has a number and the hash of the line before.

Who alters, removes or slips in a line breaks the chain from there on; who cuts off its end is found
out by the checkpoints. As the centre's audit does (central/audit/chain.py).
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, cast

START = "0" * 64
"""What the first line is chained to."""


@dataclass(frozen=True, slots=True)
class End:
    """Where a chain ends: the number of its last line (0 for none), and that line's SHA-256."""

    seq: int = 0
    head: str = START


def chained(end: End, line: str) -> tuple[bytes, End]:
    """A JSON object as the next line, without its line feed, and the end it makes."""
    told = f'{{"seq": {end.seq + 1}, "prev": "{end.head}", {line.strip()[1:]}'.encode()
    return told, End(end.seq + 1, hashed(told))


def hashed(line: bytes) -> str:
    """The SHA-256 of a line, without its line feed."""
    return hashlib.sha256(line).hexdigest()


def row_of(line: bytes) -> dict[str, Any] | None:
    """What a line says; None for what is no line of a chain."""
    try:
        found = json.loads(line)
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    row = cast("dict[str, Any]", found)
    good = isinstance(row.get("seq"), int) and isinstance(row.get("prev"), str)
    return row if good else None
