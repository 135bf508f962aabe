import signal
import sys
from pathlib import Path

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


def test_a_kiosk_that_does_not_start_is_told_and_nothing_stays(tmp_path):
    command = [sys.executable, "-c", "raise SystemExit('no screen')"]
    stage = Stage(tmp_path, kiosk=command)
    with pytest.raises(ProgramError, match=r"kiosk ended with code 1\n  no screen"), stage:
        pass
    assert [row for row in Path("/proc").glob("[0-9]*/cmdline") if mentions(row, tmp_path)] == []


def mentions(command, folder):
    try:
        return bytes(folder) in command.read_bytes()
    except OSError:  # it ended while we looked
        return False
