"""Canaries through every service: none in the log, whatever is answered and however it breaks."""

import dataclasses
import json
from collections.abc import Mapping

import pytest

from kiosk.crawl.answers import ADULT, CHILD, GROWN_UP
from kiosk.crawl.walk import events
from kiosk.logs.opening import open_log
from kiosk.visit import Visit
from tests import canaries
from tests.canaries import (
    ADDRESS,
    ALL,
    BANK_CARD,
    CARD,
    ISSUER,
    NAME,
    NAME_2,
    NUMBER,
    NUMBER_2,
    PHONE,
    PIN,
    found,
)
from tests.crawled import SCENE, crawled
from tests.logged import rows
from tests.properties.desks import Table

BECOMES = {
    ADULT.name: NAME,
    GROWN_UP.name: NAME_2,
    CHILD.name: NAME,
    "ZHANG SAN": "ZHEN DIAN DA",
    ADULT.number: NUMBER,
    GROWN_UP.number: NUMBER_2,
    CHILD.number: NUMBER,
    ADULT.address: ADDRESS,
    ADULT.issuer: ISSUER,
    "13800138000": PHONE,
    "A00000011": CARD,
    "a key": PIN,
    "E12345678": NUMBER,
    "H12345678": BANK_CARD,
}
"""Whom the crawl knows, and the canary in their place."""
FLOWN = set()
"""The canaries that were in any visit."""
SAID = " ".join(ALL)


def canaried(value):
    """A fact or an event with canaries in the place of people."""
    if type(value) is str:
        FLOWN.update({BECOMES[value]} if value in BECOMES else ())
        return BECOMES.get(value, value)
    if dataclasses.is_dataclass(value) and not isinstance(value, (type, Visit)):
        held = {
            each.name: getattr(value, each.name) for each in dataclasses.fields(value) if each.init
        }
        changed = {name: canaried(each) for name, each in held.items() if name != "service"}
        return dataclasses.replace(value, **changed)
    if isinstance(value, Mapping):
        return {name: canaried(each) for name, each in value.items()}
    if isinstance(value, (tuple, frozenset)) and not hasattr(value, "_fields"):
        return type(value)(map(canaried, value))
    return value


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """The log of a desk that every state of every service was played at, and its folder."""
    folder = tmp_path_factory.mktemp("kiosk")
    log, lines = open_log(folder, lambda: SCENE.now)
    log._crowded = lambda: False
    for visit in {place: visit for (place, *_), visit in crawled().visits.items()}.values():
        play(log, visit)
    lines.close()
    return log, folder


def play(log, visit):
    """Everything that may be heard in a state, and work there that breaks with a canary."""
    there = dataclasses.replace(visit, facts=canaried(visit.facts))
    for event in events(SCENE, visit):
        table(log, there).desk.say(canaried(event))
    if table(log, there).works:
        for broken in (ValueError(SAID), KeyError(NAME)):
            table(log, there).answer(-1, broken)


def table(log, visit):
    """A desk before which a visit stands."""
    made = Table()
    made.desk._log = log
    made.desk.start(visit)
    return made


def test_every_service_was_there(log):
    played = {row["was"].partition(".")[0] for row in rows(log[1], "visit_moved")}
    assert played >= {place.service for place, *_ in crawled().visits} - {"paused"}
    assert rows(log[1], "work_failed")
    assert set(BECOMES.values()) == FLOWN


def test_no_canary_is_in_the_log_nor_in_its_export(log):
    assert canaries.left_in(log[1]) == {}
    assert found(json.dumps(rows(log[1]), ensure_ascii=False)) == set()


def test_no_value_of_the_program_s_own_was_refused(log):
    assert log[0].unfit == 0
