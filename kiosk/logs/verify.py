"""`python -m kiosk verify-log`: whether a log is whole, from when to when, and who signed it.

Takes a log's folder, the kiosk's folder, or an export that was opened (`open-log`); checks the
chain line by line, holds the checkpoints against it, and their signatures against the device CA and
the key of the centre's audit, where those are given.
"""

import argparse
import base64
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.logs import days
from kiosk.logs.chain import End, hashed, row_of
from kiosk.logs.checkpoints import FILE, KIND, Checkpoint, read
from kiosk.logs.folder import KEPT_DAYS, MOST_BYTES
from kiosk.logs.opening import folder_of
from kiosk.signed import SignatureError, opened

BROKEN = 1
MOST_TOLD = 20
"""So many faults are enough to know."""
MIDNIGHTS = 2
"""A day may be signed on the next one, and removed before today was signed."""
NEARLY = 0.9
"""A log that was cut to its most bytes keeps as much of them."""


@dataclass
class Verdict:
    """What a log is: its lines, from when to when, signed until which, and what is wrong.

    `removed_until` is the last line before the first, if the log says that it was removed, and
    `removed_at` when.
    """

    kiosk: str = ""
    lines: int = 0
    first: int = 0
    last: int = 0
    began: str = ""
    ended: str = ""
    signed_until: int = 0
    countersigned_until: int = 0
    removed_until: int = 0
    removed_at: str = ""
    wrong: list[str] = field(default_factory=list[str])

    def told(self) -> str:
        """As JSON, a line."""
        rows = {key: value for key, value in vars(self).items() if key != "wrong"}
        return json.dumps(rows | {"whole": not self.wrong}, ensure_ascii=False)


class Walk:
    """Goes through the lines of a log in their order, and holds its checkpoints against them."""

    def __init__(self, marks: dict[int, Checkpoint]) -> None:
        self.verdict, self._marks = Verdict(), marks
        self._end, self._began_after = End(), End()
        self._removed, self._last_signed = {End(): ""}, max(marks, default=0)
        self.signed_bytes = 0

    def line(self, line: bytes) -> None:
        """The next line."""
        row, verdict, end = row_of(line), self.verdict, self._end
        if row is None:
            verdict.wrong.append(f"after line {end.seq} there is something that is no line")
            return
        seq, before = row["seq"], End(row["seq"] - 1, row["prev"])
        if not verdict.lines:
            self._began_after = before
            verdict.first, verdict.began = seq, str(row.get("at", ""))
        elif before != end:
            verdict.wrong.append(self._gap(before))
        if row.get("event") == "log_removed" and str(row.get("until", "")).isdecimal():
            until = End(int(row["until"]), str(row.get("head")))
            self._removed[until] = str(row.get("at", ""))
        self._end = End(seq, hashed(line))
        if seq in self._marks and self._marks[seq].end != self._end:
            verdict.wrong.append(f"line {seq} is not the one that was signed")
        self.signed_bytes += len(line) if seq <= self._last_signed else 0
        verdict.lines, verdict.last, verdict.ended = verdict.lines + 1, seq, str(row.get("at", ""))

    def over(self) -> Verdict:
        """What the whole of it comes to."""
        verdict, began_after = self.verdict, self._began_after
        if began_after in self._removed:
            verdict.removed_until, verdict.removed_at = began_after.seq, self._removed[began_after]
        elif verdict.lines:
            verdict.wrong.append(f"the lines before {verdict.first} are missing")
        if self._last_signed > verdict.last:
            verdict.wrong.append(
                f"the log ends at line {verdict.last}, and line {self._last_signed} was signed: "
                "its end was cut off"
            )
        return verdict

    def _gap(self, before: End) -> str:
        mark = self._marks.get(before.seq)
        if mark is not None and mark.end == before and before.seq > self._end.seq:
            return f"lines {self._end.seq + 1} to {before.seq} are missing"
        return f"line {before.seq + 1} does not fit the one before"


def verify(
    source: Path,
    authority: bytes = b"",
    centre: Ed25519PublicKey | None = None,
    seen: bytes = b"",
) -> Verdict:
    """What a log in a folder or a file is; `seen` is what the centre has seen. Raises OSError."""
    folder = folder_of(source) if folder_of(source).is_dir() else source
    told = folder / FILE if folder.is_dir() else folder
    marks = read(seen + (told.read_bytes() if told.exists() else b""))
    walk = Walk(marks)
    for line in _of_folder(folder, walk.verdict) if folder.is_dir() else _of_file(folder):
        walk.line(line)
    verdict = walk.over()
    for seq in sorted(marks):
        _signed(marks[seq], authority, verdict)
        _countersigned(marks[seq], centre, verdict)
    if walk.signed_bytes < NEARLY * MOST_BYTES:
        _kept_long_enough(marks, verdict)
    return verdict


def _of_folder(folder: Path, verdict: Verdict) -> Iterator[bytes]:
    for day in days.every(folder):
        try:
            yield from day.lines()
        except days.DamagedError:
            verdict.wrong.append(f"{day.path.name} cannot be read")


def _of_file(path: Path) -> Iterator[bytes]:
    """The lines of an export that are the log's own."""
    for line in path.read_bytes().split(b"\n")[:-1]:
        if not read(line):
            yield line


def _signed(one: Checkpoint, authority: bytes, verdict: Verdict) -> None:
    """Check the kiosk's signature; a checkpoint known from the centre alone has none."""
    if not one.signed:
        return
    try:
        found = opened(one.signed, authority)
    except SignatureError as error:
        verdict.wrong.append(f"the checkpoint of line {one.end.seq}: {error}")
        return
    kiosk = found.kiosk.removeprefix("kiosk:")
    verdict.kiosk = verdict.kiosk or kiosk
    said = found.told.get("kiosk"), found.told.get("seq"), found.told.get("head")
    if found.kind != KIND or said != (kiosk, one.end.seq, one.end.head) or kiosk != verdict.kiosk:
        verdict.wrong.append(f"the checkpoint of line {one.end.seq} was signed for something else")
        return
    verdict.signed_until = max(verdict.signed_until, one.end.seq)


def _countersigned(one: Checkpoint, key: Ed25519PublicKey | None, verdict: Verdict) -> None:
    """Check the centre's; without its key only what it says."""
    if not one.countersigned:
        return
    head, _, signature = one.countersigned.rpartition(".")
    try:
        told: dict[str, Any] = json.loads(_unpacked(head.partition(".")[2]))
        if key is not None:
            key.verify(_unpacked(signature), head.encode())
        fits = (told["seq"], told["head"]) == (one.end.seq, one.end.head)
    except (ValueError, KeyError, TypeError, InvalidSignature):
        fits = False
    if not fits:
        verdict.wrong.append(f"line {one.end.seq} was not countersigned by this centre")
        return
    verdict.countersigned_until = max(verdict.countersigned_until, one.end.seq)


def _kept_long_enough(marks: dict[int, Checkpoint], verdict: Verdict) -> None:
    """Tell of a line that was signed and is gone sooner than a kiosk removes it.

    Anybody can write that lines were removed; what was signed, they cannot make older.
    """
    dates = {seq: at for seq, one in marks.items() if (at := _dated(one)) is not None}
    newest = max(dates.values(), default=date.min)
    gone = [seq for seq in dates if seq < verdict.first]
    early = [seq for seq in gone if (newest - dates[seq]).days < KEPT_DAYS - MIDNIGHTS]
    if early:
        verdict.wrong.append(
            f"the lines before {verdict.first} were removed too early: line {max(early)} was "
            f"signed on {dates[max(early)]}, and a log signed on {newest} still has it"
        )


def _dated(one: Checkpoint) -> date | None:
    """The day that a token says; what is beside it, anybody may have written."""
    head = (one.signed or one.countersigned).rpartition(".")[0]
    try:
        return date.fromisoformat(json.loads(_unpacked(head.partition(".")[2]))["at"][:10])
    except (ValueError, KeyError, TypeError):
        return None


def _unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _bytes(path: Path | None) -> bytes:
    return path.read_bytes() if path else b""


def _centre(path: Path) -> Ed25519PublicKey:
    key = serialization.load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise TypeError(f"{path}: no Ed25519 key; `python -m central audit public-key` shows it")
    return key


def main(argv: list[str]) -> int:
    """`python -m kiosk verify-log [--ca PEM] [--centre PEM] PATH`: 0 for a whole log."""
    parser = argparse.ArgumentParser(prog="python -m kiosk verify-log", description=__doc__)
    parser.add_argument("--ca", type=Path, help="the device CA's certificate (device_ca.pem)")
    parser.add_argument("--centre", type=Path, help="`python -m central audit public-key`")
    parser.add_argument("--seen", type=Path, help="`python -m central fleet log-checkpoints 0017`")
    parser.add_argument("path", type=Path, help="the log's folder, or an export that was opened")
    asked = parser.parse_args(argv)
    try:
        authority, seen = (_bytes(path) for path in (asked.ca, asked.seen))
        centre = _centre(asked.centre) if asked.centre else None
        verdict = verify(asked.path, authority, centre, seen)
    except (OSError, ValueError, TypeError) as error:
        sys.stderr.write(f"kiosk verify-log: {error}\n")
        return 2
    sys.stdout.write(verdict.told() + "\n")
    for wrong in verdict.wrong[:MOST_TOLD]:
        sys.stderr.write(f"{wrong}\n")
    return BROKEN if verdict.wrong else 0
