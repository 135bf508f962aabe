"""The log: only what the catalogue knows, a JSON object a line."""

import io
import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hardware.fault import Cure, DeviceFault
from kiosk.log import CATALOGUE, Event, Log, catalogue, where

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
    fields = dict.fromkeys(CATALOGUE[event]["fields"], "x")
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
    assert page == catalogue(), "run `python -m kiosk events > docs/events.md`"
