"""帮我 within a visit: an attendant comes in, sees its state and no datum, and leaves it as it was."""

from dataclasses import replace
from datetime import date

import pytest

from kiosk.aside import LONGEST_S
from kiosk.crawl.answers import NOW, RULES, SUBMITTED
from kiosk.crawl.attendants import WHO
from kiosk.crawl.batches import PART
from kiosk.guardian import door
from kiosk.services.answers import Held, Printed, Sealed
from kiosk.services.attendant import ENTRY, ENTRY_SERVICE, HELPING, attending
from kiosk.services.attendant_answers import ATTENDANT
from kiosk.services.batch_answers import Before, NotKnown
from kiosk.services.batch_answers import Taken as ListTaken
from kiosk.services.catalogue import BESIDE, catalogue
from kiosk.services.failures import FAILURES
from kiosk.services.helping import HELPED, HELPING_SERVICE, Helped, Look, Outcome, state_of
from kiosk.visit import (
    ALARMS,
    HELP,
    REMINDED,
    TAKE_BACK,
    Begin,
    Broke,
    Failed,
    Help,
    Idle,
    Leave,
    Opened,
    Overlay,
    Resume,
    Said,
    Service,
    Step,
    Visit,
    standing,
)
from screens.scene import Scene
from screens.views import view
from tests.properties.desks import Table

CANARY = "6217-CANARY-刘三姐"
SERVICE = Service(
    "new_individual",
    (
        Step("phone", (str,)),
        Step("address", (str,), work="read_applicant"),
        Step("submit", (str,), work="submit", auto=True, binding=True),
    ),
    refused=(),
    retries=lambda _code: 3,
)
COMES = Begin(ENTRY_SERVICE)


@pytest.fixture
def table():
    """Somebody who typed a number and stands at the next step, whose work goes on."""
    made = Table()
    made.desk.start()
    made.desk.say(Begin(SERVICE))
    made.desk.say(Said(CANARY))
    return made


def helps(table):
    """Help is called, an attendant comes, and enters."""
    table.desk.say(Help())
    table.desk.say(COMES)
    helped = HELPED.of(table.desk.visit.facts)
    table.desk.say(Begin(HELPING_SERVICE, {ATTENDANT.name: WHO, HELPED.name: helped}))
    assert attending(table.desk.visit) == WHO
    return helped


def at(table):
    return table.desk.visit.service.name, standing(table.desk.visit).name


def test_nobody_comes_in_who_was_not_called(table):
    assert not table.desk.called
    table.desk.say(Help())
    assert table.desk.called
    table.desk.say(Resume())
    assert not table.desk.called


def test_help_stays_called_under_whatever_comes_over_the_page(table):
    table.desk.say(Help())
    table.desk.say(Failed("F35"))
    table.desk.say(Idle())
    table.desk.say(Resume())
    assert table.desk.called


@pytest.mark.parametrize("leaves", [Said(Outcome.BACK), Leave()])
def test_the_visit_goes_on_at_its_step_with_all_it_knew(table, leaves):
    before = table.desk.visit
    helps(table)
    assert table.running() == []
    table.silence(20.0)
    table.desk.say(leaves)
    assert table.desk.visit == before
    assert table.running() == ["read_applicant"]
    assert (table.over, table.desk.called) == (0, False)
    assert '"detail": "back"' in table.out.getvalue().replace('":"', '": "')


def test_a_silent_attendant_leaves_it_too(table):
    before = table.desk.visit
    helps(table)
    table.desk.say(Idle())
    table.desk.say(Idle())
    assert table.desk.visit == before


def test_what_failed_is_there_again_unless_it_is_tried_again(table):
    failure = Overlay("F35", "id_reader", "time_out")
    for outcome, overlay, running in (
        (Outcome.BACK, failure, []),
        (Outcome.RETRY, None, ["read_applicant"]),
    ):
        table.desk.say(Failed("F35", "id_reader", "time_out"))
        helped = helps(table)
        assert (helped.failed, helped.device) == ("F35", "id_reader")
        table.desk.say(Said(outcome))
        assert (table.desk.visit.overlay, table.running()) == (overlay, running)


def test_what_was_mended_before_does_not_come_back(table):
    """It was gone on from below 您还在吗: a fault of before stops nothing that works now."""
    for event in (Failed("F35", "id_reader", "time_out"), Idle(), Resume()):
        table.desk.say(event)
    assert table.running() == ["read_applicant"]
    helps(table)
    table.desk.say(Said(Outcome.BACK))
    assert (table.desk.visit.overlay, table.running()) == (None, ["read_applicant"])


def test_a_visit_that_was_kept_is_helped_like_any_other(table):
    """After a restart: help is still called, what failed is known, and minutes count from then."""
    table.desk.say(Help())
    kept, again = table.desk.kept, Table()
    again.now = 86_400.0
    again.desk.start(kept)
    assert again.desk.called
    again.silence(20.0)
    again.desk.touched()
    again.desk.say(Failed("F35"))
    again.silence(20.0)
    again.desk.touched()
    again.silence(20.0)
    assert helps(again).minutes == 1
    again.desk.say(Said(Outcome.BACK))
    assert again.desk.visit == replace(kept, overlay=Overlay("F35"))


def test_what_lay_over_a_visit_that_was_kept_is_there_again(table):
    table.desk.say(Failed("F35"))
    kept, again = table.desk.kept, Table()
    again.desk.start(kept)
    assert not again.desk.called
    assert helps(again).failed == "F35"
    again.desk.say(Said(Outcome.BACK))
    assert again.desk.visit == kept


def test_it_ends_with_the_papers_given_back(table):
    helps(table)
    table.desk.say(Said(Look.END))
    table.desk.say(Said(Outcome.END))
    assert (table.desk.visit, table.over) == (Visit(TAKE_BACK), 1)


def test_whoever_does_not_enter_leaves_the_call_standing(table):
    before = table.desk.visit
    table.desk.say(Help())
    table.desk.say(COMES)
    assert at(table)[0] == ENTRY
    table.desk.say(Leave())
    assert table.desk.visit == replace(before, overlay=HELP)
    assert table.desk.called


def test_after_five_minutes_it_ends_as_walking_away_does(table):
    helps(table)
    for _ in range(int(LONGEST_S // 20) - 1):
        table.silence(20.0)
        table.desk.touched()
    assert at(table)[0] == HELPING
    table.silence(20.0)
    assert (table.desk.visit, table.over, table.desk.kept) == (
        Visit(TAKE_BACK),
        1,
        Visit(TAKE_BACK),
    )


def test_what_is_under_way_ends_before_anybody_helps(table):
    table.desk.say(Said(CANARY))
    assert at(table) == (SERVICE.name, "submit")
    table.desk.say(Help())
    table.desk.say(COMES)
    assert (at(table), table.running()) == ((SERVICE.name, "submit"), ["submit"])
    table.answer([name for name, _ask, _done in table.works].index("submit"), Failed("F33"))
    assert table.desk.called
    helped = helps_again(table)
    assert (helped.failed, helped.may_end) == ("F33", False)


def helps_again(table):
    table.desk.say(COMES)
    return HELPED.of(table.desk.visit.facts)


@pytest.mark.parametrize("event", [Broke(), Opened()])
def test_what_ends_every_visit_ends_the_one_aside(table, event):
    helps(table)
    table.desk.say(event)
    assert (table.over, table.desk.called) == (1, False)
    assert CANARY not in repr(vars_of(table.desk.kept))


def test_the_attendant_may_open_the_door_meanwhile(table):
    helps(table)
    door(table.desk, opened=True)
    assert at(table) == (HELPING, "helping")


def test_the_citizens_visit_is_what_a_restart_keeps(table):
    before = table.desk.visit
    helps(table)
    assert table.desk.kept == replace(before, overlay=HELP)


def vars_of(visit):
    return (visit.service.name, dict(visit.facts), visit.overlay)


def test_no_datum_of_the_citizen_reaches_what_the_attendant_sees(table):
    table.desk.say(Help())
    table.desk.say(COMES)
    assert CANARY in repr(vars_of(table.desk.kept))
    assert CANARY not in repr(vars_of(table.desk.visit))
    assert CANARY not in table.out.getvalue()


@pytest.mark.parametrize("service", [each for each in BESIDE if each.name == "mending"])
def test_the_state_is_told_by_what_was_done(service):
    known = {
        "today": date(2026, 11, 23),
        "seal": Sealed(CANARY),
        "submit": replace(SUBMITTED, voucher_no=CANARY),
        "voucher": Printed(),
    }
    seen = state_of(Visit(service, known), 3, Overlay("F06", detail=CANARY))
    assert (seen.sealed, seen.submitted, seen.printed, seen.minutes) == (True, True, True, 3)
    assert CANARY not in repr(seen)


LIST_TAKEN, LIST_NOT_KNOWN = ListTaken((PART,)), NotKnown((CANARY,))


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({}, "还没有提交"),
        ({"seal": Sealed(CANARY)}, "资料已封存，还没有提交"),
        ({"seal": Sealed(CANARY), "submit": SUBMITTED}, "已提交，凭证还没有打印"),
        ({"submit": SUBMITTED, "voucher": Printed()}, "已提交，凭证已打印"),
        ({"seal": Sealed(CANARY), "submit": Held()}, "资料已保存，正在确认结果"),
        ({"submit": Held(), "voucher": Printed()}, "资料已保存，正在确认结果"),
        ({"batch_submit": LIST_TAKEN}, "已提交，凭证还没有打印"),
        ({"batch_submit": LIST_TAKEN, "voucher": Printed()}, "已提交，凭证已打印"),
        ({"centre_check": Before((PART,))}, "已提交，凭证还没有打印"),
        ({"batch_submit": LIST_NOT_KNOWN}, "资料已保存，正在确认结果"),
    ],
)
def test_the_helper_is_told_what_the_centre_has(facts, told):
    assert row(state_of(Visit(SERVICE, facts), 3, None), "进度").value == f"{told}；已用 3 分钟"


SERVED = {service.name: service for service in catalogue(RULES).values() if service.reads_papers}

LEFT_BEHIND = [each.code for each in (REMINDED, *ALARMS)]


@pytest.mark.parametrize("service", SERVED)
def test_where_it_stands_is_told_in_whole_words(service):
    """A title that holds a row's number or somebody's name would show its braces here."""
    steps = [step.name for step in (*SERVED[service].steps, *SERVED[service].refused)]
    for step in steps:
        told = row(Helped(service, step, 3), "做到").value
        assert told
        assert "{" not in told


@pytest.mark.parametrize("code", [code for code in FAILURES if code not in LEFT_BEHIND])
def test_what_failed_is_told_in_whole_words(code):
    told = row(Helped("new_individual", "phone", 3, code), "出的问题").value
    assert told.startswith(f"{code} ")
    assert "{" not in told


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("F11", "F11 照片不合要求"),
        ("F21", "F21 密码不对"),
        ("F31", "F31 凭证没有打出来，业务已经成功 (打印机)"),
    ],
)
def test_a_sentence_with_a_detail_has_one_without_for_the_helper(code, told):
    device = "printer" if code == "F31" else ""
    assert row(Helped("new_individual", "phone", 3, code, device), "出的问题").value == told


def row(seen, label):
    """A row of the helper's page, by its label."""
    inside = Visit(HELPING_SERVICE, {ATTENDANT.name: WHO, HELPED.name: seen})
    scene = Scene(inside, NOW, "", "", ("一家银行",), RULES, catalogue(RULES), str)
    return next(each for each in view(scene).rows if each.label == label)
