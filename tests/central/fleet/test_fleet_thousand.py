"""A thousand kiosks that come back at the same second: each is answered, and no report is lost."""

import asyncio
import json
import resource
from collections import Counter
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from central.crowd import Crowd
from central.fleet import api
from central.fleet.records import Report

COUNT, REPORTS = 1000, 200


@pytest.fixture(autouse=True)
def files():
    """Both ends of every connection are in this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def ask(where, number, method, path, body=""):
    """The status of a request over a connection of its own."""
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    more = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
    head = f"{method} /v1/kiosks/self/{path} HTTP/1.1\r\nHost: c\r\nConnection: close\r\n"
    writer.write(f"{head}X-Device: kiosk:{number:04}\r\n{more}\r\n{body}".encode())
    status = (await reader.readline()).split()[1]
    await reader.read()
    writer.close()
    return int(status)


def test_more_than_can_be_served_in_time_are_sent_away_and_served_later(monkeypatch, desire, kiosk):
    desire(["0017"])
    for crowd, ask_ in (
        ("SIGNING", lambda: kiosk("GET", "metadata/timestamp.json")),
        ("REPORTING", lambda: kiosk("PUT", "reported", json={})),
    ):
        monkeypatch.setattr(api, crowd, full := Crowd(1))
        with full.place():
            answer = ask_()
            assert (answer.status_code, answer.json()["retryable"]) == (503, True)
            assert answer.headers["Retry-After"] == "1"
            assert kiosk("GET", "desired").status_code == 200
        assert ask_().status_code == 200
        assert full.inside == 0


def test_they_are_all_answered(client, desire, centre):
    desire([f"{number:04}" for number in range(COUNT)])
    where = urlsplit(str(client.base_url))
    told = json.dumps({"state": "staged", "revision": 1, "version": "1.4.0"})
    away = 0

    async def report(number):
        """As a kiosk does: sent away, it comes back."""
        nonlocal away
        while (status := await ask(where, number, "PUT", "reported", told)) == 503:
            away += 1
            await asyncio.sleep(0.2)
        return status

    async def together():
        asked = [ask(where, number, "GET", "desired") for number in range(COUNT)]
        reported = [report(number) for number in range(REPORTS)]
        async with asyncio.timeout(60):
            return await asyncio.gather(*asked, *reported)

    assert Counter(asyncio.run(together())) == {200: COUNT + REPORTS}
    assert away > 0  # more came than are served at once
    with centre.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Report)) == REPORTS
