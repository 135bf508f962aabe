"""A configuration from afar in a real window: no frame is dark, and kill -9 leaves the last good."""

import io
import signal
from base64 import b64decode
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from PIL import Image, ImageChops, ImageStat

from deploy.stage import SMALL, Stage
from kiosk.configuration.trial import CENTRE_TIMES
from tests.faults.fleet import OTHER_TITLE, TITLE
from tests.kiosk.configuration.repository import Repository, Server

pytestmark = pytest.mark.journey

DOCUMENT = {"schema": 1, "kiosk": "0017", "mode": "in_service"}
CLOSED = {"mode": "out_of_service", "message": {"zh": "停电检修，下午两点恢复", "en": "No power"}}
WORSE_TITLE = "请把身份证竖着放"
PROBATION_S = 1.0
DARK = 60
"""Of 255, on average over the picture: no page is near it."""


@pytest.fixture(scope="module")
def server():
    server = Server(Repository(now=datetime.now(UTC).replace(microsecond=0)))
    yield server
    server.close()


@pytest.fixture(scope="module")
def stage(server, tmp_path_factory):
    """A kiosk whose way to the centre leads by who signs its configuration."""
    folder = tmp_path_factory.mktemp("configuration")
    root = folder / "root.json"
    root.write_bytes(server.repository.first_root)
    central = {"url": server.url, "fleet_root": str(root), "probation_s": PROBATION_S}
    with Stage(folder / "stage", settings={"central": central}, kiosk=(), window=SMALL) as stage:
        server.centre_port = urlsplit(stage.centre_url).port
        stage._kiosk_command = Stage.__init__.__kwdefaults__["kiosk"]
        stage.start_kiosk()
        yield stage


def reported(server, state, revision, look=lambda: None):
    """Wait for a report, and look all the while; after a silence it may come a minute later."""
    end = datetime.now(UTC).timestamp() + 70
    while not any(
        (each["state"], each["revision"]) == (state, revision) for each in server.reports
    ):
        look()
        with server.told:
            server.told.wait(0.01)
        assert datetime.now(UTC).timestamp() < end, server.reports[-1]
    return server.reports[-1]


def test_no_frame_is_dark_while_it_comes_in_force_and_is_taken_back(stage, server):
    stage.eyes.wait(lambda seen: seen.step == "home" and not seen.dialog)
    lights = []

    def look():
        lights.append(ImageStat.Stat(stage.screenshot().convert("L")).mean[0])

    texts = {TITLE: {"zh": OTHER_TITLE}}
    server.repository.put(DOCUMENT | {"revision": 1, "texts": texts}, 1)
    server.push(1)
    reported(server, "committed", 1, look)  # so a picture was drawn, and every device is open
    assert stage.eyes.wait(lambda seen: seen.title == OTHER_TITLE).step == "home"
    server.mute = True  # the next one does not prove itself: the centre hears nothing
    texts = {TITLE: {"zh": WORSE_TITLE}}
    server.repository.put(DOCUMENT | {"revision": 2, "texts": texts}, 2)
    server.push(2)
    stage.eyes.wait(lambda seen: seen.title == WORSE_TITLE)
    look()
    stage.eyes.wait(lambda seen: seen.title == OTHER_TITLE, PROBATION_S * CENTRE_TIMES + 20)
    look()
    server.mute = False
    assert reported(server, "failed", 2, look)["reason"] == "centre"
    server.repository.put(DOCUMENT | {"revision": 3} | CLOSED, 3)
    server.push(3)
    reported(server, "committed", 3, look)
    assert stage.eyes.wait(lambda seen: seen.step == "closed")
    assert len(lights) > 20
    assert min(lights) > DARK


def test_killed_on_probation_it_comes_back_as_it_was_and_says_so(stage, server):
    before = stage.eyes.wait(lambda seen: seen.step in ("home", "closed"))
    texts = {TITLE: {"zh": WORSE_TITLE}}
    server.repository.put(DOCUMENT | {"revision": 4, "texts": texts}, 4)
    server.mute = True  # so it stays on probation
    server.push(4)
    stage.eyes.wait(lambda seen: seen.title == WORSE_TITLE)
    stage.restart_kiosk(signal.SIGKILL)
    server.mute = False
    again = stage.eyes.wait(lambda seen: seen.step in ("home", "closed"))
    assert (again.step, again.title) == (before.step, before.title)
    told = reported(server, "failed", 4)
    assert (told["reason"], told["serving"]) == ("restarted", before.step == "closed" and 3)


def test_an_operator_sees_what_is_on_the_glass(stage, server):
    stage.eyes.wait(lambda seen: seen.step in ("home", "closed") and not seen.dialog)
    glasses = [stage.screenshot()]
    server.asks.append({"id": 7, "kind": "screenshot", "seconds": 3600})
    server.repository.put(DOCUMENT | {"revision": 9} | CLOSED, 9)
    server.push(9)  # a report is due, and its answer says that something is asked
    with server.told:
        assert server.told.wait_for(lambda: server.answers, 20)
    server.asks.clear()
    stage.eyes.wait(lambda seen: seen.step == "closed")
    glasses.append(stage.screenshot())
    (answer,) = server.answers
    assert answer["state"] == "answered"
    picture = Image.open(io.BytesIO(b64decode(answer["data"]))).convert("L")
    off = [
        ImageStat.Stat(
            ImageChops.difference(picture, glass.convert("L").resize(picture.size))
        ).mean[0]
        for glass in glasses
    ]
    assert min(off) < 4
