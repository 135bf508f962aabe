"""The touch test as an attendant's step: what was missed is told and written down."""

import io
import json
import threading

import pytest

from kiosk.attendant.inspection import Inspection
from kiosk.crawl.answers import NOW, RULES
from kiosk.crawl.attendants import SEEN, WHO
from kiosk.desk import Ask
from kiosk.log import Log
from kiosk.services.answers import Agreed
from kiosk.services.attendant import MODE_SERVICE
from kiosk.services.attendant_answers import ATTENDANT, DEVICES, TASK, Task
from kiosk.services.catalogue import catalogue
from kiosk.services.touch_test import MISSED, Missed, TouchTest
from kiosk.visit import Idle, Said, Visit, advance, standing
from screens.scene import Scene
from screens.views import view

FACTS = {ATTENDANT.name: WHO, TASK.name: Task.DEVICES, DEVICES.name: SEEN}
AT_DEVICES = Visit(MODE_SERVICE, FACTS)
TRYING = advance(AT_DEVICES, Said(TouchTest()))


def shown(visit):
    return view(Scene(visit, NOW, "", "", ("一家银行",), RULES, catalogue(RULES), str))


def test_it_begins_at_the_devices_and_silence_leaves_it():
    says = [row.change.say for row in shown(AT_DEVICES).rows if row.change]
    assert Said(TouchTest()) in says
    assert standing(TRYING).name == MISSED.name
    assert advance(advance(TRYING, Idle()), Idle()).service.name == "take_back"


@pytest.mark.parametrize(
    ("zones", "state", "detail", "rows"),
    [
        ((), "online", "", []),
        (
            (0, 7, 9, 39),
            "hardware_error",
            "missed 4",
            [
                ("第 1 排", "左起第 1 格"),
                ("第 2 排", "左起第 3、5 格"),
                ("第 8 排", "左起第 5 格"),
            ],
        ),
    ],
)
def test_what_was_missed_is_written_down_and_shown_where_it_is(zones, state, detail, rows):
    out, told = io.StringIO(), advance(TRYING, Said(Missed(zones)))
    look = Inspection(None, {}, Log(out, lambda: NOW))
    event = look.touched(Ask(told, threading.Event(), lambda _word: None))
    line = json.loads(out.getvalue())
    assert event == Said(Agreed())
    assert [line[name] for name in ("event", "device", "state", "detail")] == [
        *("self_test", "touch", state, detail)
    ]
    page = shown(advance(told, event))
    assert [(row.label, row.value) for row in page.rows] == rows
    after = advance(advance(told, event), page.primary.say)
    assert standing(after).name == "devices_seen"
