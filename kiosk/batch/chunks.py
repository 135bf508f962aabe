"""Rows as the centre takes them: chunks that are one batch each, and what it says of them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kiosk.batch.card_list import Line
from kiosk.batch.spool import Picture
from regulation.card_list.faults import Fault, RowFault
from regulation.card_list.rows import TEXTS, Row

MOST_ROWS = 2000
"""Of a batch (docs/centre/batches.md)."""
MOST_BYTES = 1_900_000
"""Of its rows as JSON: the centre takes 2 MB (docs/centre/batches.md, Limits)."""

_SENT = tuple(name for name in TEXTS if name != "portrait_file")


@dataclass(frozen=True, slots=True)
class Order:
    """Who brings a list, and what is asked: `service` is new_batch or replace_batch."""

    service: str
    kiosk_id: str
    unit: str = field(repr=False)
    paper: str
    number: str = field(repr=False)
    name: str = field(repr=False)

    def body(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """What is sent for a check."""
        return {
            "service": self.service,
            "kiosk_id": self.kiosk_id,
            "unit": self.unit,
            "clerk": {"paper": self.paper, "number": self.number, "name": self.name},
            "rows": list(rows),
        }


@dataclass(frozen=True, slots=True)
class Taken:
    """A batch the centre has taken: what the voucher says (规程 1.2.2, 1.2.3)."""

    batch_no: str
    qr: str
    rows: int
    taken: int
    submitted_at: datetime
    due_on: date
    due_sure: bool
    outlet: str
    fee_fen: int
    pick_up: tuple[str, ...]

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> "Taken":
        """From the centre's answer. KeyError, TypeError or ValueError where it is none."""
        return cls(
            batch_no=str(answer["batch_no"]),
            qr=str(answer["qr"]),
            rows=int(answer["rows"]),
            taken=int(answer["taken"]),
            submitted_at=datetime.fromisoformat(answer["submitted_at"]),
            due_on=date.fromisoformat(answer["due_on"]),
            due_sure=bool(answer["due_sure"]),
            outlet=str(answer["outlet"]),
            fee_fen=int(answer["fee_fen"]),
            pick_up=tuple(str(words) for words in answer["pick_up"]),
        )


@dataclass(frozen=True, slots=True)
class Cut:
    """Rows of a chunk: the list's lines, and each as it is sent."""

    lines: tuple[Line, ...]
    rows: list[dict[str, Any]] = field(repr=False)


def cut(lines: Sequence[Line], pictures: Iterable[Picture]) -> Iterator[Cut]:
    """Lines in chunks that the centre takes whole."""
    hashes: dict[int, dict[str, str]] = {}
    for each in pictures:
        if each.sha256 is not None:
            hashes.setdefault(each.line, {})[each.shows] = each.sha256
    start, size, rows = 0, 0, list[dict[str, Any]]()
    for at, line in enumerate(lines):
        row = body_of(line.row, hashes.get(line.line, {}))
        bytes_ = len(json.dumps(row, ensure_ascii=False).encode())
        if rows and (len(rows) == MOST_ROWS or size + bytes_ > MOST_BYTES):
            yield Cut(tuple(lines[start:at]), rows)
            start, size, rows = at, 0, []
        rows.append(row)
        size += bytes_
    if rows:
        yield Cut(tuple(lines[start:]), rows)


def body_of(row: Row, pictures: Mapping[str, str]) -> dict[str, Any]:
    """A row as it is sent: what stands in it, nothing empty."""
    told = {name: getattr(row, name) for name in _SENT}
    body = {name: value for name, value in told.items() if value not in ("", None)}
    return {**body, "pictures": dict(pictures)}


def faults_of(told: Iterable[Mapping[str, Any]], lines: Sequence[Line]) -> list[RowFault]:
    """The centre's faults, by the lines of the list instead of the rows of a chunk."""
    codes = {each.value for each in Fault}
    found: list[RowFault] = []
    for each in told:
        code, other = str(each["code"]), int(each.get("other") or 0)
        found.append(
            RowFault(
                lines[int(each["row"]) - 1].line,
                str(each["field"]),
                Fault(code) if code in codes else Fault.NOT_PASSED,
                lines[other - 1].line if other else 0,
            )
        )
    return found
