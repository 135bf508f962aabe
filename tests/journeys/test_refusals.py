"""Each of the 43 cells a kiosk refuses, in a real window: reached by touches, its slip in the hand."""

import io
import time
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from deploy.acts import LOOKING_S, Tap
from deploy.stage import SMALL, Stage
from hardware.printer.raster import THRESHOLD, picture
from kiosk.pace import local_now
from kiosk.services.menu import ELSEWHERE
from kiosk.services.referral import not_here
from kiosk.settings import load
from kiosk.slips import RATHER, Slips
from kiosk.speech import sentence
from regulation import checklist
from regulation.rules import Channel, Service, load_rules

RULES = load_rules(Path("config/rules.toml"))
REFUSED = tuple(c for c in RULES.cells() if c.channel is Channel.KIOSK and not c.allowed)
SAMPLE = {cell.service: cell for cell in REFUSED}.values()
"""One of each service; `make test-thorough` has all."""
CELLS = [
    pytest.param(cell, marks=() if cell in SAMPLE else pytest.mark.thorough) for cell in REFUSED
]
BEFORE_WHO = {Service.NEW_BATCH: ("back",), Service.REPLACE_INDIVIDUAL: ("damaged",)}
"""What is pressed until it is asked for whom: a unit's list is a clerk's, unless one turns back."""

BESIDE = 24
"""Dots that may differ: bytes a printer would take for a command are sent a dot beside
(hardware.printer.frames); any other character has more."""
WITHIN_S = 20.0


@pytest.fixture(scope="module")
def stage(tmp_path_factory, seeded):
    """One kiosk for all of them: 43 visits in a row."""
    with Stage(tmp_path_factory.mktemp("refusals"), seeded=seeded, window=SMALL) as stage:
        stage.eyes.wait(lambda now: now.step == "home" and not now.dialog, WITHIN_S)
        yield stage


@pytest.fixture(autouse=True)
def at_home(stage):
    """Each begins at home, whatever became of the one before."""
    if stage.eyes.now().step not in ("home", "refusal_done", "take_paper"):
        touch(stage, "home")
    stage.eyes.wait(lambda now: now.step == "home" and not now.dialog, WITHIN_S)


def touch(stage, *names):
    """Press what is there, once the page has stood long enough to take a touch."""
    for name in names:
        time.sleep(LOOKING_S)
        Tap(name).do(stage)


def walk(stage, cell):
    """From home to the slip in the hand."""
    away = cell.service in ELSEWHERE
    touch(stage, *(("others",) if away else ()), cell.service)
    touch(stage, *BEFORE_WHO.get(cell.service, ()))
    stage.eyes.wait(lambda now: now.step == "who", WITHIN_S)
    touch(stage, cell.applicant)
    seen = stage.eyes.wait(lambda now: now.step == "refusal", WITHIN_S)
    assert {"print_referral", "home"} <= {widget.name for widget in seen.widgets}
    touch(stage, "print_referral")
    stage.eyes.wait(lambda now: now.step == "refusal_done", WITHIN_S)
    return Image.open(io.BytesIO(stage.dock.slip("last")))


def expected(cell, at):
    """What should be printed, by the same tables."""
    settings = load(None)
    slips = Slips(RULES, settings.kiosk_id, settings.site, sentence, settings.hotlines)
    why = not_here(RULES, cell.service, cell.applicant)
    return slips.referral(cell.service, {"who": cell.applicant}, why, at)


def nearest(cell):
    """The way the slip sends to: what an agent may have done here instead comes first (5.1(2))."""
    instead = RATHER.get((cell.service, cell.applicant), cell.service)
    ways = RULES.nearest(instead, cell.applicant)
    here = [way for way in ways if way.channel is Channel.KIOSK]
    return here[0] if instead is not cell.service else ways[0]


def words(slip):
    """The text of a slip in one line."""
    fields = ("text", "label", "value")
    return "".join(str(getattr(block, field, "")) for block in slip for field in fields).replace(
        "\n", ""
    )


def same(printed, slip):
    """Whether the paper shows this slip: dot by dot, but for those the wire cannot carry."""
    wanted = picture(slip, printed.width)
    area = (0, 0, printed.width, min(printed.height, wanted.height))
    got, wanted = (
        page.crop(area).point(lambda v: v >= THRESHOLD and 255) for page in (printed, wanted)
    )
    return ImageChops.difference(got, wanted).histogram()[255] <= BESIDE


@pytest.mark.journey
@pytest.mark.timeout(60)
@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: f"{cell.service}-{cell.applicant}")
def test_a_refusal_says_why_where_and_what_to_bring(stage, cell):
    before = local_now()
    printed = walk(stage, cell)
    at = (before, local_now(), before + timedelta(minutes=1))
    assert any(same(printed, expected(cell, moment)) for moment in at)
    text = words(expected(cell, before))
    way = nearest(cell)
    assert all(each in text for each in cell.clause.split(","))
    assert checklist.call(way, cell.applicant).replace("\n", "") in text
    assert all(line in text for line in checklist.bring(way))
    touch(stage, "finish")


def test_there_are_43():
    assert len(REFUSED) == 43
