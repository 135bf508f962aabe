"""Who may call what: one row for every route under `/v1`, and the class its requests count in.

What has no row is refused to everybody but in development; a test walks all routes. A device of
the right kind may still act as nobody but itself (`caller.act_as`).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from starlette.routing import compile_path

from central.audit.records import Kind
from central.trust.limits import Rate

LONGEST = 256
"""Characters of a path that is remembered: what anybody may send is not kept by the megabyte."""

KIOSK, STATION, APP, PHONE = Kind.KIOSK, Kind.STATION, Kind.APP, Kind.PHONE


@dataclass(frozen=True, slots=True)
class Row:
    """A route's method and path; the kinds of devices that may call it, or anybody (None)."""

    methods: str
    path: str
    who: frozenset[Kind] | None
    rate: Rate = Rate.DEVICE


def _row(methods: str, path: str, *who: Kind, rate: Rate = Rate.DEVICE) -> Row:
    return Row(methods, path, frozenset(who), rate)


def _anybody(methods: str, path: str, rate: Rate = Rate.ANONYMOUS) -> Row:
    return Row(methods, path, None, rate)


ROWS = (
    _anybody("GET", "/v1/health"),
    _anybody("GET HEAD", "/v1/openapi.json"),
    _anybody("POST", "/v1/enrolments", Rate.ENROLMENT),
    _row("POST", "/v1/certificates", KIOSK, STATION, APP, PHONE),
    _row("POST", "/v1/eligibility", KIOSK, APP, PHONE),
    _row("POST", "/v1/eligibility/overview", KIOSK),
    _row("PUT", "/v1/images/{sha256}", KIOSK, APP),
    _row("POST", "/v1/uploads", KIOSK, APP),
    _row("HEAD PATCH", "/v1/uploads/{sha256}", KIOSK, APP),
    _row("POST", "/v1/applications", KIOSK, APP, PHONE),
    _row("GET", "/v1/applications", KIOSK, APP, PHONE),
    _row("POST", "/v1/applications/{voucher_no}/mend", KIOSK),
    _row("POST", "/v1/one-time-codes", KIOSK),
    _row("GET", "/v1/requests/{key}", KIOSK, STATION, APP, PHONE),
    _anybody("GET", "/v1/vouchers/key"),
    _row("GET", "/v1/vouchers/{voucher_no}", KIOSK, APP),
    _row("POST", "/v1/vouchers/resolve", KIOSK, APP),
    _row("GET POST", "/v1/batches", KIOSK),
    _row("POST", "/v1/batches/check", KIOSK),
    _row("POST", "/v1/batches/units", KIOSK),
    _row("GET", "/v1/batches/{batch_no}", KIOSK),
    _row("POST", "/v1/phone-uploads", KIOSK),
    _row("GET DELETE", "/v1/phone-uploads/{upload_id}", KIOSK),
    _row("GET", "/v1/phone-uploads/{upload_id}/files/{n}", KIOSK),
    _row("GET POST", "/v1/card-keys/{step:path}", KIOSK),
    _row("POST", "/v1/pin-resets", KIOSK),
    _row("POST", "/v1/pin-resets/{step:path}", KIOSK),
    _row("GET", "/v1/kiosks/self/desired", KIOSK),
    _row("GET", "/v1/kiosks/self/metadata/{name}", KIOSK),
    _row("GET", "/v1/kiosks/self/targets/kiosk/{name}", KIOSK),
    _row("PUT", "/v1/kiosks/self/reported", KIOSK),
    _row("GET", "/v1/kiosks/self/asks", KIOSK),
    _row("PUT", "/v1/kiosks/self/asks/{number}", KIOSK),
    _row("PUT", "/v1/kiosks/self/log-checkpoints/{seq}", KIOSK),
    _row("PUT", "/v1/kiosks/self/certificates/{number}", KIOSK),
    _row("GET", "/v1/stations/self/{what:path}", STATION),
    _row("GET POST", "/v1/card-writes/{step:path}", STATION),
)

_CONSOLE = re.compile(r"/console(/.*)?")
_SIGN_IN = Row("POST", "/console/sign-in", None, Rate.SIGN_IN)
_PAGES = Row("*", "/console", None, Rate.CONSOLE)
_OTHER = Row("*", "/", None, Rate.ANONYMOUS)


def row(method: str, path: str) -> Row | None:
    """The row of a request; None for a path under `/v1` that has none.

    A path's row counts for its other methods too: those get their 405.
    """
    found = _row_of if len(path) <= LONGEST else _row_of.__wrapped__  # no store of long lines
    return found(method, path)


@lru_cache(maxsize=4096)
def _row_of(method: str, path: str) -> Row | None:
    if _CONSOLE.fullmatch(path):
        return _SIGN_IN if (method, path) == ("POST", _SIGN_IN.path) else _PAGES
    if not path.startswith("/v1"):
        return _OTHER
    found = [row for row, pattern in _COMPILED if pattern.match(path)]
    return next(
        (row for row in found if method in row.methods.split()), found[0] if found else None
    )


_COMPILED = [(row, compile_path(row.path)[0]) for row in ROWS]
