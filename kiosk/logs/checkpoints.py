"""Signed checkpoints beside the log, and the centre's countersignatures: a line each in one file.

`{"seq": 120, "head": "…", "at": "…", "signed": "…"}` is the kiosk's; `countersigned`
in the place of `at` and `signed` is the centre's, `refused` says that there will be none.
The tokens are compact JWS (kiosk/signed.py): what they say counts, the rest is to find them.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from kiosk import whole_file
from kiosk.logs.chain import End

FILE = "checkpoints.jsonl"
KIND = "kiosk-log-checkpoint"
SIGNED, COUNTERSIGNED, REFUSED = "signed", "countersigned", "refused"
MOST = 10_000
"""No more are kept, some 25 MB: a kiosk that starts anew all the time signs at every start."""
WORDS = ("at", SIGNED, COUNTERSIGNED, REFUSED)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The end a log had at a time, signed by the kiosk; and what the centre said, if anything."""

    end: End
    at: str
    signed: str
    countersigned: str = ""
    refused: str = ""

    @property
    def waits(self) -> bool:
        """Whether the centre has not answered about it yet."""
        return bool(self.signed) and not (self.countersigned or self.refused)


class Checkpoints:
    """Those of a log's folder; one thread at a time."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._found = read(self._path.read_bytes()) if self._path.exists() else {}

    @property
    def last(self) -> Checkpoint | None:
        """That of the highest line."""
        return self._found[max(self._found)] if self._found else None

    def waiting(self) -> list[Checkpoint]:
        """Those the centre has not answered about, in the order of their lines."""
        return [self._found[seq] for seq in sorted(self._found) if self._found[seq].waits]

    def sign(self, made: Checkpoint) -> None:
        """Keep one. Raises OSError."""
        self._append(_line(made.end, at=made.at, signed=made.signed))
        self._found[made.end.seq] = made
        if len(self._found) > MOST:
            self._keep(sorted(self._found)[MOST // 2 :])

    def answer(self, made: Checkpoint, *, countersigned: str = "", refused: str = "") -> None:
        """Keep what the centre said of one. Raises OSError."""
        word = {COUNTERSIGNED: countersigned} if countersigned else {REFUSED: refused}
        self._append(_line(made.end, **word))
        self._found[made.end.seq] = replace(made, countersigned=countersigned, refused=refused)

    def forget_before(self, end: End) -> None:
        """Keep none of lines that were removed, but of the last of them. Raises OSError."""
        kept = [seq for seq in sorted(self._found) if seq >= end.seq]
        if len(kept) < len(self._found):
            self._keep(kept)

    def _keep(self, kept: list[int]) -> None:
        """Keep those of these lines alone."""
        self._found = {seq: self._found[seq] for seq in kept}
        whole_file.put(self._path, b"".join(map(_lines, self._found.values())), 0o600)

    def _append(self, line: bytes) -> None:
        """Write a line that outlasts the power; one that it tore before is given up."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "r+b", buffering=0) as file:
            size = file.seek(0, os.SEEK_END)
            torn = size and os.pread(descriptor, 1, size - 1) != b"\n"
            file.write(b"\n" + line if torn else line)
            os.fsync(descriptor)


def read(data: bytes) -> dict[int, Checkpoint]:
    """The checkpoints of a file, or of an export, by their lines; other lines are none.

    What is said first of a line counts: who says another hash later does not fit their own token.
    """
    found = dict[int, Checkpoint]()
    for row in _rows(data):
        end = End(row["seq"], str(row.get("head")))
        known = found.get(end.seq, Checkpoint(end, "", ""))
        told = {word: str(row[word]) for word in WORDS if word in row and not getattr(known, word)}
        found[end.seq] = replace(known, **told)
    return found


def _rows(data: bytes) -> Iterator[dict[str, Any]]:
    for line in data.split(b"\n"):
        try:
            row = json.loads(line)
        except ValueError:
            continue
        told = cast("dict[str, Any]", row) if isinstance(row, dict) else {}
        if isinstance(told.get("seq"), int) and "prev" not in told:
            yield told


def _lines(one: Checkpoint) -> bytes:
    words = {COUNTERSIGNED: one.countersigned, REFUSED: one.refused}
    said = (_line(one.end, **{word: text}) for word, text in words.items() if text)
    return _line(one.end, at=one.at, signed=one.signed) + b"".join(said)


def _line(end: End, **told: str) -> bytes:
    return json.dumps({"seq": end.seq, "head": end.head, **told}).encode() + b"\n"
