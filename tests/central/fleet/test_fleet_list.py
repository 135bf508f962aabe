"""The list of kiosks: ten thousand a page at a time, found by fault and silence, and live."""

import asyncio
import json
import re
import threading
import time
from datetime import timedelta
from statistics import median
from types import SimpleNamespace

import httpx
import pytest
from sqlalchemy import insert

from central.console import live
from central.fleet import listing, records, rollouts
from central.fleet.listing import Wanted
from central.users import sessions

PATH = "/console/fleet"
ON_BOTH = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)
MANY = 9_999
"""Four digits make no more."""


@pytest.fixture
def fleet(centre, clock):
    """As many kiosks as there can be: every hundredth is faulty, every tenth silent."""
    now, later = clock.now.isoformat(), (clock.now + timedelta(minutes=3)).isoformat()
    numbers = [f"{number:04}" for number in range(1, MANY + 1)]
    kiosks = [
        {"id": each, "group": f"g{int(each) % 7}", "site": "渝中区", "revision": 0, "change": 0}
        for each in numbers
    ]
    told = {"devices": {"printer": "ok"}, "consumables": {"paper_m": 31.5}, "services": ["x"] * 7}
    same = {"state": "committed", "revision": 1, "version": "1.4.0", "told": told, "next_s": 60}
    reports = [
        same | {"kiosk": each, "seen_at": now, "faulty": int(each) % 100 == 0,
                "overdue_at": now if int(each) % 10 == 0 else later}
        for each in numbers
    ]  # fmt: skip
    with centre.database.write() as session:
        session.execute(insert(records.FleetKiosk), kiosks)
        session.execute(insert(records.Report), reports)
    clock.now += timedelta(seconds=1)
    return centre


def walk(centre, wanted, now):
    """Every number of all pages, and how long the median page took, in seconds."""
    found, after, took = [], "", []
    with centre.database.read() as session:
        listing.page(session, wanted, now)  # statements are compiled once
        while True:
            began = time.monotonic()
            page = listing.page(session, wanted, now, after=after)
            took.append(time.monotonic() - began)
            found += [each.kiosk for each in page.kiosks]
            after = page.after
            if not after:
                return found, median(took)


@ON_BOTH
def test_ten_thousand_are_paged_and_no_page_is_slow(fleet, clock):
    found, page_s = walk(fleet, Wanted(), clock.now)
    assert found == [f"{number:04}" for number in range(1, MANY + 1)]
    faulty, _ = walk(fleet, Wanted(only="faulty"), clock.now)
    assert len(faulty) == 99
    assert len(walk(fleet, Wanted("g3", "silent"), clock.now)[0]) == 143
    with fleet.database.read() as session:
        began = time.monotonic()
        counts = listing.counts(session, Wanted(), clock.now)
        counted = time.monotonic() - began
    assert (counts.count, counts.silent, counts.faulty) == (MANY, 999, 99)
    assert page_s < 0.1
    assert counted < 2


def test_pages_go_back_as_they_went_on(fleet, clock):
    with fleet.database.read() as session:
        third = listing.page(session, Wanted(), clock.now, after="0200")
        second = listing.page(session, Wanted(), clock.now, before=third.before)
        first = listing.page(session, Wanted(), clock.now, before=second.before)
    assert (first.before, first.after) == ("", "0100")
    assert (second.kiosks[0].kiosk, second.after) == ("0101", "0200")


def test_the_page_of_the_console_leads_on(fleet, sign_in):
    one = sign_in("operator", login="op.one")
    one.get(PATH)
    page = one.get(f"{PATH}?q=g3&only=faulty")
    assert 'id="k0500"' in page.text
    assert 'id="k0003"' not in page.text
    page = one.get(f"{PATH}?q=g3")
    assert "after=0696" in page.text
    assert 'rel="prev"' not in page.text
    assert 'rel="prev"' in one.get(f"{PATH}?q=g3&after=0696").text
    assert one.get(f"{PATH}?only=everything").status_code == 422


@pytest.fixture(autouse=True)
def often(monkeypatch):
    monkeypatch.setattr(live, "LOOK_S", 0.05)
    monkeypatch.setattr(live, "BEAT_S", 0.2)


@pytest.fixture
def watch():
    """Opens the stream of a browser's page; gives what comes, line by line, as it comes."""
    open_ = []

    def watch(browser, query="", path=PATH):
        asked = browser.client.stream("GET", f"{path}/live?{query}", timeout=10)
        answer = asked.__enter__()
        open_.append(asked)
        assert answer.status_code == 200
        assert answer.headers["x-accel-buffering"] == "no"
        assert "text/event-stream" in answer.headers["content-type"]
        lines = answer.iter_lines()
        next(line for line in lines if line.startswith(":"))  # it looks
        return lines

    yield watch
    for each in open_:
        each.__exit__(None, None, None)


def pieces(lines):
    for line in lines:
        if line.startswith("data: {"):
            yield json.loads(line.removeprefix("data: "))


def test_a_kiosk_that_reports_is_shown_at_once_and_no_other(sign_in, signed, report, watch, clock):
    one = sign_in("operator", login="op.one")
    for number in ("0001", "0002", "0003"):
        report(number, state="committed")
    lines = watch(one, "q=000")
    clock.now += timedelta(seconds=5)
    report("0002", state="committed", version="9.9.9", devices={"printer": "no_paper"})
    piece = next(each for each in pieces(lines) if each["id"].startswith("k"))
    assert piece["id"] == "k0002"
    assert "9.9.9" in piece["html"]
    assert "printer" in piece["html"]
    assert "有故障 1" in next(pieces(lines))["html"]
    clock.now += timedelta(minutes=4)
    assert "失联" in next(pieces(lines))["html"]


def test_a_kiosk_s_own_page_is_live(sign_in, signed, report, watch, clock):
    one = sign_in("operator", login="op.one")
    report("0001", devices={"printer": "ok"})
    assert "data-live" in one.get(f"{PATH}/kiosks/0001").text
    lines = watch(one, path=f"{PATH}/kiosks/0001")
    report("0001", devices={"printer": "no_paper"})
    piece = next(pieces(lines))
    assert piece["id"] == "now"
    assert "no_paper" in piece["html"]
    assert one.get(f"{PATH}/kiosks/0099/live").status_code == 404


def test_a_rollout_is_live_while_it_runs(sign_in, signed, report, watch):
    one, two = sign_in("operator", login="op.one"), sign_in("operator", login="op.two")
    one.post(f"{PATH}/place", {"kiosk": "0001", "group": "pilot"}, back=PATH)
    page = one.post(f"{PATH}/propose", {"text": "{}", "groups": "pilot"}, back=f"{PATH}/edit")
    number = re.search(r"/approvals/(\d+)/approve", two.get(page.url.path).text)[1]
    two.post(f"/console/approvals/{number}/approve", {}, back="/console/approvals")
    rollouts.run_due(signed)
    path = f"{PATH}/rollouts/1"
    assert f'data-live="{path}/live"' in one.get(path).text
    lines = watch(one, path=path)
    report("0001", state="failed", revision=1, step="probation", reason="centre")
    piece = next(pieces(lines))
    assert piece["id"] == "groups"
    assert "probation" in piece["html"]
    assert one.get(f"{PATH}/rollouts/9/live").status_code == 404


def test_it_ends_when_who_looks_signs_out(sign_in, signed, report, watch):
    one = sign_in("operator", login="op.one")
    report("0001")
    lines = watch(one)
    out = threading.Thread(target=one.post, args=("/console/sign-out",))
    out.start()
    assert "event: over" in list(lines)
    out.join()


def test_looking_keeps_nobody_signed_in(sign_in, signed, report, watch, clock):
    lines = watch(sign_in("operator", login="op.one"))
    clock.now += sessions.IDLE + timedelta(seconds=1)
    assert "event: over" in list(lines)


def test_so_many_and_no_more_and_those_that_went_are_not_counted(sign_in, signed, watch):
    one, two = sign_in("operator", login="op.one"), sign_in("operator", login="op.two")
    streams = [watch(one) for _ in range(live.MOST_EACH)]
    assert one.get(f"{PATH}/live").status_code == 429
    theirs = watch(two)
    assert next(theirs) is not None
    assert sum(live.STREAMS.open.values()) == len(streams) + 1
    one.post("/console/sign-out")
    for lines in streams:
        list(lines)
    assert live.STREAMS.open == {"op.two": 1}


def test_of_fifty_that_ask_together_so_many_may(monkeypatch):
    """Handlers run in threads: all may have answered before the first stream is sent."""

    async def together():
        over, told = asyncio.Event(), []
        monkeypatch.setattr(live, "STREAMS", live.Streams())

        async def events(*_):
            yield live.BEAT
            await over.wait()

        async def send(message):
            if message["type"] == "http.response.start":
                told.append(message["status"])
                if len(told) == len(streams):
                    over.set()

        monkeypatch.setattr(live, "_events", events)
        streams = [live.stream(None, SimpleNamespace(name="anna"), None, None) for _ in range(50)]
        scope = {"type": "http", "asgi": {"spec_version": "2.4"}}
        async with asyncio.TaskGroup() as group:
            for each in streams:
                group.create_task(each(scope, over.wait, send))
        return told

    told = asyncio.run(together())
    assert (told.count(200), told.count(429)) == (live.MOST_EACH, 50 - live.MOST_EACH)
    assert live.STREAMS.open == {}


def test_what_changed_between_a_page_and_its_stream_is_sent_at_once(
    sign_in, signed, report, monkeypatch
):
    monkeypatch.setattr(live, "LOOK_S", 600)
    one, path = sign_in("operator", login="op.one"), f"{PATH}/kiosks/0001"
    report("0001", devices={"printer": "ok"})
    one.get(path)
    report("0001", devices={"printer": "no_paper"})
    with one.client.stream("GET", f"{path}/live", timeout=10) as answer:
        assert "no_paper" in next(pieces(answer.iter_lines()))["html"]


@pytest.mark.parametrize("role", ["clerk", "auditor"])
def test_others_hear_nothing(sign_in, signed, role):
    assert sign_in(role, login="some.one").get(f"{PATH}/live").status_code == 403


def test_nobody_hears_nothing(client):
    answer = httpx.get(f"{client.base_url}{PATH}/live", follow_redirects=False)
    assert answer.status_code in {303, 401}


def test_a_kiosk_that_is_no_more_is_listed_and_missed_by_nobody(sign_in, desire, report, clock):
    desire(["0001"])
    report("0001", devices={"printer": "no_paper"})
    clock.now += timedelta(minutes=6)
    one = sign_in("operator", login="op.one")
    assert "失联 1" in one.get(PATH).text
    one.post(f"{PATH}/place", {"kiosk": "0001", "group": "retired", "site": "渝中"}, back=PATH)
    page = one.get(PATH).text
    assert "已退役" in page
    assert not re.search("(失联|有故障|配置进行中) 1", page)
    assert 'id="k0001"' not in one.get(f"{PATH}?only=silent").text
    assert "渝中" not in one.get(f"{PATH}/map").text


def test_a_browser_without_scripts_has_the_same_rows(sign_in, signed, report):
    report("0001", state="committed", version="1.4.0")
    page = sign_in("operator", login="op.one").get(PATH)
    assert "1.4.0" in page.text
    assert '<script src="/console/static/live.js" defer></script>' in page.text
    assert "<script>" not in page.text
