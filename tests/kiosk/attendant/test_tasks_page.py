"""Closing and opening on the attendant's page: the attendant's own, whoever else keeps it closed."""

from dataclasses import replace

import pytest

from kiosk.crawl.answers import NOW, RULES
from kiosk.crawl.attendants import WHO
from kiosk.services.attendant import MODE_SERVICE
from kiosk.services.catalogue import catalogue
from kiosk.services.closed import MAINTENANCE, By, Closed
from kiosk.visit import Visit
from screens.scene import Scene
from screens.views import view

INSIDE = Visit(MODE_SERVICE, {"who_attends": WHO})
SCENE = Scene(INSIDE, NOW, "", "", ("一家银行",), RULES, catalogue(RULES), str)


@pytest.mark.parametrize(
    ("keepers", "task", "line"),
    [
        ((), "close", "市民会看到原因"),
        ((By.ATTENDANT,), "open", "现在是暂停服务"),
        ((By.OPERATOR,), "close", "运营方已暂停服务"),
        ((By.HOURS,), "close", "不在服务时间"),
        ((By.ATTENDANT, By.OPERATOR, By.HOURS), "open", "运营方已暂停服务、不在服务时间"),
    ],
)
def test_what_is_due_is_the_attendants_own_and_who_else_keeps_it_closed_is_named(
    keepers, task, line
):
    closed = Closed(MAINTENANCE) if keepers else None
    shown = view(replace(SCENE, closed=closed, keepers=keepers)).choices
    due = [(each.name, each.subtitle) for each in shown if each.name in ("open", "close")]
    assert due == [(task, line)]
