"""The log: only what the catalogue knows, a JSON object a line."""

import io
import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.fault import Cure, DeviceFault
from kiosk import event_catalogue
from kiosk.event_catalogue import CATALOGUE, KINDS, MARK, MOST, fitted, kind
from kiosk.log import Event, Log, where

NOW = datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def out():
    return io.StringIO()


def test_the_catalogue_is_the_events():
    assert set(CATALOGUE) == {str(event) for event in Event}


@pytest.mark.parametrize("event", Event)
def test_every_event_has_a_meaning_and_names_its_fields(event):
    row = CATALOGUE[event]
    assert set(row) == {"meaning", "fields"}
    assert str(row["meaning"]).endswith(".")


def test_a_disk_that_takes_no_line_breaks_nothing():
    with suppress(OSError), Path("/dev/full").open("w", encoding="utf-8") as full:
        log = Log(full, lambda: NOW)
        log.write(Event.STARTED)
        log.write(Event.STOPPED)
    assert (log.lost, log.counts[Event.STOPPED]) == (2, 1)


def test_the_faults_of_now_can_be_gone_through_while_others_come(out):
    log = Log(out, lambda: NOW)
    log.device_fault(DeviceFault("printer", Cure.REPLUG, "offline"))
    faults = log.faults()
    for device in faults:
        log.device_fault(DeviceFault(f"{device}_2", Cure.REPLUG, "offline"))
    assert (list(faults), list(log.faults())) == (["printer"], ["printer", "printer_2"])


@pytest.mark.parametrize("event", Event)
def test_every_event_is_written_somewhere(event):
    """An event nobody writes is a promise nobody keeps."""
    sources = [path.read_text("utf-8") for path in Path("kiosk").rglob("*.py")]
    assert any(f"Event.{event.name}" in source for source in sources)


@pytest.mark.parametrize("event", Event)
def test_every_field_of_the_catalogue_may_be_written(out, event):
    fields = {field: kind(event, field).example for field in CATALOGUE[event]["fields"]}
    Log(out, lambda: NOW).write(event, **fields)
    assert json.loads(out.getvalue()) == {
        "at": "2026-11-23T10:00:00.123+00:00",
        "event": event,
        **fields,
    }


def test_a_field_that_is_not_in_the_catalogue_is_refused(out):
    with pytest.raises(ValueError, match="name"):
        Log(out, lambda: NOW).write(Event.SETTLED, name="张三")
    assert out.getvalue() == ""


def test_each_event_is_a_line_of_its_own(out):
    log = Log(out, lambda: NOW)
    log.write(Event.WORK_FAILED, work="a\nb", error="e", where="")
    assert log.unfit == 1
    log.write(Event.STOPPED)
    assert [json.loads(line)["event"] for line in out.getvalue().splitlines()] == [
        "work_failed",
        "stopped",
    ]


def test_where_an_exception_comes_from_says_nothing_of_what_it_was_about():
    with pytest.raises(ValueError, match="张三") as caught:
        Event("张三")
    place = where(caught.value)
    assert place.startswith("enum.py:")
    assert where(ValueError("张三")) == ""


def test_the_page_of_events_is_what_the_catalogue_says():
    page = Path("docs/events.md").read_text("utf-8")
    assert page == event_catalogue.page(), "run `python -m kiosk events > docs/events.md`"


def test_the_module_of_events_is_what_the_catalogue_says():
    module = Path("kiosk/event_names.py").read_text("utf-8")
    told = "run `python -m kiosk event-names > kiosk/event_names.py`"
    assert module == event_catalogue.names(), told


FIELDS = sorted({
    (kind(event, field).name, event, field)
    for event, row in CATALOGUE.items()
    for field in row["fields"]
})  # fmt: skip
ONE_OF_EACH_KIND = list({name: (event, field) for name, event, field in FIELDS}.values())
SURNAMES = "王李张刘陈杨黄赵𠮷㛃䶮欧阳"
numbers = st.one_of(
    st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True),
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.from_regex(r"6[0-9]{15,18}", fullmatch=True),
)
names = st.builds(
    str.__add__,
    st.sampled_from(SURNAMES),
    st.text(st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF), min_size=1, max_size=3),
)
people = st.one_of(names, numbers)
around = st.sampled_from(
    ["", "a", "paper_", "the ", "desk.py:", "urn:social-card:problem:", " ", "-"]
)


@given(st.sampled_from(ONE_OF_EACH_KIND), people, around, around)
def test_no_field_holds_a_name_or_a_number_of_a_person(field, person, before, after):
    assert fitted(*field, before + person + after) == MARK


@given(st.sampled_from(ONE_OF_EACH_KIND), st.from_regex(r"[0-9]{6}", fullmatch=True), around)
def test_no_field_but_an_attendants_id_holds_a_pin(field, pin, before):
    text, of = before + pin, kind(*field).name
    assert fitted(*field, text) == (text if of == "attendant" and not before else MARK)
    assert fitted(*field, int("1" + pin)) == MOST


@given(st.sampled_from(ONE_OF_EACH_KIND), st.one_of(st.none(), st.binary(), st.text(), people))
def test_whatever_is_given_a_line_is_written(field, value):
    out = io.StringIO()
    event, name = field
    Log(out, lambda: NOW).write(Event(event), **{name: value})
    assert json.loads(out.getvalue())["event"] == event
    assert out.getvalue().isascii()


@pytest.mark.parametrize("of", KINDS.values(), ids=list(KINDS))
def test_a_kind_holds_its_own_example_and_is_used(of):
    assert of.pattern.fullmatch(of.example)
    assert of.name == "code" or of.name in {name for name, _event, _field in FIELDS}
