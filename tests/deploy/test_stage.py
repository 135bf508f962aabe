import signal
import sys
import time

import httpx
import pytest

from deploy.citizen import At, Tap, perform
from deploy.program import ProgramError
from deploy.stage import Stage

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    with Stage(tmp_path_factory.mktemp("stage")) as stage:
        yield stage


def at_home(seen):
    return seen.step == "home" and not seen.dialog


def test_a_stage_shows_the_home_screen(stage):
    pictures = []
    perform(stage, [At("home")], lambda _at, seen: pictures.append((seen, stage.screenshot())))
    seen, picture = pictures[0]
    assert "new_individual" in seen
    assert picture.size == (1080, 1920)
    assert len(picture.getcolors(maxcolors=1 << 21)) > 100


def test_a_touch_reaches_the_kiosk(stage):
    perform(stage, [At("home", (Tap("language"),))])
    assert stage.eyes.wait(lambda seen: seen.language == "en").step == "home"
    perform(stage, [At("home", (Tap("language"),))])
    stage.eyes.wait(lambda seen: seen.language == "zh_CN")


def test_a_kiosk_killed_comes_back(stage):
    assert stage.restart_kiosk(signal.SIGKILL).n == 1
    stage.eyes.wait(at_home)


def test_the_centre_comes_back_at_the_same_address(stage):
    before = stage.centre_url
    assert stage.stop("centre") == 0
    stage.start_centre()
    assert stage.centre_url == before
    assert stage.central("list") == []


def test_a_kiosk_that_does_not_start_is_told_and_nothing_stays(tmp_path, programs_of):
    command = [sys.executable, "-c", "raise SystemExit('no screen')"]
    stage = Stage(tmp_path, kiosk=command)
    with pytest.raises(ProgramError, match=r"kiosk ended with code 1\n  no screen"), stage:
        pass
    assert programs_of(tmp_path) == []


@pytest.mark.thorough
def test_a_station_starts_ends_and_comes_back_with_the_stage(tmp_path, programs_of):
    with Stage(tmp_path, kiosk=(), station="W301-1") as stage:
        assert lamp(stage) == "idle"
        assert stage.station_dock.state()["social_card"]["personalised"] is None
        assert stage.stop("station", signal.SIGKILL) == -signal.SIGKILL
        stage.start_station()
        assert lamp(stage) == "idle"
        users = {user["login"]: user for user in stage.central("users", "list")}
        assert [users[login]["state"] for login in stage.accounts] == ["ACTIVE"] * 3
        assert users["clerk"]["outlet"] == "W301"
        assert users["clerk"]["roles"] == ["clerk"]
    assert programs_of(tmp_path) == []


def lamp(stage):
    """What the station shows once it has started."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        status = httpx.get(f"{stage.station_status}/status", trust_env=False).json()
        if status["state"] != "starting":
            break
        time.sleep(0.05)  # the lamp is asked; it does not call
    return status["state"]
