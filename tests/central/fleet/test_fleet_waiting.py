"""Kiosks that wait: woken in a second by whoever changed it, and costing nothing till then."""

import asyncio
import json
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy import event

from central.audit.records import Actor, Kind
from central.database import Database
from central.fleet import service

both = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)
BERT = Actor(Kind.USER, "bert")


@pytest.fixture
def waiting(kiosk):
    """A kiosk that waits in a thread; gives a future of its answer and when it came."""
    with ThreadPoolExecutor(8) as pool:

        def wait(known, number="0017", seconds=20):
            headers = {"If-None-Match": f'"{known}"', "Prefer": f"wait={seconds}"}

            def ask():
                answer = kiosk("GET", "desired", number, headers=headers, timeout=30)
                return answer, time.monotonic()

            return pool.submit(ask)

        yield wait


def until(there):
    """Until the centre says so: it is asked again and again."""
    end = time.monotonic() + 20
    while not there():
        assert time.monotonic() < end
        threading.Event().wait(0.01)


def test_the_answer_is_at_hand_for_who_has_another_revision(desire, kiosk):
    desire(["0017"])
    for known in ("", '"0"', 'W/"7"', '"nonsense"', '"12", "13"'):
        answer = kiosk("GET", "desired", headers={"If-None-Match": known, "Prefer": "wait=20"})
        assert (answer.status_code, answer.json()) == (200, {"revision": 1})
        assert answer.headers["etag"] == '"1"'
    assert kiosk("GET", "desired", headers={"If-None-Match": '"1"'}).status_code == 304


def test_it_waits_no_longer_than_asked(signed, kiosk):
    start = time.monotonic()
    answer = kiosk("GET", "desired", headers={"If-None-Match": '"0"', "Prefer": "wait=1"})
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", '"0"')
    assert 0.85 <= time.monotonic() - start < 15


@both
def test_another_worker_s_change_wakes_it_in_a_second(desire, centre, waiting):
    desire(["0017"])
    answer = waiting(1)
    until(lambda: centre.bell.waiting == 1)
    url = centre.database.writer.url.render_as_string(hide_password=False)
    with Database(centre.folder, url=url if "postgresql" in url else "") as another:
        with another.write() as session:
            service.give(session, ["0017"], 1, BERT, centre.clock())
        done = time.monotonic()
    told, came = answer.result()
    assert told.json() == {"revision": 2}
    assert came - done < 1


def test_a_command_wakes_it(signed, centre, waiting, tmp_path):
    file = tmp_path / "document.json"
    file.write_text(json.dumps({"settings": {"a.b": 1}}))
    answer = waiting(0)
    until(lambda: centre.bell.waiting == 1)
    command = [sys.executable, "-m", "central", "fleet", "desire", "0017", str(file)]
    command += ["--data", str(centre.folder), "--by", "anna", "--approve", "bert"]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    told, _ = answer.result()
    assert told.json() == {"revision": 1}


def test_only_who_is_meant_wakes(desire, centre, waiting):
    desire(["0017", "0018"])
    one, other = waiting(1, "0017"), waiting(1, "0018", seconds=3)
    until(lambda: centre.bell.waiting == 2)
    desire(["0017"])
    assert one.result()[0].json() == {"revision": 2}
    assert other.result()[0].status_code == 304


def test_a_kiosk_waits_once(signed, centre, waiting):
    first = waiting(0)
    until(lambda: centre.bell.waiting == 1)
    second = waiting(0, seconds=2)
    assert first.result()[0].status_code == 304
    assert second.result()[0].status_code == 304
    assert centre.bell.waiting == 0


def test_a_centre_that_ends_sends_them_away(signed, served, centre, waiting):
    app, _ = served
    answer = waiting(0)
    until(lambda: centre.bell.waiting == 1)
    start = time.monotonic()
    app.state.closing = True
    try:
        assert answer.result()[0].status_code == 304
    finally:
        app.state.closing = False
    assert time.monotonic() - start < 15


def test_two_hundred_that_wait_cost_neither_threads_nor_queries(desire, centre, client):
    desire([f"{number:04}" for number in range(200)])
    queries = []
    event.listen(
        centre.database._readers,
        "before_cursor_execute",
        lambda *told: queries.append(told[2]),
    )

    async def wait(http, number):
        headers = {
            "X-Device": f"kiosk:{number:04}",
            "If-None-Match": '"1"',
            "Prefer": "wait=20",
        }
        return (await http.get("/v1/kiosks/self/desired", headers=headers)).status_code

    async def all_of_them():
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(
            base_url=client.base_url, timeout=40, limits=limits, verify=False
        ) as http:
            tasks = [asyncio.create_task(wait(http, number)) for number in range(200)]
            while centre.bell.waiting < 200:  # noqa: ASYNC110 - the server is asked from outside
                await asyncio.sleep(0.05)
            queries.clear()
            before = time.monotonic()
            await asyncio.sleep(2)
            asked = len(queries) / (time.monotonic() - before)
            threads = threading.active_count()
            with centre.database.write() as session:
                numbers = [f"{number:04}" for number in range(200)]
                service.give(session, numbers, 1, BERT, centre.clock())
            return asked, threads, await asyncio.gather(*tasks)

    asked, threads, answers = asyncio.run(all_of_them())
    assert answers == [200] * 200
    assert asked < 12  # a second, for all of them: four looks, each BEGIN and SELECT
    assert threads < 60  # the server's pool of 40, whatever waits
