"""今天的业务: what was done of each service, and which open cases are of another day."""

import pytest

from kiosk.crawl.answers import NOW, RULES
from kiosk.crawl.attendants import WHO
from kiosk.services.attendant import MODE_SERVICE
from kiosk.services.attendant_answers import Count, Figures, Task
from kiosk.services.catalogue import catalogue
from kiosk.services.reconciliation import Difference, Differs, Reconciled
from kiosk.visit import Visit
from screens.scene import Scene
from screens.views import view


def rows(figures=None, reconciled=None):
    known = {
        "who_attends": WHO,
        "attendant": Task.FIGURES,
        "figures_seen": figures or Figures((), 0),
        "reconciled": reconciled or Reconciled(0),
    }
    scene = Scene(
        Visit(MODE_SERVICE, known), NOW, "", "", ("一家银行",), RULES, catalogue(RULES), str
    )
    return {row.label: row.value for row in view(scene).rows}


@pytest.mark.parametrize(
    ("opened", "when"),
    [
        ("2026-11-23T09:44:00+08:00", "09:44"),
        ("2026-11-22T16:30:00+00:00", "00:30"),  # of today, in the kiosk's hour
        ("2026-11-22T09:44:00+08:00", "11月22日 09:44"),
        ("2025-11-23T09:44:00+08:00", "11月23日 09:44"),
    ],
)
def test_an_open_case_of_another_day_has_its_day(opened, when):
    case = Difference(Differs.OPEN, "pin_reset", opened, "", "")
    assert f"重置密码 {when}" in rows(reconciled=Reconciled(0, (case,)))


def test_a_part_of_a_list_is_done_once_the_centre_has_it():
    counts = (
        Count("new_batch", "taken", 3),
        Count("new_batch", "before", 1),
        Count("new_batch", "bound", 1),
        Count("new_individual", "issued", 12),
        Count("new_individual", "refused", 2),
    )
    shown = rows(Figures(counts, 1))
    assert shown["单位批量新办"] == "共 5 笔，办结 4"
    assert [value for value in shown.values() if value == "共 14 笔，办结 12"]
    assert shown["还没有送到系统"] == "1 笔"
