"""An attendant's tasks against the real journal and the real driver on a printer's wire."""

import io
import json
import threading
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest

from hardware.printer.driver import Printer
from hardware.printer.simulator import PrinterSimulator
from kiosk.attendant.supplies import PrinterSupplies
from kiosk.attendant.tasks import Tasks
from kiosk.batch.journal import BatchJournal
from kiosk.batch.journal import State as ListState
from kiosk.check import slip_of
from kiosk.closing import FILE, Closing
from kiosk.crawl.answers import NOW
from kiosk.crawl.attendants import WHO
from kiosk.custody import BIN
from kiosk.desk import Ask
from kiosk.journal import Journal, State
from kiosk.log import Log
from kiosk.services.attendant import MODE_SERVICE, TASK_DONE
from kiosk.services.attendant_answers import (
    Count,
    Exchange,
    Exchanged,
    Figures,
    InCustody,
    Kept,
    Metres,
    NoSlip,
    SuppliesSeen,
    TakeOut,
    Worn,
)
from kiosk.services.closed import By, Closed
from kiosk.services.reprint import Claim
from kiosk.visit import Failed, Said, Visit

NUMBER = "CQ-0017-20261123-0042-K"
RATED = {Exchange.HEAD: 100_000, Exchange.CUTTER: 1_500_000}
UNWORN = (
    Worn(Exchange.HEAD, 0, "2026-11-23", 100_000),
    Worn(Exchange.CUTTER, 0, "2026-11-23", 1_500_000),
)


@pytest.fixture(scope="module")
def wire():
    with PrinterSimulator(80) as simulator:
        yield simulator


@pytest.fixture
def printer(wire):
    wire.paper("full")
    wire.cover("closed")
    return wire


@pytest.fixture
def out():
    return io.StringIO()


@pytest.fixture
def journal(tmp_path):
    opened = Journal(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def batches(tmp_path):
    opened = BatchJournal(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def tasks(tmp_path, journal, batches, printer, out):
    log = Log(out, lambda: NOW)
    return Tasks(
        journal,
        batches,
        Printer(printer.address),
        PrinterSupplies(tmp_path, NOW.date),
        RATED,
        Closing(tmp_path, log, lambda: None),
        lambda: NOW,
        log,
        lambda call: call(),
        lambda: out.write('{"event": "began_anew"}\n'),
    )


def asked(**facts):
    known = MappingProxyType({"who_attends": WHO, **facts})
    return Ask(Visit(MODE_SERVICE, known), threading.Event(), lambda _word: None)


def case(journal, service, number=NUMBER, *, state=State.ISSUED, at=NOW):
    key = journal.open({"service": service}, {}, (), at)
    if state is not State.INTENT:
        journal.submitted(key, {"voucher_no": number}, at)
        journal.move(key, state)
    return key


def last(out):
    return json.loads(out.getvalue().splitlines()[-1])


def test_todays_figures_by_service_and_what_is_open_of_any_day(tasks, journal):
    for _ in range(3):
        case(journal, "new_individual")
    case(journal, "pin_reset", state=State.INTENT)
    case(journal, "loss_report", state=State.INTENT, at=NOW - timedelta(days=1))
    assert tasks.figures(asked()).answer == Figures(
        (Count("new_individual", "issued", 3), Count("pin_reset", "intent", 1)), 2
    )


def test_a_units_lists_are_among_the_figures(tasks, journal, batches):
    case(journal, "pin_reset", state=State.INTENT)
    taken, _open, refused, yesterdays = (
        batches.bind({"unit": "a unit"}, "a clerk", (f"person {n}",), NOW - timedelta(days=n // 3))
        for n in range(4)
    )
    batches.settle(taken.key, ListState.TAKEN, {}, NOW)
    batches.settle(refused.key, ListState.REFUSED, {}, NOW)
    seen = tasks.figures(asked()).answer
    counted = [(each.state, each.count) for each in seen.counts if each.service == "new_batch"]
    assert (counted, seen.unsettled) == ([("bound", 1), ("refused", 1), ("taken", 1)], 3)
    batches.settle(yesterdays.key, ListState.TAKEN, {}, NOW)
    assert tasks.figures(asked()).answer == replace(seen, unsettled=2)


def test_what_is_in_custody_is_taken_out_and_written_down(tasks, journal, out):
    journal.take_custody("id_reader", NOW)
    assert tasks.custody(asked()).answer == InCustody(
        (Kept("id_reader", "2026-11-23T02:42:00+00:00"),)
    )
    tasks.custody_over(asked(custody=TakeOut("id_reader")))
    assert tasks.custody(asked()).answer == InCustody(())
    assert (last(out)["id"], last(out)["what"], last(out)["detail"]) == (
        "1001",
        "custody_over",
        "id_reader",
    )


@pytest.mark.parametrize("typed", ["0042K", "CQ0017202611230042K", "cq-0017-20261123-0042-k"])
def test_a_slip_is_found_by_the_end_of_its_number(tasks, journal, typed):
    key = case(journal, "new_individual")
    answer = tasks.find_slip(asked(voucher_no=typed))
    assert answer == Said(Claim(key, NUMBER))


@pytest.mark.parametrize("typed", ["0043K", "42K", "%%%%%", "_____", "'; --0", "重庆重庆重"])
def test_what_is_no_end_of_any_number_finds_nothing(tasks, journal, typed, out):
    case(journal, "new_individual")
    assert tasks.find_slip(asked(voucher_no=typed)) == Said(NoSlip())
    row = last(out)
    assert (row["id"], row["what"], row["detail"]) == ("1001", "reprint", "none_found")
    assert typed not in out.getvalue()


def test_an_end_that_two_slips_have_finds_neither(tasks, journal):
    case(journal, "new_individual")
    case(journal, "pin_reset", "CQ-0017-20261122-0042-K")
    assert tasks.find_slip(asked(voucher_no="0042K")) == Said(NoSlip())


def test_a_slip_of_yesterday_is_not_printed_again(tasks, journal):
    case(journal, "new_individual", at=NOW - timedelta(hours=24))
    assert tasks.find_slip(asked(voucher_no="0042K")) == Said(NoSlip())


def test_paper_is_what_was_entered_and_what_the_printer_says(tasks, printer):
    printer.paper("low")
    assert tasks.supplies(asked()).answer == SuppliesSeen(None, "low", None, 0, UNWORN)
    tasks.exchange(asked(supplies=Exchange.PAPER, paper_length=Metres(50)))
    assert tasks.supplies(asked()).answer == SuppliesSeen(50_000, "low", None, 0, UNWORN)


@pytest.mark.parametrize(
    ("act", "word", "detail"), [("paper", "out", "paper_out"), ("cover", "open", "cover_open")]
)
def test_a_roll_that_is_not_in_is_not_entered(tasks, printer, act, word, detail):
    getattr(printer, act)(word)
    answer = tasks.exchange(asked(supplies=Exchange.PAPER, paper_length=Metres(50)))
    assert answer == Failed("attendant_failed", "printer", detail)
    assert tasks.printer_supplies.left_mm is None


def test_a_new_cutter_is_entered_with_what_the_old_one_did(tasks, out):
    tasks.printer_supplies.fed(9_600, 812_345)
    answer = tasks.exchange(asked(supplies=Exchange.CUTTER))
    assert answer == Said(Exchanged(812_345, 1_500_000))
    head, cutter = tasks.supplies(asked()).answer.parts
    assert (head.done, cutter.done) == (9, 0)
    row = last(out)
    assert (row["event"], row["id"], row["supply"]) == ("exchanged", WHO.id, "cutter")
    assert (row["counted"], row["expected"]) == (812, 1_500)


def test_a_new_head_is_entered_in_metres(tasks, out):
    tasks.printer_supplies.fed(9_600, 60)
    assert tasks.exchange(asked(supplies=Exchange.HEAD)) == Said(Exchanged(9, 100_000))
    assert [each.done for each in tasks.printer_supplies.worn(RATED)] == [0, 60]
    assert last(out)["supply"] == "print_head"


@pytest.mark.parametrize("part", [Exchange.HEAD, Exchange.CUTTER])
def test_a_part_is_not_entered_while_the_printer_is_open(tasks, printer, part):
    tasks.printer_supplies.fed(9_600, 60)
    printer.cover("open")
    answer = tasks.exchange(asked(supplies=part))
    assert answer == Failed("attendant_failed", "printer", "cover_open")
    assert [each.done for each in tasks.printer_supplies.worn(RATED)] == [9, 60]


def test_cards_of_the_bin_are_compared_with_those_that_went_in(tasks, journal, out):
    for _ in range(3):
        journal.take_custody(BIN, NOW)
    journal.take_custody("id_reader", NOW)
    answer = tasks.exchange(asked(supplies=Exchange.BIN, bin_count="2"))
    assert answer == Said(Exchanged(2, 3))
    assert [place for place, _at in journal.custody()] == ["id_reader"]
    assert (last(out)["counted"], last(out)["expected"]) == (2, 3)


def test_closed_and_open_again(tasks, tmp_path):
    assert tasks.close(asked(close_reason=Closed("paper"))) == Said(TASK_DONE)
    assert tasks.closing.of(By.ATTENDANT) == Closed("paper")
    assert Closing(tmp_path, tasks.log, lambda: None).why == Closed("paper")
    assert tasks.open(asked()) == Said(TASK_DONE)
    assert tasks.closing.why is None
    assert Closing(tmp_path, tasks.log, lambda: None).why is None


def test_what_no_disk_keeps_is_said_and_is_so_all_the_same(tasks, tmp_path, out):
    (tmp_path / f"{FILE}.new").mkdir()
    assert tasks.close(asked(close_reason=Closed("paper"))) == Failed("attendant_failed", "disk")
    assert tasks.closing.of(By.ATTENDANT) == Closed("paper")
    assert last(out)["event"] == "store_failed"
    (tmp_path / f"{FILE}.new").rmdir()
    assert tasks.close(asked(close_reason=Closed("paper"))) == Said(TASK_DONE)
    assert Closing(tmp_path, tasks.log, lambda: None).why == Closed("paper")


def test_a_restart_is_written_down_before_it_begins(tasks, out):
    tasks.restart(asked())
    written = [json.loads(line)["event"] for line in out.getvalue().splitlines()]
    assert written == ["attendant_did", "began_anew"]


def test_what_is_counted_is_as_long_as_what_came_out(tasks, printer):
    before = len(printer.slips)
    for _ in range(2):
        tasks.printer.print(slip_of("self-test"))
    assert tasks.printer.cuts == len(printer.slips) - before == 2
    real = sum(slip.height for slip in printer.slips[before:]) / 8
    assert tasks.printer.fed_mm == pytest.approx(real, rel=0.1)
