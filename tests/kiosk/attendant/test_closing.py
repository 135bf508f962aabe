"""Out of service: who closes it opens it, a citizen is served to the end, a restart opens nothing."""

import io
import json

import pytest

from kiosk.closing import FILE, Closing
from kiosk.crawl.answers import ADULT, NOW
from kiosk.log import Log
from kiosk.services.answers import TAPPED
from kiosk.services.catalogue import catalogue
from kiosk.services.closed import MAINTENANCE, REASONS, By, Closed
from kiosk.services.menu import MENU
from kiosk.visit import Begin
from screens.home import CLOSED_FOR
from tests.properties.desks import Table

SENTENCE = Closed("今天下午系统升级", "An upgrade this afternoon")


@pytest.fixture
def out():
    return io.StringIO()


@pytest.fixture
def closing(tmp_path, out):
    return Closing(tmp_path, Log(out, lambda: NOW), lambda: None)


def again(tmp_path):
    return Closing(tmp_path, Log(io.StringIO(), lambda: NOW), lambda: None)


def test_it_serves_until_somebody_closes_it(closing):
    assert closing.why is None


def test_the_attendants_word_goes_before_the_operators(closing):
    closing.close(By.OPERATOR, SENTENCE)
    closing.close(By.ATTENDANT, Closed("paper"))
    assert closing.why == Closed("paper")
    closing.open(By.ATTENDANT)
    assert closing.why == SENTENCE


def test_who_closed_it_opens_it(closing):
    closing.close(By.OPERATOR, SENTENCE)
    closing.open(By.ATTENDANT)
    assert closing.why == SENTENCE
    closing.open(By.OPERATOR)
    assert closing.why is None


def test_a_restart_does_not_open_what_an_attendant_closed(closing, tmp_path):
    closing.keep(SENTENCE)
    assert again(tmp_path).why == SENTENCE
    closing.keep(None)
    assert again(tmp_path).why is None


def test_everybody_who_keeps_it_closed_is_known(closing):
    assert closing.keepers == ()
    closing.close(By.HOURS, Closed("hours"))
    closing.close(By.ATTENDANT, SENTENCE)
    assert closing.keepers == (By.ATTENDANT, By.HOURS)
    closing.open(By.ATTENDANT)
    assert closing.keepers == (By.HOURS,)


def test_the_operators_word_comes_anew_with_the_configuration(closing, tmp_path):
    closing.close(By.OPERATOR, SENTENCE)
    assert again(tmp_path).why is None


@pytest.mark.parametrize("rubbish", [b"", b"{", b"[]", b'{"reason": 1}', b"\xff\xfe"])
def test_a_file_that_cannot_be_read_keeps_it_closed(tmp_path, rubbish):
    (tmp_path / FILE).write_bytes(rubbish)
    assert again(tmp_path).why == Closed(MAINTENANCE)


def test_each_change_is_an_event_once(closing, out):
    closing.close(By.ATTENDANT, Closed("paper"))
    closing.close(By.ATTENDANT, Closed("paper"))
    closing.open(By.ATTENDANT)
    closing.open(By.ATTENDANT)
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [(row["event"], row["by"]) for row in rows] == [
        ("closed", "attendant"),
        ("opened", "attendant"),
    ]


def test_every_reason_has_its_words():
    assert set(CLOSED_FOR) == set(REASONS)


@pytest.fixture
def table():
    made = Table()
    made.desk.start()
    return made


def close(table):
    table.admits = lambda _service: False


def test_nobody_begins_at_a_closed_kiosk(table, rules):
    close(table)
    table.desk.say(Begin(catalogue(rules)[MENU], {"today": NOW.date(), TAPPED.name: ADULT}))
    assert table.desk.visit is None


def test_whoever_is_being_served_goes_on(table, rules):
    services = catalogue(rules)
    table.desk.say(Begin(services[MENU], {"today": NOW.date(), TAPPED.name: ADULT}))
    close(table)
    table.desk.say(Begin(services["new_individual"], {"today": NOW.date()}))
    assert table.desk.visit.service.name == "new_individual"


def test_no_paper_is_read_at_a_closed_kiosk_and_again_when_it_opens(table):
    before = table.running()
    close(table)
    table.desk.tick()
    closed = table.running()
    table.admits = lambda _service: True
    table.desk.tick()
    assert (before, closed, table.running()) == (["at_home"], [], ["at_home"])
