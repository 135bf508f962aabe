"""What a page of the window console costs with a million cases: whole requests, one at a time.

A hundred outlets have ten thousand cases each, in every state. The aim of 100 ms is of the issue.
"""

import http.client
import json
import re
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from benchmarks.centre import serving
from benchmarks.centre_growth import Figures, insert_rows, plain, templates
from benchmarks.crowd import names, numbers
from central.clock import china_now
from central.console.cookies import proof
from central.database import Database
from central.users import sessions
from central.users.records import User, UserState
from deploy.postgres import Postgres
from regulation.vouchers import voucher_number

CASES = 1_000_000
OUTLETS = 100
STATES = ("SUBMITTED", "SUBMITTED", "REVIEW", "ACCEPTED", "READY", *("ENABLED",) * 5)
ASKED = 55
"""Times for each page: a clerk may search 60 times in ten minutes."""
OUTLET = "0003"

_FIRST_DAY = date(2023, 1, 1)
_A_DAY = 9000


def measure() -> Figures:
    """The median and the longest of 50 requests in milliseconds, each page on either store."""
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as folder:
        figures |= _pages("sqlite", Path(folder), "")
    with tempfile.TemporaryDirectory() as folder, Postgres() as server:
        figures |= _pages("postgresql", Path(folder), server.url)
    return figures


def _pages(store: str, folder: Path, url: str) -> Figures:
    case, _card = templates(folder, url)
    people = ((n, name, True) for i, (n, name) in _crowd() if i)
    insert_rows(folder, url, "person", ("id_number", "name", "insured"), people)
    rows = (tuple(map(plain, (case | _case(i, n)).values())) for i, (n, _) in _crowd() if i)
    insert_rows(folder, url, "application", tuple(case), rows)
    token = _signed_in(folder, url)
    figures: Figures = {}
    with serving(folder, url) as address:
        for name, ask in _Browser(address, token).pages().items():
            took = [_timed(ask) for _ in range(ASKED)][5:]
            figures[f"console_{store}_{name}_p50_ms"] = statistics.median(took)
            figures[f"console_{store}_{name}_max_ms"] = max(took)
    return figures


def _crowd() -> Iterator[tuple[int, tuple[str, str]]]:
    return enumerate(zip(numbers(CASES), names(CASES), strict=True))


def _place(i: int) -> tuple[str, date, int]:
    day, seq = divmod(i // OUTLETS, _A_DAY)
    return f"{i % OUTLETS:04}", _FIRST_DAY + timedelta(days=day), seq + 1


def _case(i: int, number: str) -> dict[str, Any]:
    kiosk, day, seq = _place(i)
    at = f"2025-01-01T{i // 3600 % 24:02}:{i // 60 % 60:02}:{i % 60:02}+08:00"
    return {
        "voucher_no": voucher_number(kiosk, day, seq),
        "key": str(uuid.UUID(int=i)),
        "state": STATES[i // OUTLETS % len(STATES)],
        "kiosk_id": kiosk,
        "day": day.isoformat(),
        "seq": seq,
        "number": number,
        "submitted_at": at,
    }


def _signed_in(folder: Path, url: str) -> str:
    """A clerk's session, as signing in would begin it."""
    now = china_now()
    with Database(folder, url=url) as database, database.write() as session:
        user = User(
            login="li.na",
            display_name="李娜",
            roles=["clerk"],
            outlet=OUTLET,
            language="zh_CN",
            state=UserState.ACTIVE,
            created_at=now.isoformat(),
            failures=0,
            totp_step=0,
        )
        session.add(user)
        session.flush()
        return sessions.begin(session, user, now)


class _Browser:
    """A clerk's browser with one connection."""

    def __init__(self, address: str, token: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        self._headers = {"Cookie": f"console={token}"}
        self._csrf = proof(token, "csrf")

    def pages(self) -> dict[str, Callable[[], str]]:
        """How to ask for each page."""
        kiosk, day, seq = _place(3 + OUTLETS * 7)
        voucher = voucher_number(kiosk, day, seq)
        number = next(n for i, (n, _) in _crowd() if i == 3 + OUTLETS * 7)
        after = re.search(r'after=([^"&]+)', self._get("/console/cases"))
        later = f"/console/cases?after={after[1]}" if after else "/console/cases"
        found, search = {"text": voucher}, {"by": "id_number", "text": number}
        return {
            "home": lambda: self._get("/console"),
            "queue": lambda: self._get("/console/cases"),
            "queue_later": lambda: self._get(later),
            "case": lambda: self._get(f"/console/cases/{quote(voucher)}"),
            "find": lambda: self._post("/console/cases/find", found),
            "search": lambda: self._post("/console/search", search),
        }

    def _get(self, path: str) -> str:
        return self._ask("GET", path, None)

    def _post(self, path: str, form: dict[str, str]) -> str:
        return self._ask("POST", path, urlencode(form | {"csrf": self._csrf}))

    def _ask(self, method: str, path: str, body: str | None) -> str:
        headers = dict(self._headers)
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        said = answer.read().decode()
        if answer.status not in (200, 303):
            raise RuntimeError(f"{method} {path}: {answer.status} {json.dumps(said[:300])}")
        return said


def _timed(ask: Callable[[], str]) -> float:
    start = time.perf_counter()
    ask()
    return (time.perf_counter() - start) * 1000
