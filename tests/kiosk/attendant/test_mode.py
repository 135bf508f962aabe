"""Attendant mode as a visit: its tasks end at the list, silence and help leave it, two are two."""

from dataclasses import replace

import pytest

from kiosk.attendant.presence import Presence
from kiosk.crawl.attendants import ATTENDANTS_WORK, SECOND, WHO
from kiosk.desk import Desk
from kiosk.guardian import door
from kiosk.services.answers import Agreed
from kiosk.services.attendant import ENTRY_SERVICE, MODE_SERVICE, TASK_DONE, attending
from kiosk.services.attendant_answers import (
    Exchange,
    Locked,
    Metres,
    NotAdmitted,
    TakeOut,
    Task,
    Try,
    Wanted,
)
from kiosk.services.enrolling import ENROLMENT_SERVICE
from kiosk.visit import (
    PAUSED,
    TAKE_BACK,
    Back,
    Begin,
    Failed,
    Idle,
    Leave,
    Said,
    Visit,
    advance,
    standing,
)
from tests.properties.desks import Table

INSIDE = {"who_attends": WHO}


def inside(*answers):
    visit = advance(None, Begin(MODE_SERVICE, INSIDE))
    for answer in answers:
        visit = advance(visit, Said(answer))
        assert visit is not None
    return visit


def at(visit):
    return standing(visit).name


def found(work):
    return ATTENDANTS_WORK[work][0].answer


@pytest.mark.parametrize(
    ("answers", "step"),
    [
        ((Task.DEVICES,), "devices_seen"),
        ((Task.DEVICES, found("look_at_devices"), Try()), "devices_tried"),
        ((Task.SUPPLIES, found("look_at_supplies"), Exchange.PAPER), "paper_load"),
        ((Task.SUPPLIES, found("look_at_supplies"), Exchange.BIN, Agreed()), "bin_count"),
        ((Task.SUPPLIES, found("look_at_supplies"), Exchange.HEAD), "part_new"),
        ((Task.SUPPLIES, found("look_at_supplies"), Exchange.CUTTER, Agreed()), "exchange_ended"),
        (
            (Task.SUPPLIES, found("look_at_supplies"), Exchange.PAPER, Agreed(), Metres(80)),
            "exchange_ended",
        ),
        ((Task.CUSTODY, found("list_custody"), TakeOut("id_reader"), Agreed()), "custody_over"),
        ((Task.EXPORT, Agreed(), Wanted.ALL, SECOND.id, SECOND), "export"),
        ((Task.RESTART, Agreed()), "restarting"),
    ],
)
def test_a_task_leads_to_its_work_and_from_there_back_to_the_list(answers, step):
    visit = inside(*answers)
    assert at(visit) == step
    after = advance(visit, Said(TASK_DONE))
    assert (at(after), after.facts) == ("attendant", INSIDE)


def test_a_failure_is_tried_again_where_it_was():
    visit = advance(inside(Task.FIGURES), Failed("attendant_failed"))
    assert (at(visit), visit.overlay.code) == ("figures_seen", "attendant_failed")


@pytest.mark.parametrize("task", list(Task))
def test_from_a_failure_an_attendant_goes_back_and_is_still_in(task):
    failed = advance(inside(task), Failed("attendant_failed"))
    back = advance(failed, Back())
    assert (at(back), back.overlay) == ("attendant", None)


def test_the_same_attendant_is_not_a_second_one():
    visit = inside(Task.EXPORT, Agreed(), Wanted.ERRORS, WHO.id)
    assert (at(visit), visit.overlay.code) == ("second_id", "attendant_same")


@pytest.mark.parametrize(
    ("answer", "code"), [(NotAdmitted(), "attendant_wrong"), (Locked(30), "attendant_locked")]
)
def test_a_wrong_pin_asks_again_and_is_told_nothing_more(answer, code):
    visit = Visit(ENTRY_SERVICE, {"attendant_id": "1001"})
    for _ in range(20):
        visit = advance(visit, Said(answer))
        assert (at(visit), visit.overlay.code) == ("attendant_pin", code)


@pytest.mark.parametrize("answers", [(), (Task.DEVICES, found("look_at_devices")), (Task.EXPORT,)])
def test_two_silences_leave_it_with_nothing_known(answers):
    once = advance(inside(*answers), Idle())
    assert advance(once, Idle()) == Visit(TAKE_BACK)
    assert advance(inside(*answers), Leave()) == Visit(TAKE_BACK)


def test_back_from_the_list_is_out():
    assert advance(inside(), Back()) == Visit(TAKE_BACK)


def test_nobody_attends_at_the_door_or_in_a_citizens_visit():
    assert attending(Visit(ENTRY_SERVICE, {"attendant_id": "1001"})) is None
    assert attending(Visit(replace(MODE_SERVICE, name="new_card"), INSIDE)) is None
    assert attending(None) is None


def test_an_attendant_opens_the_kiosk_and_is_still_there():
    table = Table()
    table.desk.start(inside())
    door(table.desk, opened=True)
    assert attending(table.desk.visit) == WHO


def test_anybody_else_who_opens_it_pauses_it():
    table = Table()
    table.desk.start(Visit(ENTRY_SERVICE, {}))
    door(table.desk, opened=True)
    assert table.desk.visit.service is PAUSED


def test_who_leaves_is_written_down_once():
    written, left = [], []

    class Lines:
        def write(self, event, **fields):
            written.append((event, fields))

    presence = Presence(Lines(), lambda: left.append(1))
    for visit in (None, inside(), inside(Task.FIGURES), Visit(TAKE_BACK), None):
        presence.look(visit)
    assert (written, left) == ([("attendant_left", {"id": WHO.id})], [1])


def test_the_desk_knows_the_work_of_every_step():
    services = (ENTRY_SERVICE, MODE_SERVICE, ENROLMENT_SERVICE)
    works = {step.work for service in services for step in service.steps} - {"", Desk.AT_HOME}
    assert works - {"print_again"} == set(ATTENDANTS_WORK)
