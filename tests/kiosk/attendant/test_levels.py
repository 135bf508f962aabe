"""Sound and light by an attendant: heard on the speaker's wire, seen in the panel's files, kept."""

import io
import json
import threading
from dataclasses import replace

import numpy as np
import pytest

from hardware.sound.driver import Chime, Sound
from hardware.sound.simulator import SoundSimulator
from kiosk.attendant.backlight import Backlight
from kiosk.attendant.levels import Levels
from kiosk.attendant.loudness import FILE, Loudness
from kiosk.crawl.answers import NOW, RULES
from kiosk.crawl.attendants import WHO
from kiosk.desk import Ask
from kiosk.devices import Devices
from kiosk.log import Log
from kiosk.services.attendant import MODE_SERVICE
from kiosk.services.attendant_answers import ATTENDANT, TASK, Task
from kiosk.services.catalogue import catalogue
from kiosk.services.levels import (
    BRIGHTNESSES,
    LEVEL,
    LEVELS,
    SET_AGAIN,
    SET_TO,
    VOLUMES,
    Level,
    LevelsSeen,
    SetTo,
)
from kiosk.settings import load
from kiosk.visit import Failed, Said, Visit
from screens.scene import Scene
from screens.views import view

OPERATOR = 100
FULL_SCALE = 16_383
"""The chimes are half of what 16 bits hold."""


@pytest.fixture
def speaker(tmp_path):
    with SoundSimulator(tmp_path / "alsa", 20.0) as simulator:
        yield simulator


@pytest.fixture
def sound(speaker):
    made = Sound("speaker", alsa_config=speaker.config)
    yield made
    made.close()


@pytest.fixture
def panel(tmp_path):
    """A panel's folder as the kernel has it: 0 to 937, at its most."""
    folder = tmp_path / "intel_backlight"
    folder.mkdir()
    (folder / "max_brightness").write_text("937\n")
    (folder / "brightness").write_text("937\n")
    return folder


@pytest.fixture
def out():
    return io.StringIO()


@pytest.fixture
def levels(tmp_path, sound, panel, out):
    log = Log(out, lambda: NOW)
    return Levels(sound, Loudness(tmp_path), Backlight(str(panel)), lambda: OPERATOR, log)


def visit(level=None, percent=None, **seen):
    facts = {ATTENDANT.name: WHO, TASK.name: Task.LEVELS, **seen}
    if level:
        facts |= {LEVEL.name: level, SET_TO.name: SetTo(percent)}
    return Visit(MODE_SERVICE, facts)


def ask(level=None, percent=None):
    return Ask(visit(level, percent), threading.Event(), lambda _word: None)


def loudest(sound, speaker):
    assert sound.wait(10.0)
    speaker.drain()
    peak = int(np.abs(speaker.played("speaker").astype(int)).max())
    speaker.clear()
    return peak


def test_each_step_is_heard_at_once_and_so_is_every_sound_after_it(levels, sound, speaker, out):
    for percent in VOLUMES:
        assert levels.set(ask(Level.VOLUME, percent)) == Said(SET_AGAIN)
        assert loudest(sound, speaker) == pytest.approx(FULL_SCALE * percent / 100, rel=0.02)
        assert levels.look(ask()) == Said(LevelsSeen(percent, 100))
    last = json.loads(out.getvalue().splitlines()[-1])
    assert (last["event"], last["id"], last["what"], last["detail"]) == (
        "attendant_did",
        WHO.id,
        "volume",
        "to 100",
    )


def test_it_outlasts_a_restart_until_the_operator_says_another_volume(
    tmp_path, speaker, monkeypatch
):
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(speaker.config))
    file = tmp_path / "kiosk.toml"
    file.write_text(f'[kiosk]\ndata_dir = "{tmp_path}"\n[sound]\ndevice = "speaker"\nvolume = 90\n')
    Loudness(tmp_path).keep(90, 40)
    settings = load(file)
    devices = Devices(settings)
    try:
        heard = []
        for operator in (90, 70, 90):
            devices.tune(replace(settings, sound_volume=operator))
            devices.sound.chime(Chime.SUCCESS)
            heard.append(round(100 * loudest(devices.sound, speaker) / FULL_SCALE))
        assert heard == [40, 70, 40]
    finally:
        devices.close()


@pytest.mark.parametrize(
    "rubbish",
    [
        *(b"", b"[]", b"\xff", b'{"over": 100}', b'{"over": "100", "volume": 40}'),
        *(b'{"over": 100, "volume": 0}', b'{"over": 100, "volume": [40]}'),
    ],
)
def test_a_file_that_is_rubbish_leaves_the_operators_word(tmp_path, rubbish):
    (tmp_path / FILE).write_bytes(rubbish)
    assert Loudness(tmp_path).under(OPERATOR) == OPERATOR


def test_a_disk_that_does_not_keep_it_is_told_and_it_is_heard_all_the_same(
    levels, sound, speaker, tmp_path
):
    full = replace(levels, loudness=Loudness(tmp_path / "gone"))
    assert full.set(ask(Level.VOLUME, 20)) == Failed("attendant_failed", "volume")
    assert loudest(sound, speaker) < FULL_SCALE / 4


@pytest.mark.parametrize(
    ("percent", "written"), [*zip(BRIGHTNESSES, (281, 468, 609, 750, 937), strict=True)]
)
def test_the_panel_is_as_bright_as_was_said(levels, panel, percent, written):
    assert levels.set(ask(Level.BRIGHTNESS, percent)) == Said(SET_AGAIN)
    assert int((panel / "brightness").read_text()) == written
    assert levels.look(ask()).answer.brightness == percent


@pytest.mark.parametrize(("percent", "written"), [(0, 281), (29, 281), (101, 937)])
def test_it_is_never_dark_nor_more_than_there_is(panel, percent, written):
    Backlight(str(panel)).set(percent)
    assert int((panel / "brightness").read_text()) == written


def test_a_panel_that_may_not_be_written_is_told(levels, panel):
    (panel / "brightness").unlink()
    (panel / "brightness").mkdir()
    assert levels.set(ask(Level.BRIGHTNESS, 50)) == Failed("attendant_failed", "brightness")


@pytest.mark.parametrize(("most", "now"), [("", "5"), ("0", "0"), ("x", "5"), (None, "5")])
def test_a_folder_that_is_no_light_is_none(panel, most, now):
    (panel / "brightness").write_text(now)
    (panel / "max_brightness").unlink()
    if most is not None:
        (panel / "max_brightness").write_text(most)
    assert Backlight(str(panel)).percent() is None
    assert Backlight("").percent() is None


def test_what_cannot_be_set_is_said_without_a_button_and_what_holds_is_marked():
    seen = visit(**{LEVELS.name: LevelsSeen(40, None)})
    scene = Scene(seen, NOW, "", "", ("一家银行",), RULES, catalogue(RULES), str)
    sound, light = view(scene).rows
    assert (sound.value, sound.change.say) == ("40%", Said(Level.VOLUME))
    assert (light.value, light.change) == ("本机不能调亮度", None)
    facts = {**seen.facts, LEVEL.name: Level.VOLUME}
    steps = view(replace(scene, visit=Visit(MODE_SERVICE, facts))).choices
    assert [each.name for each in steps if each.subtitle == "现在是这一档"] == ["level_2"]
    assert [each.say.answer.percent for each in steps] == list(VOLUMES)
