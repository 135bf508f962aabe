"""A configuration from afar in a real window: the next picture has it, and no frame is dark."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from PIL import ImageStat

from deploy.stage import Stage
from tests.faults.fleet import OTHER_TITLE, TITLE
from tests.kiosk.configuration.repository import Repository, Server

pytestmark = pytest.mark.journey

DOCUMENT = {"schema": 1, "kiosk": "0017", "mode": "in_service"}
CLOSED = {"mode": "out_of_service", "message": {"zh": "停电检修，下午两点恢复", "en": "No power"}}
WORSE_TITLE = "请把身份证竖着放"
DARK = 60
"""Of 255, on average over the picture: no page is near it."""


@pytest.fixture
def server():
    server = Server(Repository(now=datetime.now(UTC).replace(microsecond=0)))
    yield server
    server.close()


@pytest.fixture
def stage(server, tmp_path):
    """A kiosk whose way to the centre leads by who signs its configuration."""
    root = tmp_path / "root.json"
    root.write_bytes(server.repository.first_root)
    central = {"url": server.url, "fleet_root": str(root), "probation_s": 2.0}
    with Stage(tmp_path / "stage", settings={"central": central}, kiosk=()) as stage:
        server.centre_port = urlsplit(stage.centre_url).port
        stage._kiosk_command = Stage.__init__.__kwdefaults__["kiosk"]
        stage.start_kiosk()
        yield stage


def reported(server, state, revision, look=lambda: None):
    """Wait for a report, and look all the while."""
    end = datetime.now(UTC).timestamp() + 30
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
    server.broken.add("reported")  # the next one does not prove itself: the centre hears nothing
    texts = {TITLE: {"zh": WORSE_TITLE}}
    server.repository.put(DOCUMENT | {"revision": 2, "texts": texts}, 2)
    server.push(2)
    stage.eyes.wait(lambda seen: seen.title == WORSE_TITLE)
    look()
    stage.eyes.wait(lambda seen: seen.title == OTHER_TITLE)
    look()
    server.broken.clear()
    assert reported(server, "failed", 2, look)["reason"] == "centre"
    server.repository.put(DOCUMENT | {"revision": 3} | CLOSED, 3)
    server.push(3)
    reported(server, "committed", 3, look)
    assert stage.eyes.wait(lambda seen: seen.step == "closed")
    assert len(lights) > 20
    assert min(lights) > DARK
