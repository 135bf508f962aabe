"""The table of who may call what, and the codes people type: without a centre."""

import re

from fastapi.routing import iter_route_contexts

from central.app import build_app
from central.trust import access, codes


def routes():
    return sorted(
        (method, route.path)
        for route in iter_route_contexts(build_app(None).routes)
        for method in route.methods or ()
        if route.path and route.path.startswith("/v1")
    )


def test_every_route_has_one_row_and_every_row_a_route():
    found = set()
    for method, path in routes():
        asked = re.sub(r"\{[^}]*\}", "x", path)
        rows = [
            row
            for row, pattern in access._COMPILED
            if pattern.match(asked) and method in row.methods.split()
        ]
        rows = [row for row in rows if "{" not in row.path] or rows
        assert len(rows) == 1, f"central/trust/access.py has {len(rows)} rows for {method} {path}"
        assert access.row(method, asked) is rows[0]
        found.add(rows[0])
    assert found == set(access.ROWS)


def test_codes_are_read_as_people_write_them():
    assert codes.read("oil0-1abc-defg") == "01101ABCDEFG"
    assert codes.fingerprint("ff" * 32) == "ZZZZ-ZZZZ-ZZZZ-ZZZZ"


def test_long_paths_are_judged_alike_and_not_kept():
    access._row_of.cache_clear()
    long = "9" * access.LONGEST
    assert access.row("GET", f"/v1/vouchers/{long}") is access.row("GET", "/v1/vouchers/9")
    assert access.row("GET", f"/v1/{long}") is None
    assert access._row_of.cache_info().currsize == 1
